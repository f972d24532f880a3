package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.common.base.Splitter;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Where training starts from: every kernel looks at its own patch alone, with the variance of He et
 * al. 2015, and attention adds nothing yet, so that the untrained codec is a small network applied
 * to each patch by itself. Layers drawn as torch draws them start out as blurs of 10 and more
 * pixels that it takes thousands of steps to sharpen.
 */
final class CodecInitialization {
    private final VideoGptVqVaeConfig config;
    private final Random random;

    private CodecInitialization(VideoGptVqVaeConfig config, long seed) {
        this.config = config;
        this.random = new Random(seed);
    }

    static Parameters draw(VideoGptVqVaeConfig config, long seed, NDManager manager) {
        CodecInitialization initialization = new CodecInitialization(config, seed);
        Kernels k = Kernels.autograd();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        config.parameters()
                .forEach((key, shape) -> {
                    NDArray array =
                            key.endsWith(".num_batches_tracked")
                                    ? manager.create(0L)
                                    : manager.create(initialization.values(key, shape), shape);
                    arrays.put(key, k.copy(array));
                    array.close();
                });
        Parameters p = new Parameters(arrays);
        // The average starts as the codes themselves.
        k.assign(p.get("codebook.z_avg"), p.get("codebook.embeddings"));
        return p;
    }

    private float[] values(String key, Shape shape) {
        float[] values = new float[(int) shape.size()];
        if (shape.dimension() == 5) {
            patch(key, shape, values);
        } else if (key.equals("codebook.embeddings")) {
            normal(values, 1);
        } else if (key.contains(".attn_") && shape.dimension() == 2 && !key.contains(".fc.")) {
            normal(values, 1 / Math.sqrt((double) shape.get(1)));
        } else if (isNormScale(key) || key.endsWith(".running_var")) {
            Arrays.fill(values, 1);
        }
        return values;
    }

    private static boolean isNormScale(String key) {
        return key.endsWith(".weight") && !key.contains(".attn_");
    }

    private void normal(float[] values, double std) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (std * random.nextGaussian());
        }
    }

    /** Draws the taps of a kernel that lie on the position or the patch it computes. */
    private void patch(String key, Shape shape, float[] values) {
        boolean transposed = key.contains(".convt.");
        int[][] own = new int[3][];
        double fanIn = shape.get(transposed ? 0 : 1);
        for (int axis = 0; axis < 3; axis++) {
            int size = (int) shape.get(axis + 2);
            own[axis] = ownTaps(size, size == 4 ? stride(key, axis) : 1, transposed);
            // An output of a transposed convolution gets one tap of each input.
            fanIn *= transposed ? 1 : own[axis].length;
        }
        // The last layer starts near the mean colour, grey.
        boolean last = transposed && shape.get(1) == 3;
        double std = Math.sqrt(2 / fanIn) * (last ? 0.1 : 1);
        int[] d = Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray();
        for (int channels = 0; channels < d[0] * d[1]; channels++) {
            for (int t : own[0]) {
                for (int h : own[1]) {
                    for (int w : own[2]) {
                        values[((channels * d[2] + t) * d[3] + h) * d[4] + w] =
                                (float) (std * random.nextGaussian());
                    }
                }
            }
        }
    }

    private static int[] ownTaps(int size, long stride, boolean transposed) {
        if (size != 4) {
            return new int[] {size / 2};
        }
        // Padding is 1 in front with stride 2; with stride 1 it is 2, and 1 where transposed.
        return stride == 2 ? new int[] {1, 2} : new int[] {transposed ? 1 : 2};
    }

    private long stride(String key, int axis) {
        int stage = Integer.parseInt(Splitter.on('.').splitToList(key).get(2));
        return config.strides(stage)[axis];
    }
}
