package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.runtime.training.Objective;
import dev.zoetrope.runtime.training.TrainingClip;
import dev.zoetrope.train.RunFolder;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.awt.image.BufferedImage;
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

import javax.imageio.ImageIO;

class DenoiserTrainingPipelineTest {
    private static final String WEIGHTS = "transformer/diffusion_pytorch_model.safetensors";
    private static final long STEPS = 6;

    /** Enough steps to have learned something. */
    private static final int LONG = 40;

    @TempDir Path temp;
    private Path parts;

    @BeforeEach
    void prepare() throws IOException {
        parts = TestModel.ofText(temp.resolve("parts"));
    }

    /** Red or blue paper, as the index is even or odd, in six captions. */
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
            String caption = red ? "a red paper" : "blue paper boat";
            return new TrainingClip(shape, rgb.flip(), caption + " ,".repeat((int) (index % 3)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP32", "BF16"})
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

        List<DenoiserTrainingEvent.Stepped> steps =
                train(with(request, "steps", LONG, "accumulate", 1), _ -> false);

        double first =
                steps.subList(0, 10).stream().mapToDouble(s -> s.loss()).average().orElseThrow();
        double last =
                steps.subList(LONG - 10, LONG).stream()
                        .mapToDouble(s -> s.loss())
                        .average()
                        .orElseThrow();
        assertTrue(last < 0.9 * first, "from " + first + " to " + last);
    }

    @Test
    void theRunsFolderMakesClips() throws Exception {
        DenoiserTrainingRequest request = request("run", Objective.FLOW, Precision.FP32);
        train(request, _ -> false);

        assertTrue(Files.size(generated(request.run(), "a red paper boat")) > 0);
    }

    @Test
    void captionsAreTheClassesOfAModelThatKnowsClasses() throws Exception {
        DenoiserTrainingRequest request =
                with(
                        request("run", Objective.EPS, Precision.FP32),
                        "config",
                        config(
                                """
                                {"_class_name": "VideoDiT", "input_size": [2, 8, 8], "patch_size": 2,
                                 "in_channels": 4, "hidden_size": 32, "depth": 2, "num_heads": 2,
                                 "num_classes": 6, "learn_sigma": true}
                                """),
                        "textEncoder",
                        null);

        train(request, _ -> false);

        assertTrue(Files.size(generated(request.run(), "blue paper boat")) > 0);
    }

    @Test
    void aRunAtAnotherSizeGoesOnFromWhatOneHasLearned() throws Exception {
        DenoiserTrainingRequest learned =
                with(request("learned", Objective.FLOW, Precision.FP32), "steps", LONG);
        DenoiserTrainingRequest larger =
                with(
                        request("larger", Objective.FLOW, Precision.FP32),
                        "shapes",
                        List.of(new ClipShape(9, 16, 24)),
                        "clips",
                        16);
        train(learned, _ -> false);

        double anew = train(larger, _ -> false).getFirst().loss();
        DenoiserTrainingRequest further =
                with(
                        larger,
                        "run",
                        temp.resolve("further"),
                        "from",
                        learned.run().toString(),
                        "config",
                        null);
        double goneOn = train(further, _ -> false).getFirst().loss();

        assertTrue(goneOn < 0.9 * anew, goneOn + " after " + anew);
    }

    @Test
    void adaptersAreLearnedBesideADenoiserThatStaysAsItWas() throws Exception {
        DenoiserTrainingRequest learned = request("learned", Objective.FLOW, Precision.FP32);
        DenoiserTrainingRequest adapted =
                with(
                        request("adapted", Objective.FLOW, Precision.FP32),
                        "from",
                        learned.run().toString(),
                        "lora",
                        3);
        train(learned, _ -> false);
        assertThrows(CancelledException.class, () -> train(adapted, at(STEPS / 2)));
        train(adapted, _ -> false);

        try (NDManager manager = Kernels.newManager()) {
            Parameters before = tensors(manager, learned.run().resolve(WEIGHTS));
            Parameters after = tensors(manager, adapted.run().resolve(WEIGHTS));
            Parameters adapters =
                    tensors(
                            manager,
                            adapted.run().resolve("lora/pytorch_lora_weights.safetensors"));
            String layer = "transformer_blocks.0.attn2.to_q";
            NDArray product =
                    adapters.get(layer + ".lora_B.weight")
                            .matMul(adapters.get(layer + ".lora_A.weight"));
            NDArray moved = after.get(layer + ".weight").sub(before.get(layer + ".weight"));
            assertTrue(product.abs().max().getFloat() > 1e-4);
            assertTrue(product.sub(moved).abs().max().getFloat() < 1e-6);
            assertTrue(before.get("proj_out.weight").contentEquals(after.get("proj_out.weight")));
        }
        assertTrue(Files.size(generated(adapted.run(), "a red paper")) > 0);
    }

    @Test
    void clipsOfAllShapesAreLearnedFromInOneBatch() throws Exception {
        DenoiserTrainingRequest request =
                with(
                        request("run", Objective.FLOW, Precision.FP32),
                        "padded",
                        true,
                        "steps",
                        LONG,
                        "accumulate",
                        1);

        List<DenoiserTrainingEvent.Stepped> steps = train(request, _ -> false);

        assertTrue(steps.getLast().loss() < 0.9 * steps.getFirst().loss());
    }

    @Test
    void moreClipsLeaveThoseThereAsTheyAre() throws Exception {
        DenoiserTrainingRequest more = request("more", Objective.FLOW, Precision.FP32);
        DenoiserTrainingRequest atOnce = request("atOnce", Objective.FLOW, Precision.FP32);

        train(with(more, "clips", 5), _ -> false);
        train(with(more, "clips", 70, "steps", 2 * STEPS), _ -> false);
        train(atOnce, _ -> false);

        for (String file : List.of("5x16x16.captions", "words.states")) {
            Path cache = Path.of("cache", file);
            assertEquals(
                    -1,
                    Files.mismatch(more.run().resolve(cache), atOnce.run().resolve(cache)),
                    file);
        }
    }

    @Test
    void whatARunLearnsStaysTheSame() throws Exception {
        DenoiserTrainingRequest request = request("run", Objective.FLOW, Precision.FP32);
        train(request, _ -> false);

        assertThrows(
                ProblemException.class,
                () -> train(with(request, "objective", Objective.V), _ -> false));
        assertThrows(ProblemException.class, () -> train(with(request, "seed", 2), _ -> false));
    }

    @Test
    void layersThatAreComputedTwiceLearnTheSame() throws Exception {
        DenoiserTrainingRequest once = request("once", Objective.FLOW, Precision.FP32);
        DenoiserTrainingRequest twice =
                with(request("twice", Objective.FLOW, Precision.FP32), "checkpointing", true);

        List<DenoiserTrainingEvent.Stepped> expected = train(once, _ -> false);
        List<DenoiserTrainingEvent.Stepped> steps = train(twice, _ -> false);

        for (int i = 0; i < STEPS; i++) {
            double norm = expected.get(i).gradientNorm();
            assertEquals(norm, steps.get(i).gradientNorm(), 1e-3 * norm);
            assertEquals(expected.get(i).loss(), steps.get(i).loss(), 1e-4);
        }
    }

    @Test
    void picturesAreLearnedFromBesideClips() throws Exception {
        DenoiserTrainingRequest request =
                with(
                        request("run", Objective.FLOW, Precision.FP32),
                        "shapes",
                        List.of(new ClipShape(5, 16, 16), new ClipShape(1, 16, 16)),
                        "steps",
                        LONG,
                        "accumulate",
                        1);

        List<DenoiserTrainingEvent.Stepped> steps = train(request, _ -> false);

        assertTrue(steps.get(LONG - 2).loss() < 0.9 * steps.get(0).loss(), "of clips");
        assertTrue(steps.get(LONG - 1).loss() < 0.9 * steps.get(1).loss(), "of pictures");
    }

    @Test
    void aRunThatLeavesTheRangeOfNumbersStopsAndItsLastStateStays() throws Exception {
        DenoiserTrainingRequest request = request("run", Objective.FLOW, Precision.FP32);
        train(request, _ -> false);
        byte[] state = Files.readAllBytes(request.run().resolve("state.safetensors"));
        DenoiserTrainingRequest wild =
                with(request, "steps", 100, "learningRate", 1e30, "clipNorm", 1e30);

        assertThrows(ProblemException.class, () -> train(wild, _ -> false));

        assertArrayEquals(state, Files.readAllBytes(request.run().resolve("state.safetensors")));
    }

    @Test
    void theModelThatDoesBestOnHeldOutClipsIsKept() throws Exception {
        DenoiserTrainingRequest request = request("run", Objective.FLOW, Precision.FP32);
        Path best = request.run().resolve("best");
        Path kept = best.resolve("diffusion_pytorch_model.safetensors");
        train(request, _ -> false);
        byte[] good = Files.readAllBytes(request.run().resolve(WEIGHTS));
        assertArrayEquals(good, Files.readAllBytes(kept));

        train(with(request, "steps", 2 * STEPS, "learningRate", 0.3), _ -> false);

        assertFalse(Arrays.equals(good, Files.readAllBytes(request.run().resolve(WEIGHTS))));
        assertArrayEquals(good, Files.readAllBytes(kept));
        assertTrue(Files.size(generated(best, "a red paper boat")) > 0);
        List<JsonNode> judged =
                Files.readAllLines(request.run().resolve("metrics.jsonl")).stream()
                        .map(DenoiserTrainingPipelineTest::json)
                        .filter(line -> line.has("heldOutLoss"))
                        .toList();
        assertEquals(
                List.of(STEPS, 2 * STEPS),
                judged.stream().map(line -> line.get("step").asLong()).toList());
        assertTrue(
                judged.getFirst().get("heldOutLoss").asDouble()
                        < judged.getLast().get("heldOutLoss").asDouble());
    }

    @Test
    void aRunFromBeforeClipsWereHeldOutGoesOnAsItWas() throws Exception {
        DenoiserTrainingRequest straight =
                with(request("straight", Objective.FLOW, Precision.FP32), "heldOut", 0);
        DenoiserTrainingRequest resumed =
                with(request("resumed", Objective.FLOW, Precision.FP32), "heldOut", 0);
        train(straight, _ -> false);
        assertThrows(CancelledException.class, () -> train(resumed, at(STEPS / 2)));
        Path file = resumed.run().resolve("request.json");
        ObjectNode older = (ObjectNode) json(Files.readString(file));
        older.remove("heldOut");
        Files.writeString(file, older.toString());

        train(RunFolder.request(resumed.run(), DenoiserTrainingRequest.class), _ -> false);

        assertEquals(
                -1,
                Files.mismatch(straight.run().resolve(WEIGHTS), resumed.run().resolve(WEIGHTS)));
        assertFalse(Files.exists(resumed.run().resolve("best")));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eachSavedModelShowsWhatItMakes() throws Exception {
        DenoiserTrainingRequest request =
                with(request("run", Objective.FLOW, Precision.FP32), "samples", 2);

        train(request, _ -> false);

        BufferedImage sheet =
                ImageIO.read(request.run().resolve("samples/step-000006.png").toFile());
        assertEquals(4 * 16, sheet.getWidth());
        assertEquals(2 * 16, sheet.getHeight());
    }

    private static Parameters tensors(NDManager manager, Path file) {
        return Parameters.map(manager, WeightFile.open(file).tensors());
    }

    private Path generated(Path model, String prompt) {
        Path clip = temp.resolve("clip.mp4");
        try (LocalRuntime runtime = LocalRuntime.open(new UserFolders(temp.resolve("home")))) {
            JobState end =
                    runtime.generate(
                                    generation(prompt, model, clip),
                                    Optional.empty(),
                                    new JobListener<>() {
                                        @Override
                                        public void onEvent(GenerationEvent event) {}
                                    })
                            .end()
                            .join();
            assertInstanceOf(JobState.Succeeded.class, end, end.toString());
        }
        return clip;
    }

    private Path config(String json) throws IOException {
        return Files.writeString(temp.resolve("config.json"), json);
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
                        new PromptCache(request.run().resolveSibling("prompts")),
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
        Path config =
                config(
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
                parts.toString(),
                null,
                0,
                config,
                objective,
                FlowTimes.LOGIT_NORMAL,
                null,
                null,
                false,
                List.of(new ClipShape(5, 16, 16), new ClipShape(5, 16, 8)),
                false,
                70,
                0.2,
                6,
                8,
                4,
                2,
                false,
                STEPS,
                3e-3,
                2,
                0.01,
                1,
                0.01,
                0.2,
                60,
                0,
                1,
                1,
                precision);
    }

    /** The request with other values for some of its fields. */
    private static DenoiserTrainingRequest with(
            DenoiserTrainingRequest request, @Nullable Object... fields) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode node = json.valueToTree(request);
        for (int i = 0; i < fields.length; i += 2) {
            node.putPOJO(String.valueOf(fields[i]), fields[i + 1]);
        }
        return json.convertValue(node, DenoiserTrainingRequest.class);
    }

    private static GenerationRequest generation(String prompt, Path model, Path output) {
        return new GenerationRequest(
                prompt,
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
                Optional.of(Precision.FP32),
                true);
    }
}
