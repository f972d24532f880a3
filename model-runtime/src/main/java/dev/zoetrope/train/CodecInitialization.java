package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Random parameters from the distributions that the reference's layers start from. */
final class CodecInitialization {
    private CodecInitialization() {}

    static Parameters draw(VideoGptVqVaeConfig config, long seed, NDManager manager) {
        Random random = new Random(seed);
        Kernels k = Kernels.autograd();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Map<String, Shape> shapes = config.parameters();
        shapes.forEach((key, shape) -> {
            // A bias is drawn by the fan-in of its layer's weight.
            String weight = key.replace(".bias", ".weight");
            NDArray array =
                    key.endsWith(".num_batches_tracked")
                            ? manager.create(0L)
                            : manager.create(
                                    values(
                                            key,
                                            (int) shape.size(),
                                            shapes.getOrDefault(weight, shape),
                                            random),
                                    shape);
            arrays.put(key, k.copy(array));
            array.close();
        });
        Parameters p = new Parameters(arrays);
        // The average starts as the codes themselves.
        k.assign(p.get("codebook.z_avg"), p.get("codebook.embeddings"));
        return p;
    }

    private static float[] values(String key, int size, Shape weight, Random random) {
        float[] values = new float[size];
        if (key.equals("codebook.embeddings")) {
            normal(values, 1, random);
        } else if (key.contains(".attn_") && key.endsWith(".weight")) {
            normal(values, 1 / Math.sqrt((double) weight.get(1)), random);
        } else if (key.contains(".attn_")) {
            uniform(values, 1 / Math.sqrt((double) weight.get(1)), random);
        } else if (key.contains(".conv.") || key.contains(".convt.")) {
            // Torch counts the second axis of a kernel as fan-in, also where it is transposed.
            uniform(values, 1 / Math.sqrt((double) weight.slice(1).size()), random);
        } else if (key.endsWith(".weight") || key.endsWith(".running_var")) {
            Arrays.fill(values, 1);
        }
        return values;
    }

    private static void normal(float[] values, double std, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (std * random.nextGaussian());
        }
    }

    private static void uniform(float[] values, double bound, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }
}
