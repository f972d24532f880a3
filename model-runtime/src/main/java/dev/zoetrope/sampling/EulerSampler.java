package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * Euler's method on the probability flow (Karras et al. 2022, algorithm 2 without churn).
 *
 * <p>As diffusers 0.30.2, {@code scheduling_euler_discrete.py}.
 */
final class EulerSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int offset;
    private final LevelSpacing levelSpacing;
    private final FinalLevel finalLevel;

    EulerSampler(SchedulerConfig c) {
        c.only("interpolation_type", "linear");
        c.only("timestep_type", "discrete");
        schedule = NoiseSchedule.of(c, 0.0001, 0.02).rescaled(c).withFiniteEnd();
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LINSPACE);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
        levelSpacing = LevelSpacing.of(c);
        finalLevel = c.choice("final_sigmas_type", FinalLevel.ZERO);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        double[] spaced = spacing.fractions(steps, schedule.steps(), offset);
        NoiseLevels levels = levelSpacing.levels(spaced, schedule, finalLevel.of(schedule));
        float[] sigmas = levels.sigmas();
        return new Plan() {
            @Override
            public double[] times() {
                return levels.times();
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
                float sigma = sigmas[i];
                NDArray input = NoiseLevels.scaled(s.x(), sigma);
                NDArray output = s.prediction(input, times()[i]);
                s.noise().close(); // drawn for a churn of 0, as the reference does
                NDArray x0 = prediction.clean(output, s.x(), sigma);
                s.showClean(x0);
                return Kernels.inference().eulerStep(s.x(), x0, sigma, sigmas[i + 1] - sigma);
            }
        };
    }
}
