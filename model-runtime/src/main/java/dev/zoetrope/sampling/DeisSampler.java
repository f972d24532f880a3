package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.List;

/**
 * The diffusion exponential integrator (Zhang and Chen 2023) as a multistep: polynomials in the
 * logarithm of the noise level through the last predictions of noise, integrated exactly.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_deis_multistep.py}, which always ends at the lowest
 * noise level of the schedule.
 */
final class DeisSampler implements DiffusionSampler {
    /** Runs shorter than this end in steps of lower order, for stability. */
    private static final int FEW_STEPS = 15;

    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int solverOrder;
    private final boolean lowerOrderFinal;
    private final int offset;
    private final LevelSpacing levelSpacing;

    DeisSampler(SchedulerConfig c) {
        c.mustBeOff("thresholding");
        c.only("algorithm_type", "deis");
        c.only("solver_type", "logrho");
        schedule = NoiseSchedule.of(c, 0.0001, 0.02);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LINSPACE);
        solverOrder = c.integer("solver_order", 2, 1, 3);
        lowerOrderFinal = c.flag("lower_order_final", true);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
        levelSpacing = LevelSpacing.of(c);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        double[] spaced = spacing.timesBeforeEnd(steps, schedule.steps(), offset);
        return new Multistep(
                levelSpacing.levelsAtWholeTimes(
                        spaced, schedule, FinalLevel.SIGMA_MIN.of(schedule)),
                lowerOrderFinal && steps < FEW_STEPS);
    }

    private final class Multistep implements Plan {
        private final double[] times;
        private final float[] sigmas;
        private final boolean lowerAtEnd;

        Multistep(NoiseLevels levels, boolean lowerAtEnd) {
            this.times = levels.times();
            this.sigmas = levels.sigmas();
            this.lowerAtEnd = lowerAtEnd;
        }

        @Override
        public double[] times() {
            return times;
        }

        @Override
        public float[] sigmas() {
            return sigmas;
        }

        private int order(int i) {
            int order = Math.min(solverOrder, i + 1);
            return lowerAtEnd ? Math.min(order, times.length - i) : order;
        }

        @Override
        public NDArray step(Step s) {
            Kernels k = Kernels.inference();
            int i = s.index();
            double alphaHere = NoiseLevels.alpha(sigmas[i]);
            double sigmaHere = sigmas[i] * alphaHere;
            NDArray output = s.prediction(s.x(), times[i]);
            s.showClean(prediction.clean(output, s.x(), alphaHere, sigmaHere));
            NDArray epsilon = prediction.epsilon(output, s.x(), alphaHere, sigmaHere);
            s.keep("before", epsilon);
            if (s.has("before")) {
                s.keep("earlier", s.kept("before"));
            }

            double alpha = NoiseLevels.alpha(sigmas[i + 1]);
            double kept = alpha / alphaHere;
            double to = sigmas[i + 1];
            double from = sigmas[i];
            if (order(i) == 1) {
                return k.mix(s.x(), kept, epsilon, alpha * (to - from));
            }
            double before = sigmas[i - 1];
            if (order(i) == 2) {
                return k.weightedSum(
                        List.of(s.x(), epsilon, s.kept("before")),
                        kept,
                        alpha * (line(to, from, before) - line(from, from, before)),
                        alpha * (line(to, before, from) - line(from, before, from)));
            }
            double earlier = sigmas[i - 2];
            return k.weightedSum(
                    List.of(s.x(), epsilon, s.kept("before"), s.kept("earlier")),
                    kept,
                    alpha * (curve(to, from, before, earlier) - curve(from, from, before, earlier)),
                    alpha * (curve(to, before, earlier, from) - curve(from, before, earlier, from)),
                    alpha
                            * (curve(to, earlier, from, before)
                                    - curve(from, earlier, from, before)));
        }

        /** The integral of the line in log t that is 1 at b and 0 at c. */
        private static double line(double t, double b, double c) {
            return t * (Math.log(t) - Math.log(c) - 1) / (Math.log(b) - Math.log(c));
        }

        /** The integral of the parabola in log t that is 1 at b and 0 at c and d. */
        private static double curve(double t, double b, double c, double d) {
            double logT = Math.log(t);
            double logB = Math.log(b);
            double logC = Math.log(c);
            double logD = Math.log(d);
            double numerator =
                    t
                            * (logC * (logD - logT + 1)
                                    - logD * logT
                                    + logD
                                    + logT * logT
                                    - 2 * logT
                                    + 2);
            return numerator / ((logB - logC) * (logB - logD));
        }
    }
}
