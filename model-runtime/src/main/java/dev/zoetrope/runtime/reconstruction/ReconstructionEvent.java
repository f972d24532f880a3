package dev.zoetrope.runtime.reconstruction;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;

/**
 * What a running reconstruction tells, in this order: one {@code Began}, many {@code Compared}, one
 * {@code Saved}; after the first, {@code Adjusted} at any time. One that goes on after its process
 * ended tells of all frames again, of those it had kept without coding them.
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

    /** From here on something is done otherwise than usual. */
    record Adjusted(Notice notice) implements ReconstructionEvent {}

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
