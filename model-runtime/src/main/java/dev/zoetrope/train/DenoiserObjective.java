package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.runtime.training.Objective;
import dev.zoetrope.sampling.GaussianDiffusion;
import dev.zoetrope.sampling.GaussianDiffusion.Losses;
import dev.zoetrope.sampling.GaussianDiffusion.Tables;
import dev.zoetrope.sampling.GaussianDiffusion.Variance;

import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What training minimises, over times that a clip takes on its way to noise. Latents are (B, C, T,
 * H, W).
 */
public sealed interface DenoiserObjective {
    /** Steps of the noise schedule, and the time that flow models take for pure noise. */
    int TIMES = 1000;

    /** Which time a clip is trained at, in the objective's own terms. */
    double time(RandomGenerator random);

    /** What a model is told of a time. */
    float told(double time);

    /** Latents at their times. */
    NDArray noisy(Kernels k, NDArray clips, NDArray noise, double[] times);

    /**
     * How far a model's output is from what it is to say, (B).
     *
     * @param noisy from {@link #noisy}
     */
    NDArray loss(
            Kernels k, NDArray output, NDArray clips, NDArray noisy, NDArray noise, double[] times);

    /** The {@code scheduler_config.json} by which such a model is sampled. */
    String scheduler();

    /** The objective of a request for a model of this kind. */
    static DenoiserObjective of(Objective objective, FlowTimes times, boolean learnsVariance) {
        return switch (objective) {
            case FLOW -> new Flow(times);
            case EPS -> Noise.of(learnsVariance);
            case V -> Velocity.linear();
        };
    }

    /** Along a straight line from the clip at 0 to the noise at 1. */
    record Flow(FlowTimes times) implements DenoiserObjective {
        @Override
        public double time(RandomGenerator random) {
            return switch (times) {
                case UNIFORM -> random.nextDouble();
                case LOGIT_NORMAL -> 1 / (1 + Math.exp(-random.nextGaussian()));
            };
        }

        @Override
        public float told(double time) {
            return (float) (time * TIMES);
        }

        @Override
        public NDArray noisy(Kernels k, NDArray clips, NDArray noise, double[] times) {
            NDManager m = clips.getManager();
            return k.mix(clips, floats(m, times, t -> 1 - t), noise, floats(m, times, t -> t));
        }

        @Override
        public NDArray loss(
                Kernels k,
                NDArray output,
                NDArray clips,
                NDArray noisy,
                NDArray noise,
                double[] times) {
            return error(k, output, k.mix(noise, 1, clips, -1));
        }

        @Override
        public String scheduler() {
            return "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\"}";
        }
    }

    /** Improved diffusion's. */
    record Noise(GaussianDiffusion process, boolean learnsVariance) implements DenoiserObjective {
        static Noise of(boolean learnsVariance) {
            Variance variance = learnsVariance ? Variance.LEARNED_RANGE : Variance.FIXED_LARGE;
            return new Noise(GaussianDiffusion.linear(TIMES, 1, variance), learnsVariance);
        }

        @Override
        public double time(RandomGenerator random) {
            return random.nextInt(TIMES);
        }

        @Override
        public float told(double time) {
            return (float) time;
        }

        @Override
        public NDArray noisy(Kernels k, NDArray clips, NDArray noise, double[] times) {
            return process.addNoise(k, clips, noise, steps(times));
        }

        @Override
        public NDArray loss(
                Kernels k,
                NDArray output,
                NDArray clips,
                NDArray noisy,
                NDArray noise,
                double[] times) {
            Losses losses = process.losses(k, output, clips, noisy, noise, steps(times));
            return k.add(losses.mse(), losses.bound());
        }

        @Override
        public String scheduler() {
            return "{\"_class_name\": \"GaussianDiffusion\", \"learn_sigma\": %s}"
                    .formatted(learnsVariance);
        }
    }

    /** The velocity along improved diffusion's schedule. */
    record Velocity(GaussianDiffusion process) implements DenoiserObjective {
        static Velocity linear() {
            return new Velocity(GaussianDiffusion.linear(TIMES, 1, Variance.FIXED_LARGE));
        }

        @Override
        public double time(RandomGenerator random) {
            return random.nextInt(TIMES);
        }

        @Override
        public float told(double time) {
            return (float) time;
        }

        @Override
        public NDArray noisy(Kernels k, NDArray clips, NDArray noise, double[] times) {
            return process.addNoise(k, clips, noise, steps(times));
        }

        @Override
        public NDArray loss(
                Kernels k,
                NDArray output,
                NDArray clips,
                NDArray noisy,
                NDArray noise,
                double[] times) {
            Tables tables = process.tables();
            NDManager m = clips.getManager();
            DoubleUnaryOperator left = t -> tables.alphasCumprod().get((int) t);
            NDArray velocity =
                    k.mix(
                            noise,
                            floats(m, times, t -> Math.sqrt(left.applyAsDouble(t))),
                            clips,
                            floats(m, times, t -> -Math.sqrt(1 - left.applyAsDouble(t))));
            return error(k, output, velocity);
        }

        @Override
        public String scheduler() {
            return """
            {"_class_name": "DDIMScheduler", "beta_schedule": "linear", "beta_start": 1e-4,
             "beta_end": 0.02, "prediction_type": "v_prediction", "clip_sample": false,
             "timestep_spacing": "trailing"}
            """;
        }
    }

    /** The squared error of the first of the output's channels. */
    private static NDArray error(Kernels k, NDArray output, NDArray target) {
        NDArray said = k.narrow(output, 1, 0, target.getShape().get(1));
        return k.squaredError(said, target, target.getManager().create(new float[] {1}));
    }

    private static int[] steps(double[] times) {
        int[] steps = new int[times.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = (int) times[i];
        }
        return steps;
    }

    private static NDArray floats(NDManager manager, double[] times, DoubleUnaryOperator at) {
        float[] values = new float[times.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) at.applyAsDouble(times[i]);
        }
        return manager.create(values);
    }
}
