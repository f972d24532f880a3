package dev.zoetrope.train;

import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Impossible;

import java.nio.ByteBuffer;

/**
 * How frames of any size come to fill a clip: scaled until they cover it, of which the middle is
 * kept.
 *
 * @param width of the clip in pixels
 * @param height of the clip in pixels
 */
public record Covering(int width, int height) {
    /**
     * Has a reader give frames that just cover the clip.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when those would be too long
     */
    public void scale(FrameReader reader) {
        ClipInfo info = reader.info();
        double scale = Math.max((double) width / info.width(), (double) height / info.height());
        int across = (int) Math.max(width, Math.round(info.width() * scale));
        int down = (int) Math.max(height, Math.round(info.height() * scale));
        if (Math.max(across, down) > FrameReader.MAX_SIDE) {
            throw new Impossible.PictureTooLong(info.width(), info.height(), width, height)
                    .asException();
        }
        reader.scaledTo(across, down);
    }

    /** Appends the middle of such a frame as (H, W, 3) bytes. */
    public void crop(Frame frame, ByteBuffer to) {
        ByteBuffer pixels = frame.rgb();
        int left = (frame.width() - width) / 2;
        int top = (frame.height() - height) / 2;
        for (int y = 0; y < height; y++) {
            int at = ((top + y) * frame.width() + left) * 3;
            to.put(pixels.slice(at, width * 3));
        }
    }
}
