package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.SmallVae;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Adjusted;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Compared;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Saved;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionSummary;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class ReconstructionResumptionTest {
    /** Of windows of 16 that share 6, the last has nothing new, or 5 frames, or is the only one. */
    private static final int[] LENGTHS = {36, 41, 9};

    @TempDir Path temp;
    private Path codec;
    private Path clip;
    private int failures;

    @BeforeEach
    void prepare() throws IOException {
        codec = TestCodec.copyTo(temp.resolve("codec"));
        prepare(41);
    }

    private void prepare(int frames) {
        clip = TestClips.write(temp.resolve("clip.mp4"), frames, 34, 22, 24);
    }

    @Test
    void aClipThatWasKilledAnywhereAnyNumberOfTimesComesBackTheSame()
            throws IOException, InterruptedException {
        Random random = new Random(3);
        for (int length : LENGTHS) {
            prepare(length);
            Run undisturbed = new Run(JobFolder.none()).toItsEnd();
            for (int round = 0; round < 4; round++) {
                JobFolder folder = JobFolder.at(temp.resolve("job %d %d".formatted(length, round)));
                Run run = new Run(folder);
                while (run.killedAt(random.nextInt(length + length / 3))) {
                    run = new Run(folder);
                }
                assertTrue(run.events.size() >= length);
                run.assertSame(undisturbed);
            }
        }
    }

    @Test
    void windowsThatWereKeptAreNotCodedAgain() throws IOException, InterruptedException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        JobFolder folder = JobFolder.at(temp.resolve("job"));
        new Run(folder).cancelledAt(25);

        Run again = new Run(folder).toItsEnd();

        assertInstanceOf(Notice.Resumed.class, again.notices().getFirst());
        again.assertSame(undisturbed);
        Run replayed = new Run(folder).toItsEnd();
        replayed.assertSame(undisturbed);
        // Of four windows the third for what it shares with the fourth, and the fourth.
        int window = (undisturbed.kernels - replayed.kernels) / 4;
        assertTrue(window > 5, window + " kernels");
        assertTrue(again.kernels - replayed.kernels <= 2 * window, again.kernels + " kernels");
    }

    @Test
    void aWindowThatIsDamagedIsCodedAgain() throws IOException, InterruptedException {
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        JobFolder folder = JobFolder.at(temp.resolve("job"));
        for (int window = 0; window < 4; window++) {
            new Run(folder).toItsEnd();
            Path file = temp.resolve("job/window-%06d.safetensors".formatted(window));
            byte[] whole = Files.readAllBytes(file);
            if (window % 2 == 0) {
                whole[whole.length / 2] ^= 1;
                Files.write(file, whole);
            } else {
                Files.write(file, Arrays.copyOf(whole, whole.length - 1));
            }

            new Run(folder).toItsEnd().assertSame(undisturbed);
        }
    }

    @Test
    void theWindowsOfAnotherClipAreNotTaken() throws IOException, InterruptedException {
        JobFolder folder = JobFolder.at(temp.resolve("job"));
        new Run(folder).toItsEnd();
        prepare(40);
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();

        Run other = new Run(folder).toItsEnd();

        assertEquals(List.of(), other.notices());
        other.assertSame(undisturbed);
    }

    @Test
    void aCodecOfTilesGoesDownToThemWhereMemoryIsShort() throws IOException, InterruptedException {
        prepare(18);
        codec = SmallVae.TWO_LEVELS.writeTo(temp.resolve("vae"), "model.safetensors");
        Run undisturbed = new Run(JobFolder.none()).toItsEnd();
        Run run = new Run(JobFolder.none());
        failures = 3;

        run.toItsEnd();

        List<String> said = run.notices().stream().map(Notice::text).toList();
        assertEquals(3, said.size(), said.toString());
        assertTrue(said.get(1).contains("tiles"), said.get(1));
        assertTrue(said.get(2).contains("smaller pieces"), said.get(2));
        // A clip that fits into a tile is coded the same.
        run.assertSame(undisturbed);
        failures = 5;
        ProblemException e =
                assertThrows(ProblemException.class, () -> new Run(JobFolder.none()).toItsEnd());
        Problem.OutOfMemory problem = assertInstanceOf(Problem.OutOfMemory.class, e.problem());
        assertTrue(problem.remedy().contains("15 pixels"), problem.remedy());
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One attempt. */
    private final class Run {
        private final JobFolder folder;
        private final Cancellation stop = new Cancellation();
        private final List<ReconstructionEvent> events = new ArrayList<>();
        private Consumer<ReconstructionEvent> at = _ -> {};
        private byte[] file = {};
        private String metrics = "";
        private int kernels;

        Run(JobFolder folder) {
            this.folder = folder;
        }

        Run toItsEnd() throws IOException, InterruptedException {
            new ReconstructionPipeline(
                            request(),
                            CodecCheckpoint.open(codec),
                            Precision.FP32,
                            folder,
                            Kernels.inference().checking(this::allocate),
                            this::heard,
                            stop)
                    .run();
            file = Files.readAllBytes(temp.resolve("back.mp4"));
            metrics = Files.readString(temp.resolve("metrics.json"));
            return this;
        }

        /** Before each kernel. */
        private void allocate() {
            kernels++;
            if (failures > 0) {
                failures--;
                throw new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB.");
            }
        }

        private void heard(ReconstructionEvent event) {
            events.add(event);
            at.accept(event);
        }

        /** Whether it came to that frame. */
        boolean killedAt(int frame) throws IOException, InterruptedException {
            at =
                    event -> {
                        if (event instanceof Compared compared && compared.index() == frame) {
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

        void cancelledAt(int frame) {
            at =
                    event -> {
                        if (event instanceof Compared compared && compared.index() == frame) {
                            stop.request();
                        }
                    };
            assertThrows(CancelledException.class, this::toItsEnd);
        }

        List<Notice> notices() {
            return events.stream()
                    .filter(Adjusted.class::isInstance)
                    .map(event -> ((Adjusted) event).notice())
                    .toList();
        }

        private List<Compared> compared() {
            return events.stream()
                    .filter(Compared.class::isInstance)
                    .map(Compared.class::cast)
                    .toList();
        }

        private ReconstructionSummary summaryWithoutTimes() {
            ReconstructionSummary s = ((Saved) events.getLast()).summary();
            return new ReconstructionSummary(
                    s.frames(),
                    s.psnr(),
                    s.ssim(),
                    s.codebook(),
                    s.compression(),
                    Duration.ZERO,
                    Duration.ZERO);
        }

        void assertSame(Run other) {
            assertEquals(other.compared().size(), compared().size());
            for (int i = 0; i < compared().size(); i++) {
                assertEquals(other.compared().get(i), compared().get(i), "frame " + i);
            }
            assertEquals(other.summaryWithoutTimes(), summaryWithoutTimes());
            assertEquals(other.metrics, metrics);
            assertArrayEquals(other.file, file);
        }
    }

    private ReconstructionRequest request() {
        return new ReconstructionRequest(
                clip,
                codec.toString(),
                OptionalInt.empty(),
                0,
                OptionalLong.empty(),
                temp.resolve("back.mp4"),
                Optional.of(temp.resolve("beside.mp4")),
                Optional.of(temp.resolve("metrics.json")),
                Optional.of(Precision.FP32),
                true);
    }
}
