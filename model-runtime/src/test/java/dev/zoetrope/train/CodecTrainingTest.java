package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.TrainingClip;
import dev.zoetrope.runtime.training.TrainingEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

class CodecTrainingTest {
    private static final long STEPS = 8;

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
    @EnumSource(Precision.class)
    void aRunThatWasStoppedAndResumedEqualsOneThatWasNot(Precision precision) throws Exception {
        Path straight = folder.resolve("straight");
        Path resumed = folder.resolve("resumed");

        train(request(straight, precision, STEPS), new NoiseClips(), STEPS);
        train(request(resumed, precision, STEPS), new NoiseClips(), STEPS / 2);
        train(request(resumed, precision, STEPS), new NoiseClips(), STEPS);

        for (String file :
                List.of("state.safetensors", "vae/diffusion_pytorch_model.safetensors")) {
            assertEquals(-1, Files.mismatch(straight.resolve(file), resumed.resolve(file)), file);
        }
        assertEquals(LongStream.rangeClosed(1, STEPS).boxed().toList(), steps(resumed));
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

        train(request(run, Precision.FP32, STEPS), new NoiseClips(), STEPS);

        assertEquals(LongStream.rangeClosed(1, STEPS).boxed().toList(), steps(run));
    }

    @Test
    void lossFallsWhenThereIsOneClipToLearn() throws Exception {
        CodecTrainingRequest request = request(folder.resolve("run"), Precision.FP32, 60);

        List<TrainingEvent.Stepped> steps = train(request, new OneClip(), 60);

        double first = steps.getFirst().loss();
        double last = steps.getLast().loss();
        assertTrue(last < first / 2, first + " to " + last);
        assertTrue(steps.getLast().codesUsed() > 1, steps.getLast().toString());
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
                        ProblemException.class, () -> new CodecTraining(wider, new NoiseClips()));

        assertInstanceOf(Problem.CheckpointMismatch.class, e.problem());
        assertEquals(request, RunFolder.request(run));
        assertEquals(
                ByteBuffer.wrap(state),
                ByteBuffer.wrap(Files.readAllBytes(run.resolve("state.safetensors"))));
    }

    @Test
    void sizesThatNoModelHasAreAProblem() {
        CodecTrainingRequest request = request(folder.resolve("run"), Precision.FP32, 2);

        assertThrows(
                ProblemException.class,
                () -> new CodecTraining(withHidden(request, 7), new NoiseClips()));
    }

    /** Trains until a step is done, and gives the steps. */
    private static List<TrainingEvent.Stepped> train(
            CodecTrainingRequest request, ClipSource source, long until) throws Exception {
        List<TrainingEvent.Stepped> steps = new ArrayList<>();
        Cancellation stop = new Cancellation();
        try (CodecTraining training = new CodecTraining(request, source)) {
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
        return request(run, precision, steps, 8);
    }

    private static CodecTrainingRequest withHidden(CodecTrainingRequest r, int hidden) {
        return request(r.run(), r.precision(), r.steps(), hidden);
    }

    private static CodecTrainingRequest request(
            Path run, Precision precision, long steps, int hidden) {
        return new CodecTrainingRequest(
                run,
                List.of("fake"),
                List.of(4, 4, 4),
                16,
                4,
                hidden,
                1,
                List.of(new ClipShape(4, 16, 16), new ClipShape(8, 8, 16)),
                2048,
                steps,
                2,
                5,
                3e-3,
                2,
                1e-4,
                1,
                0.5,
                0.002,
                60,
                1,
                precision);
    }
}
