package dev.zoetrope.runtime.generation;

/**
 * Which numbers of frames a codec can make.
 *
 * @param stride frames to a latent frame
 * @param firstAlone whether the first frame has a latent frame to itself
 */
public record ClipLengths(int stride, boolean firstAlone) {
    /** Frames of a clip of that many latent ones. */
    public int frames(int latentFrames) {
        return firstAlone ? (latentFrames - 1) * stride + 1 : latentFrames * stride;
    }

    /** Latent frames of a clip whose length is one of {@link #nearest}. */
    public int latentFrames(int frames) {
        return firstAlone ? (frames - 1) / stride + 1 : frames / stride;
    }

    /** The possible length that is nearest to one, the longer of two. */
    public int nearest(int frames) {
        int first = firstAlone ? 1 : 0;
        int latent = (int) Math.round((double) (frames - first) / stride) + first;
        return frames(Math.max(1, latent));
    }

    /** The shortest possible length of that many frames or more. */
    public int atLeast(int frames) {
        int first = firstAlone ? 1 : 0;
        return frames(Math.max(1, Math.ceilDiv(frames - first, stride) + first));
    }

    /** Which lengths are possible, in words that go before "frames". */
    public String rule() {
        if (stride == 1) {
            return "any number of";
        }
        return firstAlone
                ? "1, %d, %d and so on".formatted(stride + 1, 2 * stride + 1)
                : "multiples of %d".formatted(stride);
    }
}
