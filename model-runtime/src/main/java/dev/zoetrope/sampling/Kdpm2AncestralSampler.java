package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.List;

/**
 * The second-order step of DPM-Solver (Lu et al. 2022) with fresh noise after it (k-diffusion's
 * {@code dpm_2_ancestral}): to the geometric middle of two levels, and by its slope all the way.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_k_dpm_2_ancestral_discrete.py}.
 */
final class Kdpm2AncestralSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int offset;
    private final LevelSpacing levelSpacing;

    Kdpm2AncestralSampler(SchedulerConfig c) {
        schedule = NoiseSchedule.of(c, 0.00085, 0.012);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LINSPACE);
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
        return new HalfSteps(levelSpacing.levels(spaced, schedule, 0));
    }

    /** Evaluation 2 i is at level i, evaluation 2 i + 1 between it and the next. */
    private final class HalfSteps implements Plan {
        private final double[] times;
        private final float[] levels;

        HalfSteps(NoiseLevels spaced) {
            levels = spaced.sigmas();
            float[] trained = schedule.sigmas();
            times = new double[2 * levels.length - 3];
            for (int i = 0; i < times.length; i++) {
                times[i] =
                        i % 2 == 0
                                ? spaced.times()[i / 2]
                                : NoiseLevels.timeOf(middle(i / 2), trained);
            }
        }

        private double down(int level) {
            double to = levels[level + 1];
            return to * to / levels[level];
        }

        private double middle(int level) {
            return Math.sqrt(levels[level] * down(level));
        }

        @Override
        public double[] times() {
            return times;
        }

        @Override
        public float[] sigmas() {
            // Each level after the first twice, as the reference lists them.
            float[] sigmas = new float[2 * levels.length];
            for (int i = 0; i < sigmas.length; i++) {
                sigmas[i] = levels[Math.min((i + 1) / 2, levels.length - 1)];
            }
            return sigmas;
        }

        @Override
        public double noiseScale() {
            return NoiseLevels.noiseScale(levels, spacing);
        }

        @Override
        public NDArray step(Step s) {
            Kernels k = Kernels.inference();
            int level = s.index() / 2;
            double from = levels[level];
            double middle = middle(level);
            boolean first = s.index() % 2 == 0;
            float at = (float) (first ? from : middle);
            NDArray input = NoiseLevels.scaled(s.x(), at);
            NDArray output = s.prediction(input, times[s.index()]);
            NDArray x0 = prediction.clean(output, s.x(), at);
            s.showClean(x0);
            NDArray noise = s.noise(); // drawn in both halves, as the reference does
            NDArray slope = k.mix(s.x(), 1. / at, x0, -1. / at);
            if (first) {
                s.keep("start", s.x());
                return k.mix(s.x(), 1, slope, middle - from);
            }
            double to = levels[level + 1];
            double down = down(level);
            double up = Math.sqrt(to * to - down * down);
            return k.weightedSum(List.of(s.kept("start"), slope, noise), 1, down - from, up);
        }
    }
}
