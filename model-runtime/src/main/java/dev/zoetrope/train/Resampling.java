package dev.zoetrope.train;

import dev.zoetrope.runtime.training.ClipShape;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Scales a window of a frame to the size of a clip with a triangle filter as wide as the scale asks
 * for, so that neither shrinking nor enlarging makes jagged edges. Columns first: rows are added up
 * whole, which is quick, and few are left for the slow part.
 */
final class Resampling {
    private final Strip strip;
    private final ClipShape shape;
    private final boolean mirrored;
    private final byte[] line;
    private final float[] sums;
    private final byte[] finished;

    Resampling(Strip strip, ClipShape shape, boolean mirrored) {
        this.strip = strip;
        this.shape = shape;
        this.mirrored = mirrored;
        line = new byte[3 * strip.width()];
        sums = new float[3 * strip.width()];
        finished = new byte[3 * shape.width()];
    }

    /** Appends the window of a frame as (H, W, 3) bytes. */
    void append(int frame, Window window, ByteBuffer out) {
        Axis across = new Axis(window.x(), window.width(), strip.width(), shape.width());
        Axis down = new Axis(window.y(), window.height(), strip.height(), shape.height());
        int left = 3 * across.lowest();
        int right = 3 * (across.highest() + 1);
        for (int y = 0; y < shape.height(); y++) {
            Arrays.fill(sums, left, right, 0);
            float[] taps = down.taps[y];
            for (int k = 0; k < taps.length; k++) {
                strip.row(frame, down.first[y] + k, line);
                addLine(taps[k], left, right);
            }
            finishRow(across);
            out.put(finished);
        }
    }

    private void addLine(float tap, int left, int right) {
        for (int i = left; i < right; i++) {
            sums[i] += tap * (line[i] & 255);
        }
    }

    private void finishRow(Axis across) {
        int width = shape.width();
        for (int x = 0; x < width; x++) {
            float[] taps = across.taps[x];
            int from = 3 * across.first[x];
            float r = 0.5f;
            float g = 0.5f;
            float b = 0.5f;
            for (float tap : taps) {
                r += tap * sums[from];
                g += tap * sums[from + 1];
                b += tap * sums[from + 2];
                from += 3;
            }
            int to = 3 * (mirrored ? width - 1 - x : x);
            finished[to] = (byte) Math.min((int) r, 255);
            finished[to + 1] = (byte) Math.min((int) g, 255);
            finished[to + 2] = (byte) Math.min((int) b, 255);
        }
    }

    /** Which source pixels make each target pixel, and with what weight. */
    private static final class Axis {
        final int[] first;
        final float[][] taps;

        Axis(double from, double length, int source, int target) {
            first = new int[target];
            taps = new float[target][];
            double scale = length / target;
            double reach = Math.max(1, scale);
            for (int i = 0; i < target; i++) {
                double centre = from + (i + 0.5) * scale;
                int low = (int) Math.ceil(centre - reach - 0.5);
                int high = (int) Math.floor(centre + reach - 0.5);
                int start = Math.clamp(low, 0, source - 1);
                int end = Math.clamp(high, 0, source - 1);
                double[] weights = new double[end - start + 1];
                double sum = 0;
                for (int p = low; p <= high; p++) {
                    double weight = Math.max(0, 1 - Math.abs(p + 0.5 - centre) / reach);
                    // What lies outside the frame is its edge, repeated.
                    weights[Math.clamp(p, 0, source - 1) - start] += weight;
                    sum += weight;
                }
                first[i] = start;
                taps[i] = new float[weights.length];
                for (int k = 0; k < weights.length; k++) {
                    taps[i][k] = (float) (weights[k] / sum);
                }
            }
        }

        int lowest() {
            return first[0];
        }

        int highest() {
            int last = first.length - 1;
            return first[last] + taps[last].length - 1;
        }
    }
}
