package dev.zoetrope.runtime.media;

/**
 * Frames of a clip that follow each other.
 *
 * @param first index of the first one, from 0 up
 * @param last index of the last one, at least {@code first}
 */
public record FrameRange(int first, int last) {
    public FrameRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("frames %d to %d".formatted(first, last));
        }
    }

    public int frames() {
        return last - first + 1;
    }
}
