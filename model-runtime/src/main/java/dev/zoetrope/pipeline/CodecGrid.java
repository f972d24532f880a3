package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.generation.ClipLengths;

/**
 * How a codec's latents lie in a clip.
 *
 * @param frameStride frames to a latent frame
 * @param stride rows, and columns, to a latent one
 * @param causal whether the first frame has a latent frame to itself
 */
public record CodecGrid(int frameStride, int stride, boolean causal) {
    ClipLengths lengths() {
        return new ClipLengths(frameStride, causal);
    }
}
