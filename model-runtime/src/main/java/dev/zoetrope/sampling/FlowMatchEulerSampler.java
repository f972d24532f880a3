package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;

/**
 * Euler's method along a rectified flow from noise (time 1000) to clean latents, whose times are
 * shifted towards the noise (Esser et al. 2024).
 *
 * <p>As diffusers 0.30.2, {@code scheduling_flow_match_euler_discrete.py}, where both the ends of
 * the schedule and the times between them are shifted.
 */
final class FlowMatchEulerSampler implements Sampler {
    private final int trainSteps;
    private final double shift;

    FlowMatchEulerSampler(SchedulerConfig c) {
        c.mustBeOff("use_dynamic_shifting", "shift_terminal", "stochastic_sampling");
        c.mustBeOff("invert_sigmas", "use_karras_sigmas");
        c.mustBeOff("use_exponential_sigmas", "use_beta_sigmas");
        trainSteps = c.integer("num_train_timesteps", 1000, 2, Integer.MAX_VALUE);
        shift = c.number("shift", 1);
    }

    private double shifted(double sigma) {
        return shift * sigma / (1 + (shift - 1) * sigma);
    }

    @Override
    public Plan plan(int steps) {
        TimestepSpacing.requireSteps(steps, trainSteps);
        double last = shifted(1. / trainSteps);
        double[] times = new double[steps];
        float[] sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            double ramp = steps == 1 ? 0 : i / (steps - 1.);
            sigmas[i] = (float) shifted(1 + ramp * (last - 1));
            times[i] = sigmas[i] * trainSteps;
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
            public NDArray step(Step s) {
                Kernels k = Kernels.inference();
                int i = s.index();
                NDArray velocity = s.prediction(s.x(), times[i]);
                s.showClean(k.mix(s.x(), 1, velocity, -sigmas[i]));
                return k.mix(s.x(), 1, velocity, sigmas[i + 1] - sigmas[i]);
            }
        };
    }
}
