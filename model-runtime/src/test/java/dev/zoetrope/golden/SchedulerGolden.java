package dev.zoetrope.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.primitives.ImmutableDoubleArray;

import dev.zoetrope.sampling.DiffusionSampler;
import dev.zoetrope.sampling.NoiseSchedule;
import dev.zoetrope.sampling.Plan;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SchedulerConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scheduler of diffusers: its tables, and a run with what the model saw and said. */
final class SchedulerGolden {
    private static final Pattern TABLE = Pattern.compile("table(\\d+)\\.(.*)");
    private static final int CHANNELS = 1;

    private final GoldenCase golden;
    private final NDManager manager;
    private final Sampler sampler;

    private SchedulerGolden(GoldenCase golden) {
        this.golden = golden;
        this.manager = golden.manager();
        SchedulerConfig config = config(golden);
        this.sampler = Samplers.named(Samplers.defaultName(config), config, 1);
    }

    static void run(GoldenCase golden) {
        SchedulerGolden test = new SchedulerGolden(golden);
        for (String key : List.copyOf(golden.outputs())) {
            Matcher table = TABLE.matcher(key);
            if (table.matches()) {
                test.table(key, Integer.parseInt(table.group(1)), table.group(2));
            }
        }
        test.trajectory();
        if (golden.hasOutput("add_noise")) {
            test.training();
        }
    }

    private static SchedulerConfig config(GoldenCase golden) {
        try {
            return SchedulerConfig.parse(Files.readString(golden.file("config.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void table(String key, int steps, String name) {
        Plan plan = sampler.plan(steps);
        switch (name) {
            case "timesteps" -> {
                if (golden.outputType(key) == DataType.INT64) {
                    golden.equal(
                            key, Arrays.stream(plan.times()).mapToLong(t -> (long) t).toArray());
                } else {
                    // In steps of the schedule, of which a thousandth is nothing.
                    golden.close(key, manager.create(floats(plan.times())), 1e-5, 1e-4);
                }
            }
            case "sigmas" -> table(key, plan.sigmas());
            case "alphas_cumprod" -> table(key, floats(schedule().alphasCumprod()));
            case "betas" -> table(key, floats(schedule().betas()));
            case "alpha_t" -> logRatioTable(key, Math::sqrt);
            case "sigma_t" -> logRatioTable(key, left -> Math.sqrt(1 - left));
            case "lambda_t" -> logRatioTable(key, left -> Math.log(left / (1 - left)) / 2);
            case "final_alpha_cumprod" ->
                    // The clip's share after the last step, which shows in the trajectory too.
                    golden.close(key, finalAlphaCumprod(), 1e-5, 0);
            default -> throw new AssertionError("a table of a new kind: " + key);
        }
    }

    /** What solvers in the logarithm of the signal-to-noise ratio make of the schedule. */
    private void logRatioTable(String key, DoubleUnaryOperator ofLeft) {
        double[] left = schedule().alphasCumprod().toArray();
        float[] values = floats(Arrays.stream(left).map(ofLeft).toArray());
        golden.close(key, manager.create(values), 1e-5, 1e-5);
    }

    private NDArray finalAlphaCumprod() {
        boolean toOne = golden.config(Options.class).setAlphaToOne;
        return manager.create(toOne ? 1f : (float) schedule().alphasCumprod().get(0));
    }

    private void table(String key, float[] actual) {
        golden.close(key, manager.create(actual), 1e-5, 1e-9);
    }

    private void trajectory() {
        int steps = 10;
        FakeDenoiser model = new FakeDenoiser(golden.input("w"), CHANNELS, false);
        RecordedNoise noise = new RecordedNoise(golden.input("z"), golden.input("noises"));
        List<NDArray> inputs = new ArrayList<>();
        List<NDArray> outputs = new ArrayList<>();
        List<NDArray> samples =
                Trajectory.of(
                        manager,
                        sampler,
                        steps,
                        noise,
                        (x, time) -> {
                            inputs.add(Trajectory.copy(x, manager));
                            NDArray output = model.predict(x, time);
                            outputs.add(Trajectory.copy(output, manager));
                            return output;
                        });
        floats("traj", Trajectory.stack(samples));
        floats("scaled_input", Trajectory.stack(inputs));
        floats("model_output", Trajectory.stack(outputs));
        golden.close(
                "init_noise_sigma",
                manager.create((float) sampler.plan(steps).noiseScale()),
                1e-5,
                0);
        golden.equal("n_noise_draws", new long[] {noise.drawnBySteps()});
    }

    private void training() {
        NDArray x0 = golden.input("z");
        NDArray noise = golden.input("noises").get(0);
        long[] times = golden.input("add_noise.t").toLongArray();
        assertEquals(1, times.length);
        floats("add_noise", schedule().addNoise(x0, noise, (int) times[0]));
        if (golden.hasOutput("velocity")) {
            floats("velocity", schedule().velocity(x0, noise, (int) times[0]));
        }
    }

    private NoiseSchedule schedule() {
        return ((DiffusionSampler) sampler).schedule();
    }

    private void floats(String key, NDArray actual) {
        golden.close(key, actual, 1e-4, 1e-4);
    }

    private static float[] floats(ImmutableDoubleArray values) {
        return floats(values.toArray());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private record Options(@JsonProperty("set_alpha_to_one") boolean setAlphaToOne) {}
}
