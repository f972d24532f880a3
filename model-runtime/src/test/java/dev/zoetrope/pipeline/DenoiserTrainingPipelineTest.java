package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.runtime.training.Objective;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;

class DenoiserTrainingPipelineTest {
    private static final String WEIGHTS = "transformer/diffusion_pytorch_model.safetensors";
    private static final long STEPS = 6;

    @TempDir Path temp;
    private Path parts;

    @BeforeEach
    void prepare() throws IOException {
        parts = TestModel.ofText(temp.resolve("parts"));
    }

    /** Red or blue paper, as the caption says, wherever the index is even or odd. */
    private static final class Papers implements ClipSource {
        @Override
        public String name() {
            return "papers";
        }

        @Override
        public TrainingClip clip(long index, ClipShape shape) {
            boolean red = index % 2 == 0;
            ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
            for (int i = 0; i < rgb.capacity(); i++) {
                rgb.put((byte) (i % 3 == (red ? 0 : 2) ? 200 : 20 + index % 7 + i % 5));
            }
            return new TrainingClip(shape, rgb.flip(), red ? "a red paper" : "blue paper boat");
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aRunThatWasStoppedAndResumedEqualsOneThatWasNot(Precision precision) throws Exception {
        DenoiserTrainingRequest straight = request("straight", Objective.FLOW, precision);
        DenoiserTrainingRequest resumed = request("resumed", Objective.FLOW, precision);

        train(straight, _ -> false);
        assertThrows(CancelledException.class, () -> train(resumed, at(STEPS / 2)));
        train(resumed, _ -> false);

        for (String file : List.of("state.safetensors", WEIGHTS)) {
            assertEquals(
                    -1,
                    Files.mismatch(straight.run().resolve(file), resumed.run().resolve(file)),
                    file);
        }
    }

    @Test
    void aCacheThatWasCutShortGoesOn() throws Exception {
        DenoiserTrainingRequest straight = request("straight", Objective.FLOW, Precision.FP32);
        DenoiserTrainingRequest resumed = request("resumed", Objective.FLOW, Precision.FP32);

        train(straight, _ -> false);
        assertThrows(
                CancelledException.class,
                () -> train(resumed, DenoiserTrainingEvent.Extracted.class::isInstance));
        Path latents = resumed.run().resolve("cache/5x16x16.latents");
        byte[] first = Files.readAllBytes(latents);
        Files.write(latents, Arrays.copyOf(first, first.length - 3));
        train(resumed, _ -> false);

        for (String file :
                List.of("5x16x16.latents", "5x16x8.latents", "5x16x16.captions", "words.states")) {
            Path cache = Path.of("cache", file);
            assertEquals(
                    -1,
                    Files.mismatch(straight.run().resolve(cache), resumed.run().resolve(cache)),
                    file);
        }
        assertEquals(
                -1,
                Files.mismatch(straight.run().resolve(WEIGHTS), resumed.run().resolve(WEIGHTS)));
    }

    @ParameterizedTest
    @EnumSource(Objective.class)
    void theLossFalls(Objective objective) throws Exception {
        DenoiserTrainingRequest request = request("run", objective, Precision.FP32);

        List<DenoiserTrainingEvent.Stepped> steps = train(longer(request, 60), _ -> false);

        double first =
                steps.subList(0, 10).stream().mapToDouble(s -> s.loss()).average().orElseThrow();
        double last =
                steps.subList(50, 60).stream().mapToDouble(s -> s.loss()).average().orElseThrow();
        assertTrue(last < 0.9 * first, "from " + first + " to " + last);
    }

    @Test
    void theRunsFolderMakesClips() throws Exception {
        DenoiserTrainingRequest request = request("run", Objective.FLOW, Precision.FP32);
        train(request, _ -> false);

        Path clip = temp.resolve("clip.mp4");
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(temp.resolve("home")))) {
            JobState end =
                    runtime.generate(
                                    generation(request.run(), clip),
                                    Optional.empty(),
                                    new JobListener<>() {
                                        @Override
                                        public void onEvent(
                                                dev.zoetrope.runtime.generation.GenerationEvent
                                                        event) {}

                                        @Override
                                        public void onState(JobState state) {}
                                    })
                            .end()
                            .join();
            assertInstanceOf(JobState.Succeeded.class, end, end.toString());
        }
        assertTrue(Files.size(clip) > 0);
    }

    private static Predicate<DenoiserTrainingEvent> at(long step) {
        return event ->
                event instanceof DenoiserTrainingEvent.Stepped stepped && stepped.step() == step;
    }

    /** Trains until the end or a first event, and gives the steps. */
    private static List<DenoiserTrainingEvent.Stepped> train(
            DenoiserTrainingRequest request, Predicate<DenoiserTrainingEvent> until)
            throws InterruptedException {
        List<DenoiserTrainingEvent.Stepped> steps = new ArrayList<>();
        Cancellation stop = new Cancellation();
        new DenoiserTrainingPipeline(
                        request,
                        new CheckpointStore(request.run().resolveSibling("models")),
                        Papers::new,
                        event -> {
                            if (event instanceof DenoiserTrainingEvent.Stepped stepped) {
                                steps.add(stepped);
                            }
                            if (until.test(event)) {
                                stop.request();
                            }
                        },
                        stop)
                .run();
        return steps;
    }

    private DenoiserTrainingRequest request(String name, Objective objective, Precision precision)
            throws IOException {
        Path config = temp.resolve("config.json");
        Files.writeString(
                config,
                """
                {"_class_name": "LatteT2V", "num_attention_heads": 3, "attention_head_dim": 16,
                 "in_channels": 4, "out_channels": %d, "num_layers": 2, "cross_attention_dim": 48,
                 "attention_bias": true, "patch_size": 2, "activation_fn": "gelu-approximate",
                 "norm_type": "ada_norm_single", "norm_elementwise_affine": false,
                 "norm_eps": 1e-6, "caption_channels": 20, "video_length": 3,
                 "sample_size": [8, 8]}
                """
                        .formatted(objective == Objective.EPS ? 8 : 4));
        return new DenoiserTrainingRequest(
                temp.resolve(name),
                List.of("papers"),
                parts.toString(),
                parts,
                null,
                config,
                objective,
                FlowTimes.LOGIT_NORMAL,
                null,
                false,
                List.of(new ClipShape(5, 16, 16), new ClipShape(5, 16, 8)),
                false,
                70,
                6,
                8,
                4,
                2,
                STEPS,
                3e-3,
                2,
                0.01,
                1,
                0.01,
                0.2,
                60,
                1,
                1,
                precision);
    }

    private static DenoiserTrainingRequest longer(DenoiserTrainingRequest r, long steps) {
        return new DenoiserTrainingRequest(
                r.run(),
                r.datasets(),
                r.codec(),
                r.textEncoder(),
                r.from(),
                r.config(),
                r.objective(),
                r.times(),
                r.minSnr(),
                r.zeroSnr(),
                r.shapes(),
                r.padded(),
                r.clips(),
                r.words(),
                r.fps(),
                r.batch(),
                r.accumulate(),
                steps,
                r.learningRate(),
                r.warmup(),
                r.weightDecay(),
                r.clipNorm(),
                r.averaging(),
                r.dropCondition(),
                r.saveMinutes(),
                r.logEvery(),
                r.seed(),
                r.precision());
    }

    private static GenerationRequest generation(Path model, Path output) {
        return new GenerationRequest(
                "a red paper boat",
                "",
                Optional.empty(),
                model.toString(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.of(4),
                OptionalDouble.empty(),
                Optional.empty(),
                1,
                output,
                Optional.of(Precision.FP32));
    }
}
