package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import java.util.function.DoubleUnaryOperator;

/**
 * Transport from noise to clips by interpolants, of SiT (Ma et al. 2024).
 *
 * <p>Ported from Open-Sora-Plan 2a8b2328, {@code opensora/models/diffusion/transport/}. Time runs
 * from noise at 0 to clips at 1, the model sees it as it is.
 *
 * @param trainEps how far training keeps from the ends at which the path is singular
 * @param sampleEps the same for sampling
 */
public record SitTransport(SitPath path, Target target, double trainEps, double sampleEps) {

    /** What a model is trained to predict. */
    public enum Target {
        VELOCITY,
        NOISE,
        SCORE
    }

    /** How much the loss of a time counts. */
    public enum LossWeight {
        NONE,
        /** As much as the error is in the velocity. */
        VELOCITY,
        LIKELIHOOD
    }

    /** How strong the noise is that an SDE adds; all but the first do not depend on the path. */
    public enum DiffusionForm {
        SBDM,
        CONSTANT,
        SIGMA,
        LINEAR,
        DECREASING,
        INCREASING_DECREASING
    }

    /** An interval of times. */
    public record Interval(double start, double end) {}

    /**
     * The published distances from the ends. The reference forgets the second for noise and score
     * on {@link SitPath#LINEAR} and {@link SitPath#GVP}, and then cannot sample.
     */
    public static SitTransport of(SitPath path, Target target) {
        if (path == SitPath.VP) {
            return new SitTransport(path, target, 1e-5, 1e-3);
        }
        double eps = target == Target.VELOCITY ? 0 : 1e-3;
        return new SitTransport(path, target, eps, eps);
    }

    // Training

    /** The times to train at, evenly. */
    public Interval trainingTimes() {
        return interval(trainEps, false, DiffusionForm.SBDM, 0);
    }

    /**
     * Latents on the way.
     *
     * @param t of each clip, or one for all
     */
    public NDArray between(Kernels k, NDArray clips, NDArray noise, double... t) {
        NDManager m = clips.getManager();
        return k.mix(clips, floats(m, t, path::alpha), noise, floats(m, t, path::sigma));
    }

    /** The velocity at {@link #between}. */
    public NDArray velocity(Kernels k, NDArray clips, NDArray noise, double... t) {
        NDManager m = clips.getManager();
        return k.mix(clips, floats(m, t, path::alphaSlope), noise, floats(m, t, path::sigmaSlope));
    }

    /**
     * How far a model's output is from its target, (B).
     *
     * @param k {@link Kernels#autograd()} to train
     * @param output of the model for {@link #between}
     * @param weight does not matter to models of velocity
     * @param t of each clip
     */
    public NDArray loss(
            Kernels k,
            NDArray output,
            NDArray clips,
            NDArray noise,
            LossWeight weight,
            double... t) {
        NDManager m = clips.getManager();
        NDArray all = m.ones(new Shape(1));
        DoubleUnaryOperator weights =
                switch (weight) {
                    case NONE -> at -> 1;
                    case VELOCITY -> at -> square(path.diffusion(at) / path.sigma(at));
                    case LIKELIHOOD -> at -> path.diffusion(at) / square(path.sigma(at));
                };
        return switch (target) {
            case VELOCITY -> k.squaredError(output, velocity(k, clips, noise, t), all);
            case NOISE -> k.squaredError(output, noise, all).mul(floats(m, t, weights));
            case SCORE -> {
                NDArray one = floats(m, t, at -> 1);
                NDArray error = k.mix(output, floats(m, t, path::sigma), noise, one);
                NDArray zero = error.zerosLike();
                yield k.squaredError(error, zero, all).mul(floats(m, t, weights));
            }
        };
    }

    private static double square(double x) {
        return x * x;
    }

    private static NDArray floats(NDManager manager, double[] t, DoubleUnaryOperator at) {
        float[] values = new float[t.length];
        for (int i = 0; i < t.length; i++) {
            values[i] = (float) at.applyAsDouble(t[i]);
        }
        return manager.create(values);
    }

    // Sampling

    /** Along the velocity. Its steps are one less than the points that the reference counts. */
    public Sampler ode(SitOde.Method method) {
        Interval times = interval(sampleEps, false, DiffusionForm.SBDM, 0);
        return steps -> new SitOde(this, method, grid(times, steps + 1));
    }

    /**
     * By the velocity and the score, against fresh noise; the last step is without.
     *
     * @param lastSize how long the last step is, 0.04 as published; nothing for {@link
     *     SitSde.LastStep#NONE}
     */
    public Sampler sde(
            SitSde.Method method, DiffusionForm form, SitSde.LastStep last, double lastSize) {
        double size = last == SitSde.LastStep.NONE ? 0 : lastSize;
        Interval times = interval(sampleEps, true, form, size);
        return steps -> {
            TimestepSpacing.requireFrom(2, steps);
            return new SitSde(this, method, form, last, size, grid(times, steps));
        };
    }

    private Interval interval(double eps, boolean sde, DiffusionForm form, double lastSize) {
        double end = 1 - (sde && lastSize > 0 ? lastSize : eps);
        if (path == SitPath.VP) {
            return new Interval(0, end);
        }
        if (target == Target.VELOCITY && !sde) {
            return new Interval(0, 1);
        }
        boolean startIsSingular = target != Target.VELOCITY || (sde && form == DiffusionForm.SBDM);
        return new Interval(startIsSingular ? eps : 0, end);
    }

    private static double[] grid(Interval times, int points) {
        TimestepSpacing.requireFrom(2, points);
        double[] grid = new double[points];
        double step = (times.end - times.start) / (points - 1);
        for (int i = 0; i < points; i++) {
            grid[i] =
                    (float)
                            (i < points / 2
                                    ? times.start + i * step
                                    : times.end - (points - 1 - i) * step);
        }
        return grid;
    }

    /** The velocity that the model's output for {@code x} means. */
    NDArray velocity(Kernels k, NDArray output, NDArray x, double t) {
        return switch (target) {
            case VELOCITY -> output;
            case NOISE ->
                    k.mix(x, path.alphaSlopeRatio(t), output, -path.diffusion(t) / path.sigma(t));
            case SCORE -> k.mix(x, path.alphaSlopeRatio(t), output, path.diffusion(t));
        };
    }

    /** The gradient of the log density that the model's output for {@code x} means. */
    NDArray score(Kernels k, NDArray output, NDArray x, double t) {
        double sigma = path.sigma(t);
        return switch (target) {
            case VELOCITY -> {
                double ratio = path.alpha(t) / path.alphaSlope(t);
                double variance = sigma * sigma - ratio * path.sigmaSlope(t) * sigma;
                yield k.mix(output, ratio / variance, x, -1 / variance);
            }
            case NOISE -> output.div((float) -sigma);
            case SCORE -> output;
        };
    }

    /** The clip that the model's output for {@code x} means. */
    NDArray clean(Kernels k, NDArray output, NDArray x, double t) {
        double alpha = path.alpha(t);
        double sigma = path.sigma(t);
        return switch (target) {
            case VELOCITY -> {
                double turn = sigma * path.alphaSlope(t) - path.sigmaSlope(t) * alpha;
                yield k.mix(output, sigma / turn, x, -path.sigmaSlope(t) / turn);
            }
            case NOISE -> k.mix(x, 1 / alpha, output, -sigma / alpha);
            case SCORE -> k.mix(x, 1 / alpha, output, sigma * sigma / alpha);
        };
    }

    /** Half the variance of an SDE's noise per time. */
    double diffusion(DiffusionForm form, double t) {
        return switch (form) {
            case SBDM -> path.diffusion(t);
            case CONSTANT -> 1;
            case SIGMA -> path.sigma(t);
            case LINEAR -> 1 - t;
            case DECREASING -> square(Math.cos(Math.PI * t) + 1) / 4;
            case INCREASING_DECREASING -> square(Math.sin(Math.PI * t));
        };
    }
}
