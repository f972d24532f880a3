package dev.zoetrope.train;

import dev.zoetrope.runtime.training.ClipShape;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Scales a window of a frame to the size of a clip with a triangle filter as wide as the scale asks
 * for, so that neither shrinking nor enlarging makes jagged edges. Rows first, then columns.
 */
final class Resampling {
    private final Strip strip;
    private final ClipShape shape;
    private final boolean mirrored;
    private final byte[] line;
    private final float[] rows;
    private final float[] sums;
    private final byte[] finished;

    Resampling(Strip strip, ClipShape shape, boolean mirrored) {
        this.strip = strip;
        this.shape = shape;
        this.mirrored = mirrored;
        line = new byte[3 * strip.width()];
        rows = new float[strip.height() * 3 * shape.width()];
        sums = new float[3 * shape.width()];
        finished = new byte[3 * shape.width()];
    }

    /** Appends the window of a frame as (H, W, 3) bytes. */
    void append(int frame, Window window, ByteBuffer out) {
        Axis across = new Axis(window.x(), window.width(), strip.width(), shape.width());
        Axis down = new Axis(window.y(), window.height(), strip.height(), shape.height());
        int row = 3 * shape.width();
        for (int y = down.lowest(); y <= down.highest(); y++) {
            strip.row(frame, y, line);
            scaleRow(across, row * y);
        }
        for (int y = 0; y < shape.height(); y++) {
            Arrays.fill(sums, 0.5f);
            float[] taps = down.taps[y];
            for (int k = 0; k < taps.length; k++) {
                int from = row * (down.first[y] + k);
                float tap = taps[k];
                for (int i = 0; i < row; i++) {
                    sums[i] += tap * rows[from + i];
                }
            }
            for (int i = 0; i < row; i++) {
                finished[i] = (byte) Math.min((int) sums[i], 255);
            }
            out.put(finished);
        }
    }

    private void scaleRow(Axis across, int at) {
        int width = shape.width();
        for (int x = 0; x < width; x++) {
            float[] taps = across.taps[x];
            int from = 3 * across.first[x];
            float r = 0;
            float g = 0;
            float b = 0;
            for (float tap : taps) {
                r += tap * (line[from] & 255);
                g += tap * (line[from + 1] & 255);
                b += tap * (line[from + 2] & 255);
                from += 3;
            }
            int to = at + 3 * (mirrored ? width - 1 - x : x);
            rows[to] = r;
            rows[to + 1] = g;
            rows[to + 2] = b;
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
                int low = (int) Math.floor(centre - reach);
                int high = (int) Math.ceil(centre + reach);
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
