package dev.zoetrope.samples.papertheatre;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tells from a subject's outlines what it does. */
final class Choreography {
    private static final int ANGLES = 180;
    private static final int RADII = 24;

    /** The largest turn from frame to frame, in angles. */
    private static final int MOST_STEPS = 12;

    // What is less than these is chance: radians in all; logarithm of areas; parts of the frame's
    // side from first to last, and off a straight way.
    private static final double TURN = Math.PI / 3;
    private static final double GROWTH = Math.log(1.7);
    private static final double WAY = 0.1;
    private static final double JUMP = 0.035;
    private static final double JUMP_OF_WAY = 0.15;

    private Choreography() {}

    /** Empty when it does nothing that a caption could say. */
    static Optional<Motion> motion(List<Outline> outlines) {
        double turned = turned(outlines);
        if (Math.abs(turned) > TURN) {
            return Optional.of(Motion.SPINNING);
        }
        int n = outlines.size();
        double[] x = new double[n];
        double[] y = new double[n];
        double[] size = new double[n];
        for (int f = 0; f < n; f++) {
            Outline o = outlines.get(f);
            x[f] = o.x() / o.width();
            y[f] = o.y() / o.height();
            size[f] = Math.log(Math.max(1, o.area()));
        }
        double growth = way(size);
        if (Math.abs(growth) > GROWTH) {
            return Optional.of(growth > 0 ? Motion.GROWING : Motion.SHRINKING);
        }
        double across = way(x);
        double down = way(y);
        double jump = unsteadiness(y);
        if (jump > Math.max(JUMP, JUMP_OF_WAY * Math.abs(down))) {
            return Optional.of(Motion.BOUNCING);
        }
        if (Math.max(Math.abs(across), Math.abs(down)) < WAY) {
            return Optional.empty();
        }
        if (Math.abs(across) > Math.abs(down)) {
            return Optional.of(across > 0 ? Motion.RIGHT : Motion.LEFT);
        }
        return Optional.of(down > 0 ? Motion.DOWN : Motion.UP);
    }

    /** From the first to the last moment along the line that fits best. */
    private static double way(double[] values) {
        return slope(values) * (values.length - 1);
    }

    private static double slope(double[] values) {
        double middle = (values.length - 1) / 2.0;
        double product = 0;
        double square = 0;
        for (int i = 0; i < values.length; i++) {
            product += (i - middle) * values[i];
            square += (i - middle) * (i - middle);
        }
        return square == 0 ? 0 : product / square;
    }

    /** Root mean square of what that line leaves. */
    private static double unsteadiness(double[] values) {
        double slope = slope(values);
        double mean = Arrays.stream(values).average().orElse(0);
        double middle = (values.length - 1) / 2.0;
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            double rest = values[i] - mean - slope * (i - middle);
            sum += rest * rest;
        }
        return Math.sqrt(sum / values.length);
    }

    /** By how much it has turned in all, clockwise radians. */
    private static double turned(List<Outline> outlines) {
        double sum = 0;
        float[] before = null;
        for (Outline o : outlines) {
            float[] now = o.polar(ANGLES, RADII, 1.1f * (float) Math.sqrt(o.area()));
            if (before != null) {
                sum += turn(before, now);
            }
            before = now;
        }
        return sum;
    }

    /** The turn after which two polar pictures agree best. */
    private static double turn(float[] from, float[] to) {
        double[] agreement = new double[2 * MOST_STEPS + 1];
        int best = 0;
        for (int s = 0; s < agreement.length; s++) {
            int shift = s - MOST_STEPS;
            double sum = 0;
            for (int a = 0; a < ANGLES; a++) {
                int there = Math.floorMod(a + shift, ANGLES);
                for (int r = 0; r < RADII; r++) {
                    sum += Math.min(from[a * RADII + r], to[there * RADII + r]);
                }
            }
            agreement[s] = sum;
            best = sum > agreement[best] ? s : best;
        }
        double fraction = 0;
        if (best > 0 && best < agreement.length - 1) {
            double left = agreement[best - 1];
            double right = agreement[best + 1];
            double curve = left - 2 * agreement[best] + right;
            fraction = curve < 0 ? 0.5 * (left - right) / curve : 0;
        }
        return (best - MOST_STEPS + fraction) * 2 * Math.PI / ANGLES;
    }
}
