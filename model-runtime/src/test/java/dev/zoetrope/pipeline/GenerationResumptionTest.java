package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationEvent.Adjusted;
import dev.zoetrope.runtime.generation.GenerationEvent.Decoded;
import dev.zoetrope.runtime.generation.GenerationEvent.Stepped;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class GenerationResumptionTest {
    private static final int STEPS = 6;
    private static final int FRAMES = 8;

    /** The default sampler of the model draws noise in each step. */
    private static final Optional<String> USUAL = Optional.empty();

    @TempDir Path temp;
    private Path model;
    private Path state;
    private final AtomicInteger failures = new AtomicInteger();
    private Optional<String> sampler = USUAL;
    private Optional<Path> image = Optional.empty();
    private long seed = 1;

    @BeforeEach
    void prepare() {
        model = TestModel.ofClasses(temp.resolve("model"));
        state = temp.resolve("job");
    }

    @Test
    void aClipThatWasKilledAnywhereAnyNumberOfTimesComesOutTheSame() throws IOException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        Random random = new Random(5);
        for (int round = 0; round < 8; round++) {
            JobFolder folder = JobFolder.at(temp.resolve("job" + round), Double.POSITIVE_INFINITY);
            int steps = 0;
            Run run = new Run(folder);
            for (boolean killed = true; killed; ) {
                run = new Run(folder);
                killed = run.killedAt(1 + random.nextInt(STEPS + FRAMES + 1));
                assertEquals(steps + 1, run.firstStep(steps + 1), "a step is done twice");
                steps += run.of(Stepped.class).size();
            }
            assertEquals(STEPS, steps);
            assertEquals(undisturbed.frames(), run.frames(), "round " + round);
            assertArrayEquals(undisturbed.file, run.file, "round " + round);
        }
    }

    @Test
    void aClipThatWasCancelledAnywhereGoesOnWithTheNextStep() throws IOException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        for (int step = 1; step <= STEPS; step++) {
            // Nothing is due to be kept in so short a time but because of the cancelling.
            JobFolder folder = JobFolder.at(temp.resolve("job" + step));
            new Run(folder).cancelledAfter(step);

            Run again = new Run(folder).toItsEnd();

            assertEquals(step + 1, again.firstStep(step + 1));
            assertTrue(again.notices().getFirst() instanceof Notice.Resumed, again.toString());
            assertEquals(undisturbed.frames(), again.frames());
        }
    }

    @Test
    void aClipThatBeginsWithAPictureGoesOnToTheSameBits() throws IOException {
        TestModel.takesFirstFrame(model);
        image = Optional.of(picture(Color.RED));
        // One that keeps what it was told before.
        for (String name : List.of("ddpm", "dpmpp_2m")) {
            sampler = Optional.of(name);
            Run undisturbed = new Run(JobFolder.none()).toItsEnd();
            for (int step = 1; step <= STEPS; step += 2) {
                JobFolder folder = JobFolder.at(temp.resolve(name + step));
                new Run(folder).cancelledAfter(step);

                Run again = new Run(folder).toItsEnd();

                assertEquals(step + 1, again.firstStep(step + 1));
                assertEquals(undisturbed.frames(), again.frames());
            }
        }
    }

    @Test
    void aClipWhosePictureWasChangedSinceBeginsAnew() throws IOException {
        TestModel.takesFirstFrame(model);
        image = Optional.of(picture(Color.RED));
        JobFolder folder = JobFolder.at(state, Double.POSITIVE_INFINITY);
        assertTrue(new Run(folder).killedAt(4));
        picture(Color.BLUE);

        assertEquals(1, new Run(folder).toItsEnd().firstStep(0));
    }

    private Path picture(Color colour) throws IOException {
        return TestClips.picture(temp.resolve("picture.png"), 40, 30, colour);
    }

    @Test
    void aClipThatWasKilledBeforeItsStateWasDueBeginsAnew() throws IOException {
        JobFolder folder = JobFolder.at(state);
        assertTrue(new Run(folder).killedAt(3));

        Run again = new Run(folder).toItsEnd();

        assertEquals(1, again.firstStep(0));
        assertEquals(List.of(), again.notices());
    }

    @Test
    void latentsThatWereKeptNeedNeitherTextEncoderNorDenoiser() throws IOException {
        model = TestModel.ofText(temp.resolve("text"));
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        JobFolder folder = JobFolder.at(state);
        assertTrue(new Run(folder).killedAtFrame());
        spoil("text_encoder", "encoder.final_layer_norm.weight");
        spoil("transformer", "proj_out.weight");

        Run again = new Run(folder).toItsEnd();

        assertEquals(List.of(), again.of(Stepped.class));
        assertEquals(undisturbed.frames(), again.frames());
    }

    @Test
    void aStateThatIsDamagedIsNotTrusted() throws IOException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        JobFolder folder = JobFolder.at(state, Double.POSITIVE_INFINITY);
        assertTrue(new Run(folder).killedAt(4));
        Path file = state.resolve("sampling.safetensors");
        byte[] whole = Files.readAllBytes(file);
        byte[] garbled = whole.clone();
        garbled[whole.length - 9] ^= 64;
        for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length - 4), garbled)) {
            Files.deleteIfExists(state.resolve("latents.safetensors"));
            Files.write(file, damaged);

            Run again = new Run(folder).toItsEnd();

            assertEquals(1, again.firstStep(0));
            assertEquals(undisturbed.frames(), again.frames());
        }
    }

    @Test
    void theStateOfAnotherRequestOrAnotherModelIsNotTaken() throws IOException {
        JobFolder folder = JobFolder.at(state, Double.POSITIVE_INFINITY);
        assertTrue(new Run(folder).killedAt(4));
        seed = 2;

        Run other = new Run(folder).toItsEnd();

        assertEquals(1, other.firstStep(0));
        assertEquals(new Run(JobFolder.none()).toItsEnd().frames(), other.frames());
        Path weights = model.resolve("transformer/model.safetensors");
        Files.setLastModifiedTime(weights, FileTime.fromMillis(0));
        assertEquals(1, new Run(folder).toItsEnd().firstStep(0));
    }

    @Test
    void aClipThatIsFinishedEarlyIsWhatTheStepsSoFarCameTo() throws IOException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        Run run = new Run(JobFolder.at(state));
        run.at =
                event -> {
                    if (event instanceof Stepped(int step, _, _) && step == 4) {
                        run.stop.finishEarly();
                    }
                };

        run.toItsEnd();

        assertEquals(4, run.of(Stepped.class).size());
        assertEquals(List.of(new Notice.EndedEarly(4, STEPS)), run.notices());
        assertEquals(FRAMES, run.frames().size());
        assertNotEquals(undisturbed.frames(), run.frames());
        // What it came to is kept as such.
        Run again = new Run(JobFolder.at(state)).toItsEnd();
        assertEquals(run.frames(), again.frames());
        assertEquals(new Notice.EndedEarly(4, STEPS), again.notices().getLast());
    }

    @Test
    void aStepThatFailedForWantOfMemoryIsTakenAgainToTheSameBits() throws IOException {
        for (String name : List.of("ddpm", "kdpm2_a", "heun")) {
            sampler = Optional.of(name);
            Run undisturbed = new Run(JobFolder.none()).toItsEnd();
            for (int kernel : new int[] {1, 30, 70}) {
                Run run = new Run(JobFolder.none());
                run.at =
                        event -> {
                            if (event instanceof Stepped(int step, _, _) && step == 2) {
                                failures.set(-kernel);
                            }
                        };

                run.toItsEnd();

                assertEquals(1, run.notices().size(), run.toString());
                assertInstanceOf(Notice.MemoryShort.class, run.notices().getFirst());
                assertEquals(undisturbed.frames(), run.frames(), name + " at " + kernel);
            }
        }
    }

    @Test
    void aCodecThatHasTooLittleMemoryGoesDownStepByStepAndSaysSo() throws IOException {
        Run run = new Run(JobFolder.none());
        run.at = failingFromLastStep(2);

        run.toItsEnd();

        List<String> said = run.notices().stream().map(Notice::text).toList();
        assertEquals(2, said.size(), said.toString());
        assertTrue(said.get(0).contains("decoding 8 frames of 32 x 32"), said.get(0));
        assertTrue(said.get(1).contains("BF16 instead of FP32"), said.get(1));
        assertEquals(FRAMES, run.frames().size());
    }

    @Test
    void whereNothingIsLeftToGiveUpTheProblemNamesWhatWouldFit() {
        Run run = new Run(JobFolder.at(state));
        run.at = failingFromLastStep(3);

        ProblemException e = assertThrows(ProblemException.class, run::toItsEnd);

        Problem.OutOfMemory problem = assertInstanceOf(Problem.OutOfMemory.class, e.problem());
        assertTrue(problem.cause().contains("8 frames of 32 x 32"), problem.cause());
        assertTrue(problem.remedy().contains("4 frames, or 16 x 16"), problem.remedy());
        assertFalse(Files.exists(temp.resolve("clip.mp4")));
        assertTrue(Files.exists(state.resolve("latents.safetensors")));
    }

    /** Behind the bytes by which a component is known, and as old as before. */
    private void spoil(String part, String tensor) throws IOException {
        Path weights = model.resolve(part + "/model.safetensors");
        FileTime changed = Files.getLastModifiedTime(weights);
        GenerationPipelineTest.spoil(weights, tensor, 16, Float.NaN);
        Files.setLastModifiedTime(weights, changed);
    }

    @Test
    void aClipThatRanOutOfMemoryGoesOnWithTheStepThatFailed() throws IOException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        JobFolder folder = JobFolder.at(state);
        Run run = new Run(folder);
        run.at =
                event -> {
                    if (event instanceof Stepped(int step, _, _) && step == 3) {
                        failures.set(3);
                    }
                };
        assertThrows(ProblemException.class, run::toItsEnd);

        Run again = new Run(folder).toItsEnd();

        assertEquals(4, again.firstStep(0));
        assertEquals(undisturbed.frames(), again.frames());
    }

    @Test
    void whatLibtorchSaysWhenMemoryIsShortIsUnderstood() {
        try (NDManager manager = Kernels.newManager()) {
            RuntimeException e =
                    assertThrows(RuntimeException.class, () -> manager.zeros(new Shape(1L << 50)));

            assertTrue(Problem.OutOfMemory.isSaidBy(e), e.getMessage());
            assertFalse(Problem.OutOfMemory.isSaidBy(new EngineException("a wrong shape")));
        }
    }

    private Consumer<GenerationEvent> failingFromLastStep(int times) {
        return event -> {
            if (event instanceof Stepped(int step, int steps, _) && step == steps) {
                failures.set(times);
            }
        };
    }

    /** What a process that is killed looks like to those that come after it. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One attempt. */
    private final class Run {
        private final JobFolder folder;
        private final Cancellation stop = new Cancellation();
        private final List<GenerationEvent> events = new ArrayList<>();
        private Consumer<GenerationEvent> at = _ -> {};
        private byte[] file = {};

        Run(JobFolder folder) {
            this.folder = folder;
        }

        Run toItsEnd() throws IOException {
            new GenerationPipeline(
                            GenerationPlanner.prepare(
                                    request(), GenerationModel.open(model), new Tokenizers()),
                            new PromptCache(temp.resolve("prompts of nobody else")),
                            folder,
                            Optional.empty(),
                            Kernels.inference().checking(GenerationResumptionTest.this::allocate),
                            this::heard,
                            stop)
                    .run();
            file = Files.readAllBytes(temp.resolve("clip.mp4"));
            List<Frame> written = TestClips.read(temp.resolve("clip.mp4"));
            assertEquals(frames().size(), written.size());
            return this;
        }

        private void heard(GenerationEvent event) {
            events.add(event);
            at.accept(event);
        }

        /** Whether it came to so many steps and frames. */
        boolean killedAt(int count) throws IOException {
            return killed(_ -> of(Stepped.class).size() + frames().size() == count);
        }

        boolean killedAtFrame() throws IOException {
            return killed(event -> event instanceof Decoded);
        }

        private boolean killed(Predicate<GenerationEvent> when) throws IOException {
            at =
                    event -> {
                        if (when.test(event)) {
                            throw new Killed();
                        }
                    };
            try {
                toItsEnd();
                return false;
            } catch (Killed _) {
                return true;
            }
        }

        void cancelledAfter(int step) {
            at =
                    event -> {
                        if (event instanceof Stepped(int taken, _, _) && taken == step) {
                            stop.request();
                        }
                    };
            assertThrows(CancelledException.class, this::toItsEnd);
        }

        <E extends GenerationEvent> List<E> of(Class<E> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        /** The first step that was taken, or what to say when none was. */
        int firstStep(int none) {
            return of(Stepped.class).stream().mapToInt(Stepped::step).findFirst().orElse(none);
        }

        List<Notice> notices() {
            return of(Adjusted.class).stream().map(Adjusted::notice).toList();
        }

        List<Frame> frames() {
            return of(Decoded.class).stream().map(Decoded::frame).toList();
        }

        @Override
        public String toString() {
            return notices().toString();
        }
    }

    /** Before each kernel: fails that often from now on or, below 0, once after so many. */
    private void allocate() {
        int left = failures.get();
        boolean fails = left > 0 || left == -1;
        failures.addAndGet(Integer.signum(-left));
        if (fails) {
            throw new EngineException(
                    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1024 bytes.");
        }
    }

    private GenerationRequest request() {
        return TestModel.request(model, image, STEPS, sampler, seed, temp.resolve("clip.mp4"));
    }
}
