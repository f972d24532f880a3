package dev.zoetrope.app.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.Clips;
import dev.zoetrope.app.FakeLedger;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;

import javafx.collections.ListChangeListener;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Everything on one thread, as if nothing took any time. */
final class QueueViewModelTest {
    @TempDir Path folder;

    private final FakeLedger ledger = new FakeLedger();
    private int asked;
    private Instant now = Instant.parse("2026-05-04T12:00:00Z");

    private QueueViewModel open() {
        return new QueueViewModel(
                CompletableFuture.completedFuture(Optional.of(ledger)),
                clip -> {
                    asked++;
                    if (!clip.model().equals("foreseen")) {
                        throw new Problem.FileMissing(clip.output()).asException();
                    }
                    return new Forecast(60, 2, 30, 10);
                },
                Runnable::run,
                Runnable::run,
                () -> now);
    }

    private String add(Status status) {
        return ledger.add(request("a boat"), status, 0, 0).id();
    }

    private GenerationRequest request(String prompt) {
        return Clips.request(prompt, "starter", 1, folder.resolve("boat.mp4"));
    }

    private GenerationRequest foreseen() {
        return Clips.request("a boat", "foreseen", 1, folder.resolve("boat.mp4"));
    }

    private static List<String> ids(QueueViewModel model) {
        return model.rows().stream().map(row -> row.get().id()).toList();
    }

    @Test
    void whatRunsComesFirstAndWhatEndedLast() {
        add(Status.SUCCEEDED);
        add(Status.FAILED);
        add(Status.RUNNING);
        add(Status.PENDING);
        add(Status.PAUSED);
        assertEquals(List.of("3", "4", "5", "2", "1"), ids(open()));
    }

    @Test
    void aJobThatEndsLeavesTheOthersWhereTheyAre() {
        for (int i = 0; i < 6; i++) {
            add(i == 0 ? Status.RUNNING : Status.PENDING);
        }
        var model = open();
        JobRow second = model.rows().get(1);
        int[] changes = {0};
        model.rows()
                .addListener(
                        (ListChangeListener<JobRow>)
                                change -> {
                                    while (change.next()) {
                                        changes[0] +=
                                                change.getRemovedSize() + change.getAddedSize();
                                    }
                                });
        ledger.happen("1", Status.SUCCEEDED, 9, 9, Optional.empty(), 0);
        assertEquals(List.of("2", "3", "4", "5", "6", "1"), ids(model));
        assertEquals(0, changes[0]);
        assertSame(second, model.rows().getFirst());
        assertEquals(1, model.succeededProperty().get());
    }

    @Test
    void progressChangesNoRow() {
        add(Status.RUNNING);
        var model = open();
        model.rows()
                .addListener(
                        (ListChangeListener<JobRow>)
                                _ -> {
                                    throw new AssertionError("the rows stay");
                                });
        ledger.run("1", 3, 10);
        assertEquals(0.3, model.rows().getFirst().fraction());
    }

    @Test
    void theOrderIsWhatPeopleMakeIt() {
        for (int i = 0; i < 4; i++) {
            add(Status.PENDING);
        }
        var model = open();
        model.move(model.rows().get(3), Optional.of(model.rows().getFirst()));
        assertEquals(List.of("4", "1", "2", "3"), ids(model));
        model.moveBy(model.rows().getFirst(), 1);
        assertEquals(List.of("1", "4", "2", "3"), ids(model));
        model.moveBy(model.rows().get(2), 1);
        assertEquals(List.of("1", "4", "3", "2"), ids(model));
        model.moveBy(model.rows().get(3), 1);
        model.moveBy(model.rows().getFirst(), -1);
        assertEquals(List.of("1", "4", "3", "2"), ids(model));
    }

    @Test
    void pausingAllLeavesNothingToRunAndCanBeUndone() {
        add(Status.RUNNING);
        add(Status.PENDING);
        add(Status.FAILED);
        var model = open();
        assertEquals(2, model.openProperty().get());
        model.pauseAll();
        assertFalse(model.pausableProperty().get());
        assertTrue(model.resumableProperty().get());
        model.resumeAll();
        assertEquals(Status.PENDING, ledger.job("1").status());
        assertEquals(Status.FAILED, ledger.job("3").status());
    }

    @Test
    void onlyWhatRunsCanFinishEarly() {
        add(Status.RUNNING);
        add(Status.PENDING);
        var model = open();
        model.finishEarly(model.rows());
        assertEquals(List.of("1"), ledger.finished);
    }

    @Test
    void aDuplicateGoesIntoAFileOfItsOwn() throws Exception {
        add(Status.PENDING);
        Files.createFile(folder.resolve("boat 2.mp4"));
        var model = open();
        model.duplicate(model.rows());
        var copy = (GenerationRequest) ledger.job("2").request();
        assertEquals(folder.resolve("boat 3.mp4"), copy.output());
        assertEquals(request("a boat").withOutput(copy.output()), copy);
    }

    @Test
    void theTimeLeftFollowsThePaceSinceTheJobWentOn() {
        add(Status.PAUSED);
        var model = open();
        JobRow row = model.rows().getFirst();
        ledger.run("1", 10, 30);
        assertEquals(Optional.empty(), row.left());
        now = now.plusSeconds(8);
        ledger.run("1", 14, 30);
        assertEquals(Optional.of(Duration.ofSeconds(32)), row.left());
    }

    /** After 2 s 20 steps in 30 s, then 60 frames in 10 s. */
    @Test
    void framesDoNotCountAsStepsWhereItIsKnownWhatTheyTake() {
        ledger.add(foreseen(), Status.PENDING, 0, 0);
        var model = open();
        JobRow row = model.rows().getFirst();
        ledger.run("1", 0, 80);
        assertEquals(Optional.of(Duration.ofSeconds(42)), row.left());
        now = now.plusSeconds(9);
        ledger.run("1", 1, 80);
        assertEquals(
                Optional.of(Duration.ofMillis(38_500)), row.left(), "the model was loaded first");
        now = now.plusSeconds(12);
        ledger.run("1", 5, 80);
        assertEquals(Optional.of(Duration.ofSeconds(45 + 20)), row.left(), "at half the pace");
        assertEquals(9.5 / 42, row.fraction(), 1e-9);
        ledger.run("1", 50, 80);
        assertEquals(37.0 / 42, row.fraction(), 1e-9);
        ledger.run("1", 80, 80);
        assertEquals(1, row.fraction());
    }

    @Test
    void whatWaitsSaysWhatItWillTakeAndAllOfThemTogether() {
        ledger.add(foreseen(), Status.RUNNING, 10, 80);
        ledger.add(foreseen().withSeed(2), Status.PENDING, 0, 0);
        ledger.add(foreseen().withSeed(3), Status.PENDING, 10, 80);
        var model = open();
        List<Optional<Duration>> each = model.rows().stream().map(JobRow::left).toList();
        assertEquals(
                Stream.of(25, 42, 25).map(Duration::ofSeconds).map(Optional::of).toList(), each);
        assertEquals(1, asked, "for what differs in the seed alone");
        assertEquals(Optional.of(Duration.ofSeconds(92)), model.leftProperty().get());

        model.pause(List.of(model.rows().get(1)));
        assertEquals(Optional.empty(), model.rows().get(1).left(), "nobody knows how long");
        assertEquals(Optional.of(Duration.ofSeconds(50)), model.leftProperty().get());

        add(Status.PENDING);
        assertEquals(Optional.empty(), model.leftProperty().get(), "not known of each");
    }

    @Test
    void whatWaitsIsForeseenAgainWhenMoreIsKnown() {
        ledger.add(foreseen(), Status.RUNNING, 0, 80);
        ledger.add(foreseen(), Status.PENDING, 0, 0);
        var model = open();
        ledger.happen("1", Status.SUCCEEDED, 80, 80, Optional.empty(), 0);
        assertEquals(2, asked);
        assertEquals(Optional.of(Duration.ofSeconds(42)), model.leftProperty().get());
    }

    @Test
    void aCommandThatIsRefusedSaysWhy() {
        add(Status.PENDING);
        var model = open();
        JobRow row = model.rows().getFirst();
        model.remove(List.of(row));
        model.remove(List.of(row));
        assertEquals(
                Optional.of("There is no job 1."),
                model.problemProperty().get().map(Problem::cause));
        model.dismissProblem();
        assertEquals(Optional.empty(), model.problemProperty().get());
    }

    @Test
    void whoHasClosedItHearsNothingMore() {
        var model = open();
        assertEquals(1, ledger.followers());
        model.close();
        assertEquals(0, ledger.followers());
    }
}
