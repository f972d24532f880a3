package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.List;
import java.util.stream.IntStream;

/**
 * DPM-Solver++ (Lu et al. 2022) as a singlestep: in groups of up to three evaluations that all
 * start from the same latents, each of higher order than the one before.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_dpmsolver_singlestep.py}, whose groups at the end are
 * of lower order whenever the last noise level is 0.
 */
final class DpmSinglestepSampler implements DiffusionSampler {
    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final int solverOrder;
    private final SolverType solver;
    private final boolean lowerOrderFinal;
    private final LevelSpacing levelSpacing;
    private final FinalLevel finalLevel;

    DpmSinglestepSampler(SchedulerConfig c) {
        c.mustBeOff("thresholding");
        c.only("algorithm_type", "dpmsolver++");
        c.only("lambda_min_clipped", "-Infinity");
        schedule = NoiseSchedule.of(c, 0.0001, 0.02);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        solver = c.choice("solver_type", SolverType.MIDPOINT);
        solverOrder = c.integer("solver_order", 2, 1, 3);
        lowerOrderFinal = c.flag("lower_order_final", true);
        levelSpacing = LevelSpacing.of(c);
        finalLevel = c.choice("final_sigmas_type", FinalLevel.ZERO);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        double[] spaced = TimestepSpacing.LINSPACE.timesBeforeEnd(steps, schedule.steps(), 0);
        return new Groups(
                levelSpacing.levelsAtWholeTimes(spaced, schedule, finalLevel.of(schedule)),
                orders(steps));
    }

    /** The order of each evaluation: 1, 2, 1, 2, … and perhaps 1 again at the end. */
    private int[] orders(int steps) {
        int[] orders = IntStream.range(0, steps).map(i -> i % solverOrder + 1).toArray();
        boolean wholeGroups = steps % solverOrder == 0;
        if (finalLevel == FinalLevel.ZERO || (lowerOrderFinal && wholeGroups)) {
            orders[steps - 1] = 1;
        }
        return orders;
    }

    private final class Groups implements Plan {
        private final double[] times;
        private final float[] sigmas;
        private final int[] orders;

        Groups(NoiseLevels levels, int[] orders) {
            this.times = levels.times();
            this.sigmas = levels.sigmas();
            this.orders = orders;
        }

        @Override
        public double[] times() {
            return times;
        }

        @Override
        public float[] sigmas() {
            return sigmas;
        }

        @Override
        public NDArray step(Step s) {
            Kernels k = Kernels.inference();
            int i = s.index();
            int order = orders[i];
            double alphaHere = NoiseLevels.alpha(sigmas[i]);
            NDArray output = s.prediction(s.x(), times[i]);
            NDArray x0 = prediction.clean(output, s.x(), alphaHere, sigmas[i] * alphaHere);
            s.showClean(x0);
            NDArray start = order == 1 ? s.x() : s.kept("start");
            s.keep("start", start);
            s.keep("before", x0);
            if (order > 1) {
                s.keep("earlier", s.kept("before"));
            }

            int from = i - order + 1;
            double alpha = NoiseLevels.alpha(sigmas[i + 1]);
            double kept = sigmas[i + 1] * alpha / (sigmas[from] * NoiseLevels.alpha(sigmas[from]));
            double h = logRatio(from, i + 1);
            double moved = alpha * -Math.expm1(-h);
            double curved = alpha * (Math.expm1(-h) / h + 1);
            if (order == 1) {
                return k.mix(start, kept, x0, moved);
            }
            double r0 = logRatio(from, i) / h;
            if (order == 2) {
                NDArray first = s.kept("before");
                NDArray slope = k.mix(x0, 1 / r0, first, -1 / r0);
                double weight = solver == SolverType.HEUN ? curved : moved / 2;
                return k.weightedSum(List.of(start, first, slope), kept, moved, weight);
            }
            double r1 = logRatio(from, i - 1) / h;
            NDArray first = s.kept("earlier");
            NDArray near = k.mix(s.kept("before"), 1 / r1, first, -1 / r1);
            NDArray far = k.mix(x0, 1 / r0, first, -1 / r0);
            if (solver == SolverType.MIDPOINT) {
                return k.weightedSum(List.of(start, first, far), kept, moved, curved);
            }
            NDArray slope = k.mix(near, r0 / (r0 - r1), far, -r1 / (r0 - r1));
            NDArray bend = k.mix(far, 2 / (r0 - r1), near, -2 / (r0 - r1));
            double bent = alpha * ((Math.expm1(-h) + h) / (h * h) - 0.5);
            return k.weightedSum(List.of(start, first, slope, bend), kept, moved, curved, -bent);
        }

        private double logRatio(int from, int to) {
            return Math.log(sigmas[from]) - Math.log(sigmas[to]);
        }
    }
}
