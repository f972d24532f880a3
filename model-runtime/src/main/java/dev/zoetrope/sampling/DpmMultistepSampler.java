package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.List;

/**
 * DPM-Solver++ (Lu et al. 2022) as a multistep: up to third order in the logarithm of the
 * signal-to-noise ratio, from the clean latents of the last steps; as an ODE, or with fresh noise
 * as an SDE.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_dpmsolver_multistep.py}.
 */
final class DpmMultistepSampler implements DiffusionSampler {
    /** Runs shorter than this end in steps of lower order, for stability. */
    private static final int FEW_STEPS = 15;

    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int solverOrder;
    private final SolverType solver;
    private final boolean stochastic;
    private final boolean lowerOrderFinal;
    private final boolean eulerAtFinal;
    private final int offset;
    private final LevelSpacing levelSpacing;
    private final FinalLevel finalLevel;

    DpmMultistepSampler(SchedulerConfig c) {
        c.mustBeOff("thresholding", "use_lu_lambdas");
        c.only("lambda_min_clipped", "-Infinity");
        schedule = NoiseSchedule.of(c, 0.0001, 0.02).rescaled(c).withFiniteEnd();
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LINSPACE);
        solver = c.choice("solver_type", SolverType.MIDPOINT);
        c.only("algorithm_type", "dpmsolver++", "sde-dpmsolver++");
        stochastic = c.text("algorithm_type", "").equals("sde-dpmsolver++");
        solverOrder = c.integer("solver_order", 2, 1, stochastic ? 2 : 3);
        lowerOrderFinal = c.flag("lower_order_final", true);
        eulerAtFinal = c.flag("euler_at_final", false);
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
        double[] spaced = spacing.timesBeforeEnd(steps, schedule.steps(), offset);
        return new Multistep(
                levelSpacing.levelsAtWholeTimes(spaced, schedule, finalLevel.of(schedule)));
    }

    private final class Multistep implements Plan {
        private final double[] times;
        private final float[] sigmas;

        Multistep(NoiseLevels levels) {
            times = levels.times();
            sigmas = levels.sigmas();
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
            int n = times.length;
            boolean lowerAtEnd = lowerOrderFinal && n < FEW_STEPS;
            boolean firstAtEnd = lowerAtEnd || eulerAtFinal || finalLevel == FinalLevel.ZERO;
            if (i == n - 1 && firstAtEnd) {
                return 1;
            }
            int order = Math.min(solverOrder, i + 1);
            return i == n - 2 && lowerAtEnd ? Math.min(order, 2) : order;
        }

        @Override
        public NDArray step(Step s) {
            int i = s.index();
            double alpha = NoiseLevels.alpha(sigmas[i]);
            NDArray output = s.prediction(s.x(), times[i]);
            NDArray x0 = prediction.clean(output, s.x(), alpha, sigmas[i] * alpha);
            s.showClean(x0);
            s.keep("before", x0);
            if (s.has("before")) {
                s.keep("earlier", s.kept("before"));
            }
            return stochastic ? stochasticStep(s, x0) : step(s, x0);
        }

        private NDArray step(Step s, NDArray x0) {
            Kernels k = Kernels.inference();
            int i = s.index();
            double alpha = NoiseLevels.alpha(sigmas[i + 1]);
            double sigma = sigmas[i + 1] * alpha;
            double kept = sigma / (sigmas[i] * NoiseLevels.alpha(sigmas[i]));
            double h = logRatio(i, i + 1);
            double moved = alpha * -Math.expm1(-h);
            double curved = alpha * (Math.expm1(-h) / h + 1);
            int order = order(i);
            if (order == 1) {
                return k.mix(s.x(), kept, x0, moved);
            }
            double r0 = logRatio(i - 1, i) / h;
            NDArray slope = k.mix(x0, 1 / r0, s.kept("before"), -1 / r0);
            if (order == 2) {
                double weight = solver == SolverType.HEUN ? curved : moved / 2;
                return k.weightedSum(List.of(s.x(), x0, slope), kept, moved, weight);
            }
            double r1 = logRatio(i - 2, i - 1) / h;
            NDArray earlier = k.mix(s.kept("before"), 1 / r1, s.kept("earlier"), -1 / r1);
            NDArray first = k.mix(slope, 1 + r0 / (r0 + r1), earlier, -r0 / (r0 + r1));
            NDArray second = k.mix(slope, 1 / (r0 + r1), earlier, -1 / (r0 + r1));
            double bent = alpha * ((Math.expm1(-h) + h) / (h * h) - 0.5);
            return k.weightedSum(List.of(s.x(), x0, first, second), kept, moved, curved, -bent);
        }

        private NDArray stochasticStep(Step s, NDArray x0) {
            Kernels k = Kernels.inference();
            int i = s.index();
            double alpha = NoiseLevels.alpha(sigmas[i + 1]);
            double sigma = sigmas[i + 1] * alpha;
            double h = logRatio(i, i + 1);
            double kept = sigma / (sigmas[i] * NoiseLevels.alpha(sigmas[i])) * Math.exp(-h);
            double moved = alpha * -Math.expm1(-2 * h);
            double fresh = sigma * Math.sqrt(-Math.expm1(-2 * h));
            if (order(i) == 1) {
                return k.weightedSum(List.of(s.x(), x0, s.noise()), kept, moved, fresh);
            }
            double r0 = logRatio(i - 1, i) / h;
            NDArray slope = k.mix(x0, 1 / r0, s.kept("before"), -1 / r0);
            double weight =
                    solver == SolverType.HEUN
                            ? alpha * (Math.expm1(-2 * h) / (2 * h) + 1)
                            : moved / 2;
            return k.weightedSum(List.of(s.x(), x0, slope, s.noise()), kept, moved, weight, fresh);
        }

        private double logRatio(int from, int to) {
            return Math.log(sigmas[from]) - Math.log(sigmas[to]);
        }
    }
}
