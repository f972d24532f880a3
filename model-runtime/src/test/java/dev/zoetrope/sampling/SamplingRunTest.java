package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.GaussianDiffusion.Variance;
import dev.zoetrope.sampling.SitTransport.DiffusionForm;
import dev.zoetrope.sampling.SitTransport.Target;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

class SamplingRunTest {
    private static final int STEPS = 7;
    private static final Shape SHAPE = new Shape(2, 3, 2, 4, 4);
    private static final long[] SEEDS = {3, 4};

    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Every sampler by its name, and those that have no name or more than one way. */
    private static Map<String, Supplier<Sampler>> samplers() {
        Map<String, Supplier<Sampler>> all = new LinkedHashMap<>();
        for (String name : Samplers.names()) {
            all.put(name, () -> Samplers.named(name, SchedulerConfig.defaults(), 1));
        }
        all.put("pndm without Runge-Kutta", () -> configured("pndm", "skip_prk_steps", "true"));
        all.put("heun karras", () -> configured("heun", "use_karras_sigmas", "true"));
        all.put("dpmpp_2m third order", () -> configured("dpmpp_2m", "solver_order", "3"));
        all.put(
                "dpmpp_2m sde",
                () -> configured("dpmpp_2m", "algorithm_type", "\"sde-dpmsolver++\""));
        all.put("dpmpp_2s third order", () -> configured("dpmpp_2s", "solver_order", "3"));
        all.put("deis third order", () -> configured("deis", "solver_order", "3"));
        all.put("ancestral", () -> steps -> spaced(steps).ancestral(false));
        all.put("ddim with eta", () -> steps -> spaced(steps).ddim(true, 0.5));
        SitTransport transport = SitTransport.of(SitPath.VP, Target.VELOCITY);
        for (SitOde.Method method : SitOde.Method.values()) {
            all.put("sit ode " + method, () -> transport.ode(method));
        }
        for (SitSde.Method method : SitSde.Method.values()) {
            all.put(
                    "sit sde " + method,
                    () -> transport.sde(method, DiffusionForm.SIGMA, SitSde.LastStep.MEAN, 0.04));
        }
        return all;
    }

    private static Sampler configured(String name, String option, String value) {
        return Samplers.named(
                name, SchedulerConfig.parse("{\"%s\": %s}".formatted(option, value)), 1);
    }

    private static GaussianDiffusion spaced(int steps) {
        return GaussianDiffusion.linear(1000, 1, Variance.LEARNED_RANGE)
                .respaced(String.valueOf(steps));
    }

    private static Stream<Arguments> everySampler() {
        return samplers().entrySet().stream()
                .map(entry -> Arguments.argumentSet(entry.getKey(), entry.getValue().get()));
    }

    @ParameterizedTest
    @MethodSource("everySampler")
    void aRunRestoredAfterEachStepEndsInTheSameBits(Sampler sampler) {
        float[] uninterrupted = uninterrupted(sampler);
        SeededNoise noise = new SeededNoise(SEEDS);
        SamplingRun run = sampler.start(manager, STEPS, SHAPE, noise);
        while (!run.isFinished()) {
            run.step(SamplingRunTest::predict);
            float[] preview = run.predictedClean().toFloatArray();
            SavedRun saved = throughFile(run.save());
            run.close();
            noise.close();
            noise = new SeededNoise(SEEDS);
            run = sampler.restore(manager, saved, noise);
            assertArrayEquals(preview, run.predictedClean().toFloatArray());
        }
        assertArrayEquals(uninterrupted, run.sample().toFloatArray());
        run.close();
        noise.close();
    }

    /** A model is cancelled by what it throws, wherever in a step it is asked. */
    @ParameterizedTest
    @MethodSource("everySampler")
    void aRunCancelledAmidAStepCanBeSavedAsItWasBefore(Sampler sampler) {
        int last = evaluations(sampler);
        SavedRun saved;
        try (SeededNoise noise = new SeededNoise(SEEDS);
                SamplingRun run = sampler.start(manager, STEPS, SHAPE, noise)) {
            AtomicInteger asked = new AtomicInteger();
            Denoiser cancelledAtTheEnd =
                    (x, time) -> {
                        if (asked.incrementAndGet() == last) {
                            throw new CancellationException();
                        }
                        return predict(x, time);
                    };
            assertThrows(CancellationException.class, () -> finish(run, cancelledAtTheEnd));
            saved = throughFile(run.save());
        }
        try (SeededNoise noise = new SeededNoise(SEEDS);
                SamplingRun run = sampler.restore(manager, saved, noise)) {
            finish(run, SamplingRunTest::predict);
            assertArrayEquals(uninterrupted(sampler), run.sample().toFloatArray());
        }
    }

    @ParameterizedTest
    @MethodSource("everySampler")
    void aSeedGivesTheSameBitsEachTime(Sampler sampler) {
        float[] latents = uninterrupted(sampler);
        assertArrayEquals(latents, uninterrupted(sampler));
        for (float value : latents) {
            assertTrue(Float.isFinite(value));
        }
    }

    private float[] uninterrupted(Sampler sampler) {
        try (SeededNoise noise = new SeededNoise(SEEDS);
                SamplingRun run = sampler.start(manager, STEPS, SHAPE, noise)) {
            finish(run, SamplingRunTest::predict);
            assertEquals(SHAPE, run.predictedClean().getShape());
            return run.sample().toFloatArray();
        }
    }

    private int evaluations(Sampler sampler) {
        AtomicInteger asked = new AtomicInteger();
        try (SeededNoise noise = new SeededNoise(SEEDS);
                SamplingRun run = sampler.start(manager, STEPS, SHAPE, noise)) {
            finish(
                    run,
                    (x, time) -> {
                        asked.incrementAndGet();
                        return predict(x, time);
                    });
        }
        return asked.get();
    }

    private static void finish(SamplingRun run, Denoiser denoiser) {
        while (!run.isFinished()) {
            run.step(denoiser);
        }
    }

    @Test
    void aFinishedRunTakesNoMoreSteps() {
        Sampler sampler = Samplers.named("ddim", SchedulerConfig.defaults(), 1);
        try (SeededNoise noise = new SeededNoise(SEEDS);
                SamplingRun run = sampler.start(manager, 1, SHAPE, noise)) {
            run.step(SamplingRunTest::predict);
            assertTrue(run.isFinished());
            assertThrows(IllegalStateException.class, () -> run.step(SamplingRunTest::predict));
        }
    }

    /** A model whose second half of channels is a variance. */
    private static NDArray predict(NDArray x, double time) {
        NDArray said = x.tanh().mul(0.7f).add((float) (0.1 * Math.sin(time / 100)));
        return Kernels.inference().concat(List.of(said, x.sin()), 1);
    }

    /** The parts as they would be written and read: numbers as JSON, arrays as bare floats. */
    private SavedRun throughFile(SavedRun saved) {
        try {
            ObjectMapper json = new ObjectMapper();
            Map<String, Double> numbers =
                    json.readValue(
                            json.writeValueAsString(saved.numbers()), new TypeReference<>() {});
            Map<String, NDArray> arrays = new HashMap<>();
            saved.arrays()
                    .forEach((name, array) ->
                            arrays.put(
                                    name, manager.create(array.toFloatArray(), array.getShape())));
            return new SavedRun(saved.steps(), saved.index(), saved.draws(), numbers, arrays);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
