package dev.zoetrope.runtime.training;

import java.nio.ByteBuffer;

/**
 * One example.
 *
 * @param rgb 8-bit RGB in (T, H, W, 3) order, a direct buffer at position 0 owned by the clip
 * @param caption what it shows, empty when unknown
 */
public record TrainingClip(ClipShape shape, ByteBuffer rgb, String caption) {
    public TrainingClip {
        if (rgb.remaining() != shape.bytes() || !rgb.isDirect()) {
            throw new IllegalArgumentException(
                    "%s needs a direct buffer of %d bytes, got %d"
                            .formatted(shape, shape.bytes(), rgb.remaining()));
        }
    }

    @Override
    public ByteBuffer rgb() {
        return rgb.duplicate();
    }
}
