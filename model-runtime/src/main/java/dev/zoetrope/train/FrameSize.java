package dev.zoetrope.train;

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

    long pixels() {
        return (long) height * width;
    }

    boolean isWithin(FrameSize other) {
        return height <= other.height && width <= other.width;
    }
}
