package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * DDIM on CogVideoX's schedule (Yang et al. 2024), whose signal-to-noise ratio is shifted down and
 * ends in 0.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_ddim_cogvideox.py}; it never clips, whatever the
 * configuration says.
 */
final class CogVideoXDdimSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int offset;
    private final double finalAlphaCumprod;

    CogVideoXDdimSampler(SchedulerConfig c) {
        schedule = NoiseSchedule.shifted(c, 0.00085, 0.012, 3);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LEADING);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
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
                NDArray x0 = prediction.clean(output, s.x(), Math.sqrt(left), Math.sqrt(1 - left));
                s.showClean(x0);
                double ofNoisy = Math.sqrt((1 - prev) / (1 - left));
                double ofClean = Math.sqrt(prev) - Math.sqrt(left) * ofNoisy;
                return Kernels.inference().mix(s.x(), ofNoisy, x0, ofClean);
            }
        };
    }
}
