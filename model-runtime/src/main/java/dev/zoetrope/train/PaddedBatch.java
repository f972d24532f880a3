package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import java.util.List;

/**
 * Clips of different lengths and sizes as one batch: zeros follow after the end, below and to the
 * right of each, and a mask tells which patches are at least partly clip.
 *
 * @param pixels (B, C, T, H, W), whole patches on all three axes
 * @param mask (B, t, h, w), 1 for patches that are no padding, 0 for the rest
 */
public record PaddedBatch(NDArray pixels, NDArray mask) {
    /**
     * No larger than the largest clip asks for.
     *
     * @param clips each (C, T, H, W), fp32; the first one's manager owns the batch
     * @param frames to a patch
     * @param size rows, and columns, to a patch
     */
    public static PaddedBatch of(List<NDArray> clips, int frames, int size) {
        long t = largest(clips, 1, frames);
        long h = largest(clips, 2, size);
        long w = largest(clips, 3, size);
        NDManager manager = clips.getFirst().getManager();
        long channels = clips.getFirst().getShape().get(0);
        NDArray pixels =
                manager.zeros(new Shape(clips.size(), channels, t * frames, h * size, w * size));
        NDArray mask = manager.zeros(new Shape(clips.size(), t, h, w));
        for (int i = 0; i < clips.size(); i++) {
            NDArray clip = clips.get(i);
            Shape shape = clip.getShape();
            pixels.set(
                    new NDIndex(
                            "{}, :, :{}, :{}, :{}", i, shape.get(1), shape.get(2), shape.get(3)),
                    clip);
            mask.set(
                    new NDIndex(
                            "{}, :{}, :{}, :{}",
                            i,
                            patches(clip, 1, frames),
                            patches(clip, 2, size),
                            patches(clip, 3, size)),
                    1);
        }
        return new PaddedBatch(pixels, mask);
    }

    private static long largest(List<NDArray> clips, int axis, int size) {
        return clips.stream().mapToLong(clip -> patches(clip, axis, size)).max().orElseThrow();
    }

    private static long patches(NDArray clip, int axis, int size) {
        return Math.ceilDiv(clip.getShape().get(axis), (long) size);
    }
}
