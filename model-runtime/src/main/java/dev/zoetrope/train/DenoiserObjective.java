package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.sampling.GaussianDiffusion;
import dev.zoetrope.sampling.GaussianDiffusion.Losses;
import dev.zoetrope.sampling.GaussianDiffusion.Variance;
import dev.zoetrope.sampling.SitPath;
import dev.zoetrope.sampling.SitTransport;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
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
     * How far a model's output is from what it is to say, (B); the mean over all latents.
     *
     * @param noisy from {@link #noisy}
     * @param mask (B, 1, T, H, W) or (1), 0 for latents that count as without error
     */
    NDArray loss(
            Kernels k,
            NDArray output,
            NDArray clips,
            NDArray noisy,
            NDArray noise,
            NDArray mask,
            double[] times);

    /** How much a clip's loss counts at a time. */
    default double weight(double time) {
        return 1;
    }

    /** The {@code scheduler_config.json} by which such a model is sampled. */
    String scheduler();

    /** The objective of a request for a model that may say a variance. */
    static DenoiserObjective of(DenoiserTrainingRequest request, boolean learnsVariance) {
        return switch (request.objective()) {
            case FLOW ->
                    new Flow(request.times(), Objects.requireNonNullElse(request.shift(), 1.0));
            case SIT ->
                    new Transport(
                            SitTransport.of(SitPath.LINEAR, SitTransport.Target.VELOCITY),
                            request.times());
            case EPS -> Noise.of(learnsVariance, request.minSnr());
            case V -> Velocity.of(request.minSnr(), request.zeroSnr());
        };
    }

    /**
     * Along a straight line from the clip at 0 to the noise at 1.
     *
     * @param shift above 0; times are moved towards the noise by more than 1
     */
    record Flow(FlowTimes times, double shift) implements DenoiserObjective {
        @Override
        public double time(RandomGenerator random) {
            double time = drawn(times, random);
            return shift * time / (1 + (shift - 1) * time);
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
                NDArray mask,
                double[] times) {
            return k.squaredError(said(k, output, clips), k.mix(noise, 1, clips, -1), mask);
        }

        @Override
        public String scheduler() {
            return "{\"_class_name\": \"FlowMatchEulerDiscreteScheduler\", \"shift\": %s}"
                    .formatted(shift);
        }
    }

    /** SiT's, from the noise at 0 to the clip at 1. */
    record Transport(SitTransport transport, FlowTimes times) implements DenoiserObjective {
        @Override
        public double time(RandomGenerator random) {
            SitTransport.Interval interval = transport.trainingTimes();
            return interval.start() + drawn(times, random) * (interval.end() - interval.start());
        }

        @Override
        public float told(double time) {
            return (float) time;
        }

        @Override
        public NDArray noisy(Kernels k, NDArray clips, NDArray noise, double[] times) {
            return transport.between(k, clips, noise, times);
        }

        @Override
        public NDArray loss(
                Kernels k,
                NDArray output,
                NDArray clips,
                NDArray noisy,
                NDArray noise,
                NDArray mask,
                double[] times) {
            NDArray velocity = transport.velocity(k, clips, noise, times);
            return k.squaredError(said(k, output, clips), velocity, mask);
        }

        @Override
        public String scheduler() {
            return "{\"_class_name\": \"SiTTransport\", \"sampling_method\": \"euler\"}";
        }
    }

    /** Improved diffusion's, with the variance where the model says one. */
    record Noise(GaussianDiffusion process, boolean learnsVariance, @Nullable Double minSnr)
            implements DenoiserObjective {
        static Noise of(boolean learnsVariance, @Nullable Double minSnr) {
            Variance variance = learnsVariance ? Variance.LEARNED_RANGE : Variance.FIXED_LARGE;
            return new Noise(GaussianDiffusion.linear(TIMES, 1, variance), learnsVariance, minSnr);
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
                NDArray mask,
                double[] times) {
            Losses losses =
                    mask.getShape().dimension() == 1
                            ? process.losses(k, output, clips, noisy, noise, steps(times))
                            : process.maskedLosses(
                                    k, output, clips, noisy, noise, mask.squeeze(1), steps(times));
            return k.add(losses.mse(), losses.bound());
        }

        @Override
        public double weight(double time) {
            if (minSnr == null) {
                return 1;
            }
            double left = process.tables().alphasCumprod().get((int) time);
            return Math.min(1, minSnr * (1 - left) / left);
        }

        @Override
        public String scheduler() {
            return "{\"_class_name\": \"GaussianDiffusion\", \"learn_sigma\": %s}"
                    .formatted(learnsVariance);
        }
    }

    /** The velocity along a diffusion (Salimans and Ho 2022). */
    record Velocity(ZeroableSchedule schedule, @Nullable Double minSnr)
            implements DenoiserObjective {
        static Velocity of(@Nullable Double minSnr, boolean zeroSnr) {
            return new Velocity(ZeroableSchedule.linear(TIMES, zeroSnr), minSnr);
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
            NDManager m = clips.getManager();
            return k.mix(
                    clips,
                    floats(m, times, schedule::signal),
                    noise,
                    floats(m, times, schedule::noise));
        }

        @Override
        public NDArray loss(
                Kernels k,
                NDArray output,
                NDArray clips,
                NDArray noisy,
                NDArray noise,
                NDArray mask,
                double[] times) {
            NDManager m = clips.getManager();
            NDArray velocity =
                    k.mix(
                            noise,
                            floats(m, times, schedule::signal),
                            clips,
                            floats(m, times, t -> -schedule.noise(t)));
            return k.squaredError(said(k, output, clips), velocity, mask);
        }

        @Override
        public double weight(double time) {
            if (minSnr == null) {
                return 1;
            }
            // The error in the velocity counts SNR + 1 times as much as that in the clip.
            double signal = schedule.signal(time) * schedule.signal(time);
            double noise = schedule.noise(time) * schedule.noise(time);
            return Math.min(signal, minSnr * noise);
        }

        @Override
        public String scheduler() {
            return """
            {"_class_name": "DDIMScheduler", "beta_schedule": "linear", "beta_start": 1e-4,
             "beta_end": 0.02, "prediction_type": "v_prediction", "clip_sample": false,
             "timestep_spacing": "trailing", "rescale_betas_zero_snr": %s}
            """
                    .formatted(schedule.endsInNoise());
        }
    }

    private static double drawn(FlowTimes times, RandomGenerator random) {
        return switch (times) {
            case UNIFORM -> random.nextDouble();
            case LOGIT_NORMAL -> 1 / (1 + Math.exp(-random.nextGaussian()));
        };
    }

    /** The output's first channels, as many as the latents have. */
    private static NDArray said(Kernels k, NDArray output, NDArray clips) {
        return k.narrow(output, 1, 0, clips.getShape().get(1));
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
        return manager.create(values, new Shape(values.length));
    }
}
