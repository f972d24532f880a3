package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * Denoising diffusion implicit models (Song et al. 2021), without noise: back to the clean latents
 * and forward again to the step before.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_ddim.py}, whose default clips the clean latents.
 */
final class DdimSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int offset;
    private final double clip;
    private final double finalAlphaCumprod;

    DdimSampler(SchedulerConfig c) {
        c.mustBeOff("thresholding");
        schedule = NoiseSchedule.of(c, 0.0001, 0.02).rescaled(c);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LEADING);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
        clip = c.clip(true);
        finalAlphaCumprod = c.flag("set_alpha_to_one", true) ? 1 : schedule.alphaCumprod(0);
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
                int t = (int) times[s.index()];
                double left = schedule.alphaCumprod(t);
                double prev = t < stride ? finalAlphaCumprod : schedule.alphaCumprod(t - stride);
                NDArray output = s.prediction(s.x(), t);
                double alpha = Math.sqrt(left);
                double sigma = Math.sqrt(1 - left);
                NDArray x0 = prediction.clean(output, s.x(), alpha, sigma).clip(-clip, clip);
                s.showClean(x0);
                NDArray epsilon = prediction.epsilon(output, s.x(), alpha, sigma);
                return Kernels.inference().mix(x0, Math.sqrt(prev), epsilon, Math.sqrt(1 - prev));
            }
        };
    }
}
