package dev.zoetrope.pipeline;

/**
 * How a codec's latents lie in a clip.
 *
 * @param frameStride frames to a latent frame
 * @param stride rows, and columns, to a latent one
 * @param causal whether the first frame has a latent frame to itself
 */
record CodecGrid(int frameStride, int stride, boolean causal) {
    /** Frames of a clip of that many latent ones. */
    int frames(int latentFrames) {
        return causal ? (latentFrames - 1) * frameStride + 1 : latentFrames * frameStride;
    }

    /** Latent frames of a clip whose length is one of {@link #nearest}. */
    int latentFrames(int frames) {
        return causal ? (frames - 1) / frameStride + 1 : frames / frameStride;
    }

    /** The possible length that is nearest to one, the longer of two. */
    int nearest(int frames) {
        int first = causal ? 1 : 0;
        int latent = (int) Math.round((double) (frames - first) / frameStride) + first;
        return frames(Math.max(1, latent));
    }

    /** Which lengths are possible, in words that go before "frames". */
    String rule() {
        if (frameStride == 1) {
            return "any number of";
        }
        return causal
                ? "1, %d, %d and so on".formatted(frameStride + 1, 2 * frameStride + 1)
                : "multiples of %d".formatted(frameStride);
    }
}
