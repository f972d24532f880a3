package dev.zoetrope.runtime.media;

import java.nio.ByteBuffer;

/**
 * One picture, upright, 8-bit RGB, rows top to bottom without padding.
 *
 * @param rgb a direct buffer of exactly {@code 3 * width * height} bytes, position 0; owned by the
 *     frame and never changed after construction
 * @param timeMicros presentation time from the start of the clip, microseconds
 */
public record Frame(int width, int height, ByteBuffer rgb, long timeMicros) {
    public Frame {
        if (rgb.remaining() != 3L * width * height || !rgb.isDirect()) {
            throw new IllegalArgumentException(
                    "a %d x %d frame needs a direct buffer of %d bytes, got %d"
                            .formatted(width, height, 3L * width * height, rgb.remaining()));
        }
        rgb = rgb.asReadOnlyBuffer();
    }

    /** A fresh view of the pixels, so that no reader moves another's position. */
    @Override
    public ByteBuffer rgb() {
        return rgb.duplicate();
    }
}
