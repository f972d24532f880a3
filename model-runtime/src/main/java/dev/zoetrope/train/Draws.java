package dev.zoetrope.train;

import ai.djl.ndarray.types.Shape;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Initial numbers of layers. */
public record Draws(RandomGenerator random) {
    /** All the same. */
    static float[] constant(Shape shape, double value) {
        float[] values = new float[(int) shape.size()];
        Arrays.fill(values, (float) value);
        return values;
    }

    float[] normal(Shape shape, double deviation) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    /** Evenly, by the widths of what is behind and before a weight (out, in, ...), as Glorot. */
    float[] uniform(Shape shape) {
        double in = (double) shape.size() / shape.get(0);
        double bound = Math.sqrt(6 / (in + shape.get(0)));
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }
}
