package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * Euler's method to below the next noise level, and fresh noise up to it (k-diffusion's {@code
 * euler_ancestral}).
 *
 * <p>As diffusers 0.30.2, {@code scheduling_euler_ancestral_discrete.py}.
 */
final class EulerAncestralSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int offset;

    EulerAncestralSampler(SchedulerConfig c) {
        schedule = NoiseSchedule.of(c, 0.0001, 0.02).rescaled(c).withFiniteEnd();
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LINSPACE);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        double[] times = spacing.fractions(steps, schedule.steps(), offset);
        float[] sigmas = NoiseLevels.at(times, schedule, 0).sigmas();
        return new Plan() {
            @Override
            public double[] times() {
                return times;
            }

            @Override
            public float[] sigmas() {
                return sigmas;
            }

            @Override
            public double noiseScale() {
                return NoiseLevels.noiseScale(sigmas, spacing);
            }

            @Override
            public NDArray step(Step s) {
                int i = s.index();
                float from = sigmas[i];
                float to = sigmas[i + 1];
                NDArray input = NoiseLevels.scaled(s.x(), from);
                NDArray output = s.prediction(input, times[i]);
                NDArray x0 = prediction.clean(output, s.x(), from);
                s.showClean(x0);
                // In fp32 as in the reference: from the highest level there is, that decides
                // digits.
                float up = (float) Math.sqrt(to * to * (from * from - to * to) / (from * from));
                float down = (float) Math.sqrt(to * to - up * up);
                return Kernels.inference()
                        .eulerStep(s.x(), x0, from, down - from)
                        .add(s.noise().mul(up));
            }
        };
    }
}
