package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.SitTransport.DiffusionForm;

import java.util.OptionalInt;

/**
 * Integrates velocity, score and noise of a {@link SitTransport}, and then one step without noise.
 */
public final class SitSde implements Plan {
    private final SitTransport transport;
    private final Method method;
    private final DiffusionForm form;
    private final LastStep last;
    private final double lastSize;
    private final double[] grid;

    /** The solvers. */
    public enum Method {
        EULER,
        /** Noise first, then Heun's method without. */
        HEUN
    }

    /** How the end is reached without noise. */
    public enum LastStep {
        /** Not at all. */
        NONE,
        /** By the mean of one more step. */
        MEAN,
        /** To the mean of the clips that are possible. */
        TWEEDIE,
        /** Along the velocity alone. */
        EULER
    }

    SitSde(
            SitTransport transport,
            Method method,
            DiffusionForm form,
            LastStep last,
            double lastSize,
            double[] grid) {
        this.transport = transport;
        this.method = method;
        this.form = form;
        this.last = last;
        this.lastSize = lastSize;
        this.grid = grid;
    }

    /** The last is that of the step without noise. */
    @Override
    public double[] times() {
        return grid.clone();
    }

    @Override
    public OptionalInt evaluations() {
        int steps = grid.length - 1;
        return OptionalInt.of(
                (method == Method.HEUN ? 2 * steps : steps) + (last == LastStep.NONE ? 0 : 1));
    }

    @Override
    public NDArray step(Step s) {
        double t = grid[s.index()];
        if (s.index() == grid.length - 1) {
            return lastStep(s, t);
        }
        double dt = (float) (grid[1] - grid[0]);
        double spread = Math.sqrt(2 * transport.diffusion(form, t) * dt);
        return switch (method) {
            case EULER -> {
                NDArray mean = k().mix(s.x(), 1, drift(s, s.x(), t), dt);
                yield k().mix(mean, 1, s.noise(), spread);
            }
            case HEUN -> {
                NDArray noisy = k().mix(s.x(), 1, s.noise(), spread);
                NDArray first = drift(s, noisy, t);
                NDArray second = drift(s, k().mix(noisy, 1, first, dt), (float) (t + dt));
                yield k().mix(noisy, 1, k().mix(first, 0.5, second, 0.5), dt);
            }
        };
    }

    private NDArray lastStep(Step s, double t) {
        return switch (last) {
            case NONE -> s.x();
            case MEAN -> k().mix(s.x(), 1, drift(s, s.x(), t), lastSize);
            case EULER ->
                    k().mix(s.x(), 1, transport.velocity(k(), output(s, t), s.x(), t), lastSize);
            case TWEEDIE -> {
                double alpha = transport.path().alpha(t);
                double sigma = transport.path().sigma(t);
                NDArray score = transport.score(k(), output(s, t), s.x(), t);
                yield k().mix(s.x(), 1 / alpha, score, sigma * sigma / alpha);
            }
        };
    }

    /** Velocity, and as much of the score as holds the balance against the noise. */
    private NDArray drift(Step s, NDArray x, double t) {
        NDArray output = s.prediction(x, t);
        s.showClean(transport.clean(k(), output, x, t));
        NDArray velocity = transport.velocity(k(), output, x, t);
        NDArray score = transport.score(k(), output, x, t);
        return k().mix(velocity, 1, score, transport.diffusion(form, t));
    }

    private NDArray output(Step s, double t) {
        return s.prediction(s.x(), t);
    }

    private static Kernels k() {
        return Kernels.inference();
    }
}
