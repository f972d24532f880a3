package dev.zoetrope.samples.papertheatre;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a backdrop looks like on stages of one shape, learned from examples.
 *
 * @param palettes by row all the colours found there, 3 values each
 * @param means by row their mean
 */
record Look(Backdrop backdrop, List<float[]> palettes, List<float[]> means) {
    private static final int SHORTER_SIDE = 24;
    private static final int EXAMPLES = 24;
    private static final int SCENERY = 2;

    /** Colours closer than this are one. */
    private static final int STEP = 12;

    /** Of the open stage, of the subject's deepest shadow, and between them. */
    private static final float[] LIGHTS = {1, 0.85f, 0.7f};

    /** Of three channels; what is further from a row's mean is the subject, not the backdrop. */
    private static final float FAR = 150;

    private static final Map<Shape, List<Look>> KNOWN = new ConcurrentHashMap<>();

    private record Shape(int width, int height) {}

    /** The one whose rows are most like those at both sides of a film. */
    static Look of(Film film) {
        return KNOWN.computeIfAbsent(new Shape(film.width(), film.height()), Look::all).stream()
                .min(Comparator.comparingDouble(look -> look.difference(film)))
                .orElseThrow();
    }

    private static List<Look> all(Shape shape) {
        float scale = (float) SHORTER_SIDE / Math.min(shape.width, shape.height);
        int columns = Math.round(scale * shape.width);
        int rows = Math.round(scale * shape.height);
        return Arrays.stream(Backdrop.values())
                .map(backdrop -> learn(backdrop, columns, rows))
                .toList();
    }

    private static Look learn(Backdrop backdrop, int columns, int rows) {
        List<Map<Integer, float[]>> found = new ArrayList<>();
        List<float[]> means = new ArrayList<>();
        for (int y = 0; y < rows; y++) {
            found.add(new HashMap<>());
            means.add(new float[3]);
        }
        for (int seed = 0; seed < EXAMPLES; seed++) {
            float[] rgb = Scenery.paint(backdrop, new Dice(seed, SCENERY), columns, rows);
            for (int i = 0; i < rgb.length; i += 3) {
                int row = i / (3 * columns);
                for (int c = 0; c < 3; c++) {
                    means.get(row)[c] += rgb[i + c] / (columns * EXAMPLES);
                }
                for (float light : LIGHTS) {
                    note(light * rgb[i], light * rgb[i + 1], light * rgb[i + 2], row, found);
                }
            }
        }
        return new Look(backdrop, found.stream().map(Look::flat).toList(), means);
    }

    /** A colour may also be met a row higher or lower. */
    private static void note(
            float r, float g, float b, int row, List<Map<Integer, float[]>> found) {
        int key = ((int) (r / STEP) << 16) | ((int) (g / STEP) << 8) | (int) (b / STEP);
        for (int y = Math.max(0, row - 1); y <= Math.min(found.size() - 1, row + 1); y++) {
            found.get(y).putIfAbsent(key, new float[] {r, g, b});
        }
    }

    private static float[] flat(Map<Integer, float[]> colours) {
        float[] flat = new float[3 * colours.size()];
        int at = 0;
        for (float[] colour : colours.values()) {
            System.arraycopy(colour, 0, flat, at, 3);
            at += 3;
        }
        return flat;
    }

    private double difference(Film film) {
        int side = Math.max(1, film.width() / 8);
        double sum = 0;
        for (float[] frame : film.rgb()) {
            for (int y = 0; y < film.height(); y++) {
                float[] mean = means.get(y * means.size() / film.height());
                for (int x = 0;
                        x < film.width();
                        x += x == side - 1 ? film.width() - 2 * side + 1 : 1) {
                    int at = 3 * (y * film.width() + x);
                    float difference =
                            Math.abs(frame[at] - mean[0])
                                    + Math.abs(frame[at + 1] - mean[1])
                                    + Math.abs(frame[at + 2] - mean[2]);
                    sum += Math.min(FAR, difference);
                }
            }
        }
        return sum;
    }

    /**
     * Whether it has a colour like one, lit or in shadow.
     *
     * @param height 0 at the top, 1 at the bottom
     * @param square of the distance in 0..255 that is still like it
     */
    boolean has(float height, float r, float g, float b, float square) {
        float[] palette = palettes.get((int) (height * palettes.size()));
        for (int i = 0; i < palette.length; i += 3) {
            float dr = r - palette[i];
            float dg = g - palette[i + 1];
            float db = b - palette[i + 2];
            if (dr * dr + dg * dg + db * db <= square) {
                return true;
            }
        }
        return false;
    }
}
