package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Pseudo numerical methods (Liu et al. 2022): a linear multistep over the last four predictions of
 * noise, which begins with three Runge-Kutta steps of four evaluations each or, without those, with
 * one repeated step.
 *
 * <p>As diffusers 0.30.2, {@code scheduling_pndm.py}.
 */
final class PndmSampler implements DiffusionSampler {
    private static final int ORDER = 4;
    private static final int RUNGE_KUTTA_STEPS = ORDER - 1;

    private final NoiseSchedule schedule;
    private final Prediction prediction;
    private final TimestepSpacing spacing;
    private final int offset;
    private final boolean skipRungeKutta;
    private final double finalAlphaCumprod;

    PndmSampler(SchedulerConfig c) {
        schedule = NoiseSchedule.of(c, 0.0001, 0.02);
        prediction = c.choice("prediction_type", Prediction.EPSILON);
        spacing = c.choice("timestep_spacing", TimestepSpacing.LEADING);
        offset = c.integer("steps_offset", 0, 0, schedule.steps() - 1);
        skipRungeKutta = c.flag("skip_prk_steps", false);
        finalAlphaCumprod = c.flag("set_alpha_to_one", false) ? 1 : schedule.alphaCumprod(0);
    }

    @Override
    public NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public Plan plan(int steps) {
        int fewest = skipRungeKutta ? 2 : ORDER;
        TimestepSpacing.requireFrom(fewest, steps);
        double[] falling = spacing.times(steps, schedule.steps(), offset);
        int stride = schedule.steps() / steps;
        return skipRungeKutta
                ? new Multistep(repeatingTheSecond(falling), stride, 0)
                : new Multistep(withRungeKutta(falling, stride), stride, RUNGE_KUTTA_STEPS * 4);
    }

    private static double[] repeatingTheSecond(double[] falling) {
        return DoubleStream.concat(
                        DoubleStream.of(falling[0], falling[1]), DoubleStream.of(falling).skip(1))
                .toArray();
    }

    /** Each Runge-Kutta step evaluates at its time, twice in the middle, and at the next time. */
    private static double[] withRungeKutta(double[] falling, int stride) {
        DoubleStream.Builder times = DoubleStream.builder();
        int half = stride / 2;
        for (int i = 0; i < RUNGE_KUTTA_STEPS; i++) {
            double middle = falling[i + 1] + half;
            times.add(falling[i]).add(middle).add(middle).add(falling[i + 1]);
        }
        for (int i = RUNGE_KUTTA_STEPS; i < falling.length; i++) {
            times.add(falling[i]);
        }
        return times.build().toArray();
    }

    private final class Multistep implements Plan {
        private final double[] times;
        private final int stride;
        private final int rungeKutta;

        Multistep(double[] times, int stride, int rungeKutta) {
            this.times = times;
            this.stride = stride;
            this.rungeKutta = rungeKutta;
        }

        @Override
        public double[] times() {
            return times;
        }

        @Override
        public NDArray step(Step s) {
            int t = (int) times[s.index()];
            NDArray output = s.prediction(s.x(), t);
            double left = schedule.alphaCumprod(t);
            s.showClean(prediction.clean(output, s.x(), Math.sqrt(left), Math.sqrt(1 - left)));
            return s.index() < rungeKutta ? rungeKuttaStep(s, output) : multistep(s, output, t);
        }

        private NDArray rungeKuttaStep(Step s, NDArray output) {
            Kernels k = Kernels.inference();
            int stage = s.index() % 4;
            int t = (int) times[s.index() - stage];
            NDArray start = stage == 0 ? s.x() : s.kept("start");
            List<NDArray> history = history(s);
            if (stage == 0) {
                history.add(output);
            }
            keepHistory(s, history);
            s.keep("start", start);
            NDArray slope = output;
            switch (stage) {
                case 0 -> s.keep("sum", output.mul(1 / 6f));
                case 1, 2 -> s.keep("sum", k.mix(s.kept("sum"), 1, output, 1 / 3.));
                default -> slope = k.mix(s.kept("sum"), 1, output, 1 / 6.);
            }
            int to = (int) times[s.index()] - (stage % 2 == 0 ? stride / 2 : 0);
            return back(start, slope, t, to);
        }

        private NDArray multistep(Step s, NDArray output, int t) {
            Kernels k = Kernels.inference();
            List<NDArray> e = history(s);
            if (rungeKutta == 0 && s.index() == 1) {
                // The first step again, by the mean of the slopes at its two ends.
                keepHistory(s, e);
                NDArray slope = k.mix(output, 0.5, e.getFirst(), 0.5);
                return back(s.kept("start"), slope, t + stride, t);
            }
            e.add(output);
            keepHistory(s, e);
            if (s.index() == 0) {
                s.keep("start", s.x());
            }
            List<NDArray> newest = e.reversed();
            NDArray slope =
                    switch (e.size()) {
                        case 1 -> output;
                        case 2 -> k.weightedSum(newest, 3 / 2., -1 / 2.);
                        case 3 -> k.weightedSum(newest, 23 / 12., -16 / 12., 5 / 12.);
                        default -> k.weightedSum(newest, 55 / 24., -59 / 24., 37 / 24., -9 / 24.);
                    };
            return back(s.x(), slope, t, t - stride);
        }

        /** The last predictions, oldest first, at most three. */
        private List<NDArray> history(Step s) {
            List<NDArray> history = new ArrayList<>();
            for (int i = 0; s.has("e" + i); i++) {
                history.add(s.kept("e" + i));
            }
            return history;
        }

        private void keepHistory(Step s, List<NDArray> history) {
            List<NDArray> newest =
                    history.subList(Math.max(0, history.size() - (ORDER - 1)), history.size());
            for (int i = 0; i < newest.size(); i++) {
                s.keep("e" + i, newest.get(i));
            }
        }

        /** Formula 9 of the paper, with the noise that {@code output} stands for. */
        private NDArray back(NDArray x, NDArray output, int from, int to) {
            double left = schedule.alphaCumprod(from);
            double prev = to < 0 ? finalAlphaCumprod : schedule.alphaCumprod(to);
            NDArray epsilon = prediction.epsilon(output, x, Math.sqrt(left), Math.sqrt(1 - left));
            double scale = left * Math.sqrt(1 - prev) + Math.sqrt(left * (1 - left) * prev);
            return Kernels.inference()
                    .mix(x, Math.sqrt(prev / left), epsilon, (left - prev) / scale);
        }
    }
}
