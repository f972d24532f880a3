package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * The embedded Runge-Kutta method of order 5(4) of Dormand and Prince (1980), whose own steps go
 * over the points that are asked for and are interpolated there.
 *
 * <p>Steps as torchdiffeq 657943ac, {@code dopri5}, and so ends where that does, within its
 * tolerance.
 */
final class DormandPrince {
    private static final double[] NODES = {1 / 5., 3 / 10., 4 / 5., 8 / 9., 1, 1};
    private static final double[][] STAGES = {
        {1 / 5.},
        {3 / 40., 9 / 40.},
        {44 / 45., -56 / 15., 32 / 9.},
        {19372 / 6561., -25360 / 2187., 64448 / 6561., -212 / 729.},
        {9017 / 3168., -355 / 33., 46732 / 5247., 49 / 176., -5103 / 18656.},
        {35 / 384., 0, 500 / 1113., 125 / 192., -2187 / 6784., 11 / 84.},
    };
    private static final double[] ERROR = {
        35 / 384. - 1951 / 21600.,
        0,
        500 / 1113. - 22642 / 50085.,
        125 / 192. - 451 / 720.,
        -2187 / 6784. + 12231 / 42400.,
        11 / 84. - 649 / 6300.,
        -1 / 60.,
    };
    private static final double[] MIDDLE = {
        6025192743. / 30085553152. / 2,
        0,
        51252292925. / 65400821598. / 2,
        -2691868925. / 45128329728. / 2,
        187940372067. / 1594534317056. / 2,
        -1776094331. / 19743644256. / 2,
        11237099. / 235043384. / 2,
    };
    private static final double SAFETY = 0.9;
    private static final double MOST_GROWTH = 10;
    private static final double MOST_SHRINKAGE = 0.2;
    private static final int ORDER = 5;

    /** A differential equation. */
    @FunctionalInterface
    interface Slope {
        NDArray at(NDArray x, double t);
    }

    private final Slope slope;
    private final double atol;
    private final double rtol;
    private final Kernels k = Kernels.inference();

    DormandPrince(Slope slope, double atol, double rtol) {
        this.slope = slope;
        this.atol = atol;
        this.rtol = rtol;
    }

    /**
     * Where the solution is at a point of the grid. What the solver knows, it keeps in the step for
     * the next point; its own last step may already reach beyond that.
     */
    NDArray advance(Step s, double from, double to) {
        State state = s.index() == 0 ? first(s.x(), from) : State.keptBy(s);
        while (to > state.end) {
            state = next(state);
        }
        state.keepIn(s);
        return state.at(k, to);
    }

    private State first(NDArray x, double t) {
        NDArray f = slope.at(x, t);
        double size = firstSize(x, f, t);
        return new State(t, t, size, x, f, List.of(x, x, x, x, x));
    }

    /** Hairer, Norsett and Wanner (1993), II.4. */
    private double firstSize(NDArray x, NDArray f, double t) {
        double d0 = k.scaledRms(x, x, x, atol, rtol);
        double d1 = k.scaledRms(f, x, x, atol, rtol);
        double guess = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * d0 / d1;
        NDArray there = slope.at(k.mix(x, 1, f, guess), t + guess);
        double d2 = k.scaledRms(there.sub(f), x, x, atol, rtol) / guess;
        double size =
                d1 <= 1e-15 && d2 <= 1e-15
                        ? Math.max(1e-6, guess * 1e-3)
                        : Math.pow(0.01 / Math.max(d1, d2), 1. / ORDER);
        return Math.min(100 * guess, size);
    }

    /**
     * A step of the solver's own, which stays where it is with a smaller size if it was too far.
     */
    private State next(State s) {
        double t = s.end;
        double dt = s.size;
        List<NDArray> slopes = new ArrayList<>(List.of(s.f));
        NDArray y = s.y;
        for (int i = 0; i < STAGES.length; i++) {
            y = along(s.y, slopes, STAGES[i], dt);
            slopes.add(slope.at(y, t + NODES[i] * dt));
        }
        NDArray error = along(s.y, slopes, ERROR, dt).sub(s.y);
        double ratio = k.scaledRms(error, s.y, y, atol, rtol);
        double size = dt * growth(ratio);
        if (ratio > 1) {
            return new State(s.end, s.end, size, s.y, s.f, s.curve);
        }
        NDArray middle = along(s.y, slopes, MIDDLE, dt);
        return new State(
                t,
                t + dt,
                size,
                y,
                slopes.getLast(),
                curve(s.y, y, middle, s.f, slopes.getLast(), dt));
    }

    private static double growth(double ratio) {
        if (ratio == 0) {
            return MOST_GROWTH;
        }
        double least = ratio < 1 ? 1 : MOST_SHRINKAGE;
        return Math.min(MOST_GROWTH, Math.max(SAFETY / Math.pow(ratio, 1. / ORDER), least));
    }

    private NDArray along(NDArray y, List<NDArray> slopes, double[] weights, double dt) {
        List<NDArray> terms = new ArrayList<>(List.of(y));
        double[] scaled = new double[weights.length + 1];
        scaled[0] = 1;
        for (int i = 0; i < weights.length; i++) {
            terms.add(slopes.get(i));
            scaled[i + 1] = weights[i] * dt;
        }
        return k.weightedSum(terms, scaled);
    }

    /** The quartic through both ends and the middle, with both slopes: from the constant on. */
    private List<NDArray> curve(
            NDArray y0, NDArray y1, NDArray middle, NDArray f0, NDArray f1, double dt) {
        List<NDArray> all = List.of(y0, y1, middle, f0, f1);
        return List.of(
                y0,
                f0.mul((float) dt),
                k.weightedSum(all, -11, -5, 16, -4 * dt, dt),
                k.weightedSum(all, 18, 14, -32, 5 * dt, -3 * dt),
                k.weightedSum(all, -8, -8, 16, -2 * dt, 2 * dt));
    }

    /**
     * After a step of the solver's own from start to end.
     *
     * @param size to try next
     * @param y at the end, with slope f
     * @param curve coefficients in (t - start) / (end - start)
     */
    private record State(
            double start, double end, double size, NDArray y, NDArray f, List<NDArray> curve) {

        NDArray at(Kernels k, double t) {
            if (end == start) {
                return y;
            }
            double x = (t - start) / (end - start);
            return k.weightedSum(curve, 1, x, x * x, x * x * x, x * x * x * x);
        }

        void keepIn(Step s) {
            s.keep("start", start);
            s.keep("end", end);
            s.keep("size", size);
            s.keep("y", y);
            s.keep("f", f);
            for (int i = 0; i < curve.size(); i++) {
                s.keep("curve" + i, curve.get(i));
            }
        }

        static State keptBy(Step s) {
            List<NDArray> curve = new ArrayList<>();
            for (int i = 0; s.has("curve" + i); i++) {
                curve.add(s.kept("curve" + i));
            }
            return new State(
                    s.keptNumber("start"),
                    s.keptNumber("end"),
                    s.keptNumber("size"),
                    s.kept("y"),
                    s.kept("f"),
                    curve);
        }
    }
}
