package dev.zoetrope.runtime.media;

/**
 * The size of frames in pixels.
 *
 * @param height H, at least 1
 * @param width W, at least 1
 */
public record FrameSize(int height, int width) {
    public FrameSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("frames of %d x %d".formatted(width, height));
        }
    }

    public long pixels() {
        return (long) height * width;
    }

    /** Whether frames of this size have room in those of another. */
    public boolean isWithin(FrameSize other) {
        return height <= other.height && width <= other.width;
    }

    /** As many times as large, to the nearest pixel. */
    public FrameSize times(double factor) {
        return new FrameSize(
                (int) Math.max(1, Math.round(factor * height)),
                (int) Math.max(1, Math.round(factor * width)));
    }

    /** Made smaller, where it is larger, until its longer side is that. */
    public FrameSize within(int longestSide) {
        return times(Math.min(1, (double) longestSide / Math.max(height, width)));
    }
}
