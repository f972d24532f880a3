package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.prompt.Tokenizers;
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
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;

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

    @Test
    void aRunWhoseClipsAreGivenTheirFirstFrameGoesOnToTheSameBits() throws Exception {
        DenoiserTrainingRequest straight =
                with(request("straight", Objective.FLOW, Precision.FP32), "firstFrame", 0.5);
        DenoiserTrainingRequest resumed =
                with(request("resumed", Objective.FLOW, Precision.FP32), "firstFrame", 0.5);
        DenoiserTrainingRequest without = request("without", Objective.FLOW, Precision.FP32);

        train(straight, _ -> false);
        train(without, _ -> false);
        assertThrows(
                CancelledException.class,
                () -> train(resumed, DenoiserTrainingEvent.Extracted.class::isInstance));
        Path first = resumed.run().resolve("cache/5x16x16.first");
        byte[] whole = Files.readAllBytes(first);
        Files.write(first, Arrays.copyOf(whole, whole.length - 3));
        assertThrows(CancelledException.class, () -> train(resumed, at(STEPS / 2)));
        train(RunFolder.request(resumed.run(), DenoiserTrainingRequest.class), _ -> false);

        for (String file : List.of("cache/5x16x16.first", "state.safetensors", WEIGHTS)) {
            assertEquals(
                    -1,
                    Files.mismatch(straight.run().resolve(file), resumed.run().resolve(file)),
                    file);
        }
        assertTrue(
                Files.mismatch(straight.run().resolve(WEIGHTS), without.run().resolve(WEIGHTS))
                        >= 0);
        assertFalse(Files.exists(without.run().resolve("cache/5x16x16.first")));
        assertThrows(
                ProblemException.class, () -> train(with(straight, "firstFrame", 0), _ -> false));
    }

    /** By a codec that makes one latent frame of four. */
    @Test
    void aClipIsGivenWhatSamplingHasOfItsFirstPicture() throws Exception {
        Path codec = TestModel.ofClasses(temp.resolve("classes"));
        DenoiserTrainingRequest request =
                with(
                        request("run", Objective.EPS, Precision.FP32),
                        "config",
                        config(
                                """
                                {"_class_name": "VideoDiT", "input_size": [2, 8, 8], "patch_size": 2,
                                 "in_channels": 6, "hidden_size": 32, "depth": 2, "num_heads": 2,
                                 "num_classes": 1, "learn_sigma": true}
                                """),
                        "codec",
                        codec.toString(),
                        "textEncoder",
                        null,
                        "shapes",
                        List.of(MERGED),
                        "firstFrame",
                        1);
        train(request, new Bars(), _ -> false);

        try (NDManager manager = Kernels.newManager()) {
            Kernels k = Kernels.inference();
            Codec raw = CodecCheckpoint.open(codec.resolve("vae")).load(manager, k, Precision.FP32);
            long index = request.seed() * 1_000_000_007L;
            ByteBuffer clip = new Bars().clip(index, MERGED).rgb();
            NDArray held = new HeldPicture(32, 32, clip.slice(0, 3 * 32 * 32)).encode(raw, manager);
            ByteBuffer bytes = k.cast(held, Kernels.FLOAT16).toByteBuffer();
            byte[] expected = new byte[bytes.remaining()];
            bytes.get(expected);
            byte[] first = Files.readAllBytes(request.run().resolve("cache/8x32x32.first"));
            byte[] latents = Files.readAllBytes(request.run().resolve("cache/8x32x32.latents"));
            float[] cached = halves(Arrays.copyOf(first, expected.length));
            assertArrayEquals(halves(expected), cached, 1e-2f);
            // Of the first channel, in whose first frame the bar has moved.
            float[] moving = halves(Arrays.copyOf(latents, 2 * 8 * 8));
            assertTrue(furthest(moving, cached) > 0.1, "as far as " + furthest(moving, cached));
        }
    }

    private static final ClipShape MERGED = new ClipShape(8, 32, 32);

    private static float[] halves(byte[] bytes) {
        ShortBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] all = new float[numbers.remaining()];
        for (int i = 0; i < all.length; i++) {
            all[i] = Float.float16ToFloat(numbers.get(i));
        }
        return all;
    }

    /** Of the numbers that the first has. */
    private static double furthest(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
    }

    /** A bar that moves to the right, or to the left, as the index is even or odd. */
    private static final class Bars implements ClipSource {
        @Override
        public String name() {
            return "bars";
        }

        @Override
        public TrainingClip clip(long index, ClipShape shape) {
            ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
            for (int t = 0; t < shape.frames(); t++) {
                int moved = t * 11 / (shape.frames() - 1);
                int bar = index % 2 == 0 ? moved : 11 - moved;
                for (int i = 0; i < shape.height() * shape.width(); i++) {
                    int x = i % shape.width();
                    byte white = (byte) (x >= bar && x < bar + 5 ? 240 : 20);
                    rgb.put(white).put(white).put(white);
                }
            }
            return new TrainingClip(shape, rgb.flip(), "a boat");
        }
    }

    @Test
    void aClipsMotionFollowsFromItsFirstFrame() throws Exception {
        DenoiserTrainingRequest request =
                with(
                        request("run", Objective.FLOW, Precision.FP32),
                        "shapes",
                        List.of(new ClipShape(5, 16, 16)),
                        "clips",
                        2,
                        "heldOut",
                        0,
                        "accumulate",
                        1,
                        "dropCondition",
                        0,
                        "firstFrame",
                        0.9,
                        "steps",
                        200);
        train(request, new Bars(), _ -> false);

        try (NDManager manager = Kernels.newManager()) {
            for (int i = 0; i < 2; i++) {
                NDArray made = latents(request.run(), picture(i), manager);
                double toOwn = distance(made, clip(request.run(), i, manager));
                double toOther = distance(made, clip(request.run(), 1 - i, manager));
                assertTrue(toOwn < 0.5 * toOther, toOwn + " from its own, " + toOther);
            }
        }
    }

    /** The first picture of a clip, as a file. */
    private Path picture(int index) throws IOException {
        ByteBuffer rgb = new Bars().clip(index, new ClipShape(5, 16, 16)).rgb();
        BufferedImage picture = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 16 * 16; i++) {
            int white = rgb.get(3 * i) & 0xff;
            picture.setRGB(i % 16, i / 16, white << 16 | white << 8 | white);
        }
        Path file = temp.resolve("picture" + index + ".png");
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    /** The latents (1, C, T, H, W) of a clip, as the denoiser takes them. */
    private static NDArray clip(Path run, int index, NDManager manager) {
        Codec codec =
                CodecCheckpoint.open(run.resolve("vae"))
                        .load(manager, Kernels.inference(), Precision.FP32);
        ByteBuffer rgb = new Bars().clip(index, new ClipShape(5, 16, 16)).rgb();
        return codec.encode(
                codec.pixels(manager.create(rgb, new Shape(5, 16, 16, 3), DataType.UINT8)));
    }

    /** The latents (1, C, T, H, W) that a clip comes to which begins with a picture. */
    private NDArray latents(Path run, Path picture, NDManager manager) {
        Path state = temp.resolve("job of " + picture.getFileName());
        new GenerationPipeline(
                        GenerationPlanner.prepare(
                                generation(
                                        "a boat",
                                        Optional.of(picture),
                                        run,
                                        temp.resolve("clip.mp4")),
                                GenerationModel.open(run),
                                new Tokenizers()),
                        new PromptCache(temp.resolve("prompts")),
                        JobFolder.at(state),
                        Optional.empty(),
                        Kernels.inference(),
                        _ -> {},
                        new Cancellation())
                .run();
        return tensors(manager, state.resolve("latents.safetensors")).get("latents");
    }

    /** Mean square, in the frames behind the first. */
    private static double distance(NDArray a, NDArray b) {
        NDArray difference = a.sub(b).get(":, :, 1:");
        return difference.square().mean().getFloat();
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
    void aRunFromBeforeClipsWereHeldOutOrFirstFramesGivenGoesOnAsItWas() throws Exception {
        DenoiserTrainingRequest straight =
                with(request("straight", Objective.FLOW, Precision.FP32), "heldOut", 0);
        DenoiserTrainingRequest resumed =
                with(request("resumed", Objective.FLOW, Precision.FP32), "heldOut", 0);
        train(straight, _ -> false);
        assertThrows(CancelledException.class, () -> train(resumed, at(STEPS / 2)));
        Path file = resumed.run().resolve("request.json");
        ObjectNode older = (ObjectNode) json(Files.readString(file));
        older.remove("heldOut");
        older.remove("firstFrame");
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
                                    generation(prompt, Optional.empty(), model, clip),
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
        return train(request, new Papers(), until);
    }

    private static List<DenoiserTrainingEvent.Stepped> train(
            DenoiserTrainingRequest request,
            ClipSource source,
            Predicate<DenoiserTrainingEvent> until)
            throws InterruptedException {
        List<DenoiserTrainingEvent.Stepped> steps = new ArrayList<>();
        Cancellation stop = new Cancellation();
        new DenoiserTrainingPipeline(
                        request,
                        new CheckpointStore(request.run().resolveSibling("models")),
                        () -> source,
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
                0,
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

    private static GenerationRequest generation(
            String prompt, Optional<Path> image, Path model, Path output) {
        return new GenerationRequest(
                prompt,
                "",
                image,
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
