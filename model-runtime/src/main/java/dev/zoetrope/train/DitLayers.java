package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.train.TrainableDenoiser.Told;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What training is the same for in all models of DiT's layers (Peebles and Xie 2023). */
final class DitLayers {
    private static final double NARROW = 0.02;
    private static final double BASE = 10_000;

    private DitLayers() {}

    static boolean learns(String key) {
        return !key.equals("pos_embed") && !key.equals("temp_embed") && !key.contains(".rope.");
    }

    /** As the reference: blocks and output add nothing yet. */
    static float[] initial(String key, Shape shape, int rows, int columns, Draws draw) {
        if (key.equals("pos_embed")) {
            return grid(rows, columns, (int) shape.get(2));
        }
        if (key.equals("temp_embed")) {
            return sincos((int) shape.get(1), (int) shape.get(2));
        }
        boolean silent = key.contains("adaLN_modulation.") || key.startsWith("final_layer.");
        if (shape.dimension() == 1 || silent) {
            return Draws.constant(shape, 0);
        }
        return key.startsWith("t_embedder.") || key.startsWith("y_embedder.")
                ? draw.normal(shape, NARROW)
                : draw.uniform(shape);
    }

    /** (h w, D), the first half of the channels by column. */
    private static float[] grid(int rows, int columns, int dim) {
        float[] byRow = sincos(rows, dim / 2);
        float[] byColumn = sincos(columns, dim / 2);
        float[] table = new float[rows * columns * dim];
        for (int i = 0; i < rows * columns; i++) {
            System.arraycopy(byColumn, i % columns * dim / 2, table, i * dim, dim / 2);
            System.arraycopy(byRow, i / columns * dim / 2, table, i * dim + dim / 2, dim / 2);
        }
        return table;
    }

    /** (N, D), sines before cosines. */
    private static float[] sincos(int count, int dim) {
        float[] table = new float[count * dim];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < dim / 2; j++) {
                double angle = i / Math.pow(BASE, 2.0 * j / dim);
                table[i * dim + j] = (float) Math.sin(angle);
                table[i * dim + dim / 2 + j] = (float) Math.cos(angle);
            }
        }
        return table;
    }

    /** Cosines or sines of rotary embeddings (h w, d), each twice, by row before by column. */
    static float[] rotation(boolean cos, List<Integer> size, List<Integer> span, Shape shape) {
        int rows = size.getFirst();
        int columns = size.getLast();
        int dim = (int) shape.get(1);
        float[] table = new float[rows * columns * dim];
        int half = dim / 2;
        for (int i = 0; i < rows * columns; i++) {
            int row = i / columns;
            int column = i % columns;
            double y = (double) row * span.getFirst() / rows;
            double x = (double) column * span.getLast() / columns;
            for (int j = 0; j < dim; j++) {
                int pair = j % half / 2;
                double angle = (j < half ? y : x) / Math.pow(BASE, 2.0 * pair / half);
                table[i * dim + j] = (float) (cos ? Math.cos(angle) : Math.sin(angle));
            }
        }
        return table;
    }

    static @Nullable NDArray labels(Told told) {
        return switch (told) {
            case Told.Nothing _ -> null;
            case Told.Labels(NDArray labels) -> labels;
            case Told.Texts _ ->
                    throw new IllegalArgumentException("a text for a model of classes");
        };
    }

    /** (B, C, T, H, W) as (B, T, C, H, W), or back. */
    static NDArray turned(NDArray x) {
        return x.transpose(0, 2, 1, 3, 4);
    }
}
