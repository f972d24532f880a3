package dev.zoetrope.runtime.reconstruction;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;

/**
 * What a running reconstruction tells, in this order: one {@code Began}, many {@code Compared}, one
 * {@code Saved}.
 */
public sealed interface ReconstructionEvent {

    /**
     * The source is open and its measures are known.
     *
     * @param frames frames that will be compared; an estimate when the source does not know its
     *     length
     */
    record Began(
            ClipInfo source, int width, int height, double fps, long frames, Precision precision)
            implements ReconstructionEvent {}

    /**
     * One more frame is done; indices run from 0 without gaps.
     *
     * @param original the source frame at the result's size
     */
    record Compared(long index, Frame original, Frame reconstruction, FrameQuality quality)
            implements ReconstructionEvent {}

    /** All files are whole and at their places. */
    record Saved(ReconstructionRequest request, ReconstructionSummary summary)
            implements ReconstructionEvent {}
}
