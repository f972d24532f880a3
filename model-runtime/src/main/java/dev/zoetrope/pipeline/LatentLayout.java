package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How a denoiser takes latents, and the size it was trained on.
 *
 * @param channels C
 * @param channelAxis 1 for (B, C, T, H, W), 2 for (B, T, C, H, W)
 * @param patch p; H and W are multiples of it
 * @param frames T
 * @param rows H
 * @param columns W
 */
public record LatentLayout(
        int channels, int channelAxis, int patch, int frames, int rows, int columns) {
    /** One clip of that size. */
    Shape shape(long frames, long rows, long columns) {
        return channelAxis == 1
                ? new Shape(1, channels, frames, rows, columns)
                : new Shape(1, frames, channels, rows, columns);
    }

    /** The axis of frames. */
    int frameAxis() {
        return 3 - channelAxis;
    }

    /** Latents of codecs, (B, C, T, H, W), in this layout. */
    NDArray of(NDArray z) {
        return channelAxis == 1 ? z : z.transpose(0, 2, 1, 3, 4);
    }

    /** Latents of this layout as codecs take them, (B, C, T, H, W). */
    NDArray channelsFirst(NDArray x) {
        return channelAxis == 1 ? x : x.transpose(0, 2, 1, 3, 4);
    }
}
