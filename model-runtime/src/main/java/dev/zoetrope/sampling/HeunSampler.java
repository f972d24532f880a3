package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * Heun's method on the probability flow (Karras et al. 2022, algorithm 1): a step of Euler's, then
 * the same step again by the mean of the slopes at its two ends. The last step has no second half.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_heun_discrete.py}.
 */
final class HeunSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final double clip;
    private final int offset;
    private final LevelSpacing levelSpacing;

    HeunSampler(SchedulerConfig c) {
        schedule = NoiseSchedule.of(c, 0.00085, 0.012);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LINSPACE);
        clip = c.clip(false);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
        levelSpacing = LevelSpacing.of(c);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        double[] spaced = spacing.fractions(steps, schedule.steps(), offset);
        NoiseLevels levels = levelSpacing.levels(spaced, schedule, 0);
        // Evaluation i belongs to level (i + 1) / 2: all but the first level are seen twice.
        double[] times = new double[2 * steps - 1];
        float[] sigmas = new float[2 * steps];
        for (int i = 0; i < times.length; i++) {
            times[i] = levels.times()[(i + 1) / 2];
            sigmas[i] = levels.sigmas()[(i + 1) / 2];
        }
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
                Kernels k = Kernels.inference();
                int i = s.index();
                float sigma = sigmas[i];
                NDArray input = NoiseLevels.scaled(s.x(), sigma);
                NDArray output = s.prediction(input, times[i]);
                NDArray x0 = prediction.clean(output, s.x(), sigma).clip(-clip, clip);
                s.showClean(x0);
                NDArray slope = k.mix(s.x(), 1. / sigma, x0, -1. / sigma);
                if (i % 2 == 0) {
                    s.keep("start", s.x());
                    s.keep("slope", slope);
                    return k.mix(s.x(), 1, slope, sigmas[i + 1] - sigma);
                }
                NDArray mean = k.mix(s.kept("slope"), 0.5, slope, 0.5);
                return k.mix(s.kept("start"), 1, mean, sigma - sigmas[i - 1]);
            }
        };
    }
}
