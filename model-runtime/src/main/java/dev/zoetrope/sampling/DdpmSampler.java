package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * Denoising diffusion probabilistic models (Ho et al. 2020): the posterior's mean, and fresh noise
 * in all steps but that at time 0.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_ddpm.py}, whose default clips the clean latents.
 */
final class DdpmSampler implements DiffusionSampler {
    private static final double LEAST_VARIANCE = 1e-20;

    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final Variance variance;
    private final int offset;
    private final double clip;

    private enum Variance {
        FIXED_SMALL,
        FIXED_SMALL_LOG,
        FIXED_LARGE
    }

    DdpmSampler(SchedulerConfig c) {
        c.mustBeOff("thresholding");
        schedule = NoiseSchedule.of(c, 0.0001, 0.02).rescaled(c);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LEADING);
        variance = c.choice("variance_type", Variance.FIXED_SMALL);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
        clip = c.clip(true);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        double[] times = spacing.times(steps, schedule.steps(), offset);
        int stride = schedule.steps() / steps;
        return new Plan() {
            @Override
            public double[] times() {
                return times;
            }

            @Override
            public NDArray step(Step s) {
                Kernels k = Kernels.inference();
                int t = (int) times[s.index()];
                double left = schedule.alphaCumprod(t);
                double prev = t < stride ? 1 : schedule.alphaCumprod(t - stride);
                double alpha = left / prev;
                NDArray x0 =
                        prediction
                                .clean(
                                        s.prediction(s.x(), t),
                                        s.x(),
                                        Math.sqrt(left),
                                        Math.sqrt(1 - left))
                                .clip(-clip, clip);
                s.showClean(x0);
                NDArray mean =
                        k.mix(
                                x0,
                                Math.sqrt(prev) * (1 - alpha) / (1 - left),
                                s.x(),
                                Math.sqrt(alpha) * (1 - prev) / (1 - left));
                if (t == 0) {
                    return mean;
                }
                double v =
                        variance == Variance.FIXED_LARGE
                                ? 1 - alpha
                                : (1 - prev) / (1 - left) * (1 - alpha);
                return k.mix(mean, 1, s.noise(), Math.sqrt(Math.max(v, LEAST_VARIANCE)));
            }
        };
    }
}
