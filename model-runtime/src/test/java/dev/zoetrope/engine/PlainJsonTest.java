package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class PlainJsonTest {
    static final GenerationRequest REQUEST = EngineRequests.generation("a red boat", 7);

    @Test
    void aRequestComesBackAsItWas() {
        JobRequest back = PlainJson.read(PlainJson.text(REQUEST), JobRequest.class);

        assertEquals(REQUEST, back);
    }

    @Test
    void casesOfSealedTypesComeBackAsThemselves() {
        List<JobState> states =
                List.of(
                        new JobState.Queued(),
                        new JobState.Succeeded(Duration.ofMillis(1234)),
                        new JobState.Failed(new Problem.FileMissing(Path.of("/a b/ü.mp4"))));

        for (JobState state : states) {
            assertEquals(state, PlainJson.read(PlainJson.text(state), JobState.class));
        }
        assertEquals(
                new ClipLength.Seconds(2.5),
                PlainJson.read(PlainJson.text(new ClipLength.Seconds(2.5)), ClipLength.class));
    }

    @Test
    void whatCannotBeDoneComesBackWithAllThatIsKnownOfIt() {
        List<Problem> problems =
                List.of(
                        new Impossible.CodecMissing(),
                        new Impossible.StepsBeyond(1200, 1000),
                        new Impossible.SamplerUnknown("euler", List.of("ddim", "pndm")),
                        new Impossible.TrainingDiverged(40, Double.NaN, 1.5),
                        new Impossible.NothingToLearn(
                                Path.of("/clips"),
                                1,
                                Optional.of(new Problem.FileMissing(Path.of("/clips/a.mp4")))));

        for (Problem problem : problems) {
            assertEquals(problem, PlainJson.read(PlainJson.text(problem), Problem.class));
        }
    }

    @Test
    void aProblemThatWasStoredInWordsIsStillRead() {
        assertEquals(
                new Problem.ImpossibleRequest("No.", "Ask for less."),
                PlainJson.read(
                        "{\"type\":\"ImpossibleRequest\",\"cause\":\"No.\",\"remedy\":\"Ask for less.\"}",
                        Problem.class));
    }

    @Test
    void aQueuedJobComesBackAsItWas() {
        QueuedJob job =
                new QueuedJob(
                        "3",
                        REQUEST,
                        QueuedJob.Status.PARKED,
                        4,
                        24,
                        Instant.EPOCH,
                        Optional.of(Instant.EPOCH.plusMillis(1)),
                        Optional.empty(),
                        Optional.of(new Problem.JobParked(2)),
                        2.5,
                        2,
                        OptionalInt.of(4));

        assertEquals(job, PlainJson.read(PlainJson.text(job), QueuedJob.class));
    }

    @Test
    void framesTravelBesideTheText() {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3).put(new byte[] {1, 2, 3}).flip();
        Frame frame = new Frame(1, 1, rgb, 40);
        GenerationEvent event = new GenerationEvent.Stepped(2, 24, List.of(frame, frame));

        PlainJson.Written written = PlainJson.write(event);

        assertEquals(2, written.frames().size());
        assertEquals(
                event, PlainJson.read(written.text(), written.frames(), GenerationEvent.class));
        assertThrows(
                IllegalArgumentException.class,
                () -> PlainJson.read(written.text(), List.of(frame), GenerationEvent.class));
    }

    @Test
    void numbersThatAreNoneComeBackAsSuch() {
        var event = new DenoiserTrainingEvent.Stepped(1, 2, Double.NaN, 1, 1, 1);

        assertTrue(
                Double.isNaN(
                        ((DenoiserTrainingEvent.Stepped)
                                        PlainJson.read(
                                                PlainJson.text(event), DenoiserTrainingEvent.class))
                                .loss()));
    }

    @Test
    void whatIsNoneOfTheTypeIsRefused() {
        for (String text :
                List.of("", "null", "[]", "{}", "{\"type\":\"java.lang.String\"}", "{\"type\":")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> PlainJson.read(text, JobRequest.class),
                    text);
        }
        assertEquals(Optional.of(Precision.FP32), REQUEST.precision());
    }
}
