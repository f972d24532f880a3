package dev.zoetrope.runtime.training;

/**
 * The size of a training clip.
 *
 * @param frames T, at least 1
 * @param height H in pixels, at least 1
 * @param width W in pixels, at least 1
 */
public record ClipShape(int frames, int height, int width) {
    public ClipShape {
        if (frames < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a clip of %d frames, %d x %d".formatted(frames, width, height));
        }
    }

    /** Bytes of such a clip in 8-bit RGB. */
    public int bytes() {
        return Math.multiplyExact(Math.multiplyExact(frames * 3, height), width);
    }
}
