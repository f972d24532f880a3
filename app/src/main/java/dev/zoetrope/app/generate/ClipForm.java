package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.media.FrameSize;

/**
 * Size and length of a clip.
 *
 * @param frames of the clip
 * @param fps frames per second
 */
public record ClipForm(FrameSize size, int frames, double fps) {
    public double seconds() {
        return frames / fps;
    }

    public double ratio() {
        return (double) size.width() / size.height();
    }
}
