package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.TrainingClip;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

class CodecTrainingTest {
    private static final long STEPS = 8;
    private static final String MODEL = "vae/diffusion_pytorch_model.safetensors";

    @TempDir Path folder;

    /** Noise over a shade, both decided by the index. */
    private static final class NoiseClips implements ClipSource {
        @Override
        public String name() {
            return "noise";
        }

        @Override
        public TrainingClip clip(long index, ClipShape shape) {
            Random random = new Random(index);
            int shade = random.nextInt(200);
            ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
            for (int i = 0; i < rgb.capacity(); i++) {
                rgb.put((byte) (shade + random.nextInt(40)));
            }
            return new TrainingClip(shape, rgb.flip(), "");
        }
    }

    /** Always the same horizontal ramp. */
    private static final class OneClip implements ClipSource {
        @Override
        public String name() {
            return "ramp";
        }

        @Override
        public TrainingClip clip(long index, ClipShape shape) {
            ByteBuffer rgb = ByteBuffer.allocateDirect(shape.bytes());
            for (int i = 0; i < rgb.capacity(); i++) {
                rgb.put((byte) (i / 3 % shape.width() * 200 / shape.width()));
            }
            return new TrainingClip(shape, rgb.flip(), "");
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32, 1", "FP32, 2", "BF16, 1", "BF16, 2"})
    void aRunThatWasStoppedAndResumedEqualsOneThatWasNot(Precision precision, int groups)
            throws Exception {
        Path straight = folder.resolve("straight");
        Path resumed = folder.resolve("resumed");

        train(request(straight, precision, STEPS, 8, groups), new NoiseClips(), STEPS);
        train(request(resumed, precision, STEPS, 8, groups), new NoiseClips(), STEPS / 2);
        train(request(resumed, precision, STEPS, 8, groups), new NoiseClips(), STEPS);

        for (String file : List.of("state.safetensors", MODEL)) {
            assertEquals(-1, Files.mismatch(straight.resolve(file), resumed.resolve(file)), file);
        }
        assertEquals(LongStream.rangeClosed(1, STEPS).boxed().toList(), steps(resumed));
    }

    @Test
    void figuresAreToldEveryFewStepsAndOfTheLast() throws Exception {
        Path run = folder.resolve("run");

        train(request(run, Precision.FP32, STEPS, 3e-3, 3), new NoiseClips(), STEPS);

        assertEquals(List.of(3L, 6L, 8L), steps(run));
    }

    @Test
    void aRunThatLeavesTheRangeOfNumbersKeepsItsLastGoodState() throws Exception {
        Path run = folder.resolve("run");
        train(request(run, Precision.FP32, STEPS, 3e-3, 1), new NoiseClips(), STEPS / 2);
        byte[] state = Files.readAllBytes(run.resolve("state.safetensors"));
        CodecTrainingRequest wild = request(run, Precision.FP32, STEPS, 1e30, 100);

        ProblemException e =
                assertThrows(ProblemException.class, () -> train(wild, new NoiseClips(), STEPS));

        assertTrue(e.problem().cause().contains("step 8"), e.problem().cause());
        assertEquals(
                ByteBuffer.wrap(state),
                ByteBuffer.wrap(Files.readAllBytes(run.resolve("state.safetensors"))));
    }

    @Test
    void stepsAfterTheSavedStateAreForgotten() throws Exception {
        Path run = folder.resolve("run");
        train(request(run, Precision.FP32, STEPS), new NoiseClips(), STEPS / 2);
        // As a run that was killed leaves it: two more steps, the second one half written.
        Files.writeString(
                run.resolve("metrics.jsonl"),
                "{\"step\":5,\"loss\":1.0}\n{\"step\":6,\"lo",
                StandardOpenOption.APPEND);
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                RunFolder.losses(run).stream().map(LossPoint::step).toList());

        train(request(run, Precision.FP32, STEPS), new NoiseClips(), STEPS);

        assertEquals(LongStream.rangeClosed(1, STEPS).boxed().toList(), steps(run));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lossFallsWhenThereIsOneClipToLearn(int groups) throws Exception {
        CodecTrainingRequest request =
                request(folder.resolve("run"), Precision.FP32, 60, 8, groups);

        List<TrainingEvent.Stepped> steps = train(request, new OneClip(), 60);

        double first = steps.getFirst().loss();
        double last = steps.getLast().loss();
        assertTrue(last < first / 2, first + " to " + last);
        assertTrue(steps.getLast().codesUsed() > 1, steps.getLast().toString());
    }

    @Test
    void aRunFromACodecBeginsWithAllThatItHasLearned() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        train(request(first, Precision.FP32, STEPS), new NoiseClips(), STEPS);

        trainFrom(first, second, 0);

        assertEquals(-1, Files.mismatch(first.resolve(MODEL), second.resolve(MODEL)));
    }

    @Test
    void aRunFromACodecLearnsOnFromItsCodebook() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Path third = folder.resolve("third");
        train(request(first, Precision.FP32, STEPS), new NoiseClips(), STEPS);
        // A code that the reference restarts is not the mean of its latents yet; here all are.
        trainFrom(first, second, STEPS);

        trainFrom(second, third, 1);

        float[] before = codebook(second);
        float[] after = codebook(third);
        assertFalse(Arrays.equals(before, after));
        // One step of an average over a hundred; codes drawn anew would be anywhere.
        double moved = distance(before, after) / distance(before, new float[before.length]);
        assertTrue(moved < 0.1, "moved by " + moved);
    }

    @Test
    void aStateOfAnotherModelIsAProblemAndStaysAsItIs() throws Exception {
        Path run = folder.resolve("run");
        CodecTrainingRequest request = request(run, Precision.FP32, 2);
        train(request, new NoiseClips(), 2);
        byte[] state = Files.readAllBytes(run.resolve("state.safetensors"));
        CodecTrainingRequest wider = withHidden(request, 12);

        ProblemException e =
                assertThrows(
                        ProblemException.class,
                        () -> new CodecTraining(wider, new NoiseClips(), null));

        assertInstanceOf(Problem.CheckpointMismatch.class, e.problem());
        assertEquals(request, RunFolder.request(run, CodecTrainingRequest.class));
        assertEquals(
                ByteBuffer.wrap(state),
                ByteBuffer.wrap(Files.readAllBytes(run.resolve("state.safetensors"))));
    }

    @Test
    void sizesThatNoModelHasAreAProblem() {
        CodecTrainingRequest request = request(folder.resolve("run"), Precision.FP32, 2);

        assertThrows(
                ProblemException.class,
                () -> new CodecTraining(withHidden(request, 7), new NoiseClips(), null));
    }

    /** Trains for some steps from the codec of another run, with restarts that forget. */
    private static void trainFrom(Path other, Path run, long steps) throws Exception {
        CodecTrainingRequest r = request(run, Precision.FP32, Math.max(1, steps));
        CodecTrainingRequest request =
                new CodecTrainingRequest(
                        run,
                        r.datasets(),
                        other.resolve("vae").toString(),
                        r.downsample(),
                        r.codes(),
                        r.codeGroups(),
                        r.embedding(),
                        r.hidden(),
                        r.residualLayers(),
                        r.shapes(),
                        r.pixels(),
                        r.steps(),
                        0,
                        0,
                        r.learningRate(),
                        r.warmup(),
                        r.weightDecay(),
                        r.clipNorm(),
                        r.l1Weight(),
                        0.1,
                        r.averaging(),
                        r.saveMinutes(),
                        r.logEvery(),
                        r.seed(),
                        r.precision());
        WeightFile learned = WeightFile.open(other.resolve(MODEL));
        Cancellation stop = new Cancellation();
        if (steps == 0) {
            stop.request();
        }
        try (CodecTraining training = new CodecTraining(request, new NoiseClips(), learned)) {
            training.run(_ -> {}, stop);
        }
    }

    @Test
    void aTrainingThatIsToFinishEarlyEndsWithAModelAndItsState() throws Exception {
        Path run = folder.resolve("early");
        Cancellation stop = new Cancellation();
        List<TrainingEvent> events = new ArrayList<>();
        try (CodecTraining training =
                new CodecTraining(request(run, Precision.FP32, STEPS), new NoiseClips(), null)) {
            training.run(
                    event -> {
                        events.add(event);
                        stop.finishEarly();
                    },
                    stop);
        }

        assertTrue(steps(run).getLast() < STEPS, events.toString());
        assertTrue(Files.exists(run.resolve(MODEL)));
        assertTrue(RunFolder.hasState(run));
    }

    private static float[] codebook(Path run) throws IOException {
        TensorSlice slice =
                requireNonNull(
                        WeightFile.open(run.resolve(MODEL)).tensors().get("codebook.embeddings"));
        float[] values = new float[(int) slice.elements()];
        ByteBuffer.wrap(Files.readAllBytes(slice.file()))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position((int) slice.offset())
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(squares);
    }

    /** Trains until a step is done, and gives the steps. */
    private static List<TrainingEvent.Stepped> train(
            CodecTrainingRequest request, ClipSource source, long until) throws Exception {
        List<TrainingEvent.Stepped> steps = new ArrayList<>();
        Cancellation stop = new Cancellation();
        try (CodecTraining training = new CodecTraining(request, source, null)) {
            training.run(
                    event -> {
                        if (event instanceof TrainingEvent.Stepped stepped) {
                            steps.add(stepped);
                            if (stepped.step() == until) {
                                stop.request();
                            }
                        }
                    },
                    stop);
        }
        return steps;
    }

    private static List<Long> steps(Path run) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Long> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            steps.add(json.readTree(line).get("step").asLong());
        }
        return steps;
    }

    private static CodecTrainingRequest request(Path run, Precision precision, long steps) {
        return request(run, precision, steps, 8, 1);
    }

    private static CodecTrainingRequest request(
            Path run, Precision precision, long steps, double learningRate, int logEvery) {
        return request(run, precision, steps, 8, 1, learningRate, logEvery);
    }

    private static CodecTrainingRequest withHidden(CodecTrainingRequest r, int hidden) {
        return request(r.run(), r.precision(), r.steps(), hidden, r.codeGroups());
    }

    private static CodecTrainingRequest request(
            Path run, Precision precision, long steps, int hidden, int groups) {
        return request(run, precision, steps, hidden, groups, 3e-3, 1);
    }

    private static CodecTrainingRequest request(
            Path run,
            Precision precision,
            long steps,
            int hidden,
            int groups,
            double learningRate,
            int logEvery) {
        return new CodecTrainingRequest(
                run,
                List.of("fake"),
                null,
                List.of(4, 4, 4),
                16,
                groups,
                4,
                hidden,
                1,
                List.of(new ClipShape(4, 16, 16), new ClipShape(8, 8, 16)),
                2048,
                steps,
                2,
                5,
                learningRate,
                2,
                1e-4,
                1,
                0.5,
                null,
                0.002,
                60,
                logEvery,
                1,
                precision);
    }
}
