package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.files.Exporting;
import dev.zoetrope.app.generate.Draft;
import dev.zoetrope.app.generate.FirstFrame;
import dev.zoetrope.app.generate.GenerateState;
import dev.zoetrope.app.generate.GenerateViewModel;
import dev.zoetrope.app.generate.PromptHistory;
import dev.zoetrope.app.generate.Snippets;
import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.estimate.CalibrationRequest;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The generation page without a window: every thread is the test's. */
final class GenerateViewModelTest {
    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
    private final FakeGenerations generations = runtime.generations();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Queue<Runnable> behind = new ArrayDeque<>();
    private Executor background = Runnable::run;
    private SettingsStore store;

    @BeforeEach
    void openSettings() {
        store =
                SettingsStore.open(
                        home.resolve("settings.json"), problem -> Assertions.fail(problem.cause()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private GenerateViewModel open() {
        CompletableFuture<ModelRuntime> opened = CompletableFuture.completedFuture(runtime);
        var settings =
                new SettingsViewModel(
                        store,
                        new SettingsViewModel.Folders(
                                home.resolve("results"), home.resolve("models")),
                        opened,
                        Runnable::run,
                        Runnable::run);
        var model =
                new GenerateViewModel(
                        opened,
                        home::resolve,
                        settings,
                        new PromptHistory(home.resolve("prompts.jsonl")),
                        new Snippets(home.resolve("snippets.json")),
                        task -> background.execute(task),
                        Runnable::run,
                        later::add);
        pass();
        return model;
    }

    /** A moment goes by. */
    private void pass() {
        for (Runnable due = later.poll(); due != null; due = later.poll()) {
            due.run();
        }
    }

    private GenerationRequest request() {
        return generations.requests().getLast();
    }

    @Test
    void aFirstStartIsOneClickFromAClip() {
        var model = open();
        assertEquals(
                "a red fish swimming to the left in the deep sea", model.promptProperty().get());
        model.generate();
        assertEquals(model.promptProperty().get(), request().prompt());
        assertEquals(FakeGenerations.NAME, request().model());
        assertEquals(Optional.of(new AspectRatio(1, 1)), request().aspect());
        assertEquals(OptionalInt.of(128), request().resolution());
        assertEquals(Optional.of(new ClipLength.Frames(16)), request().length());
        assertEquals(OptionalInt.empty(), request().steps());
        assertEquals(
                home.resolve(
                        "results/a red fish swimming to the left in the deep sea - %d.mp4"
                                .formatted(request().seed())),
                request().output());
    }

    @Test
    void aLaterStartBeginsWithTheLastPrompt() {
        var first = open();
        first.promptProperty().set("a blue whale");
        first.generate();
        assertEquals("a blue whale", open().promptProperty().get());
    }

    @Test
    void whatIsTypedIsAskedFor() {
        var model = open();
        model.negativeProperty().set("fog");
        model.stepsProperty().set("8");
        model.guidanceProperty().set("2,5");
        model.samplerProperty().set(Optional.of("heun"));
        model.aspectProperty().set(model.stopsProperty().get().orElseThrow().aspects().size() - 2);
        model.generate();
        assertEquals("fog", request().negative());
        assertEquals(OptionalInt.of(8), request().steps());
        assertEquals(OptionalDouble.of(2.5), request().guidance());
        assertEquals(Optional.of("heun"), request().sampler());
        assertEquals(Optional.of(new AspectRatio(16, 9)), request().aspect());
    }

    @Test
    void theSettingsOfAClipMakeItAgain() {
        var model = open();
        model.promptProperty().set("a blue whale");
        model.negativeProperty().set("fog");
        model.stepsProperty().set("8");
        model.guidanceProperty().set("2.5");
        model.samplerProperty().set(Optional.of("heun"));
        model.aspectProperty().set(1);
        model.sideProperty().set(2);
        model.lengthProperty().set(3);
        model.generate();
        GenerationRequest made = request();

        var other = open();
        other.use(made);
        other.generate();

        assertEquals(made.withOutput(home), request().withOutput(home));
    }

    @Test
    void theFormIsWhatThePlanComesTo() {
        var model = open();
        var stops = model.stopsProperty().get().orElseThrow();
        for (int aspect = 0; aspect < stops.aspects().size(); aspect++) {
            model.aspectProperty().set(aspect);
            pass();
            var form = model.formProperty().get().orElseThrow();
            var plan = model.appraisalProperty().get().orElseThrow().plan();
            assertEquals(plan.width(), form.size().width());
            assertEquals(plan.height(), form.size().height());
            assertEquals(plan.frames(), form.frames());
        }
    }

    @Test
    void everyClipHasANewSeedUnlessItIsLocked() {
        var model = open();
        model.generate();
        long first = request().seed();
        assertEquals(String.valueOf(first), model.seedProperty().get());
        model.render().stop();
        model.generate();
        assertNotEquals(first, request().seed());
        model.render().stop();
        model.seedProperty().set("7");
        model.seedLockedProperty().set(true);
        model.generate();
        assertEquals(7, request().seed());
        model.render().stop();
        model.seedProperty().set("-1");
        model.generate();
        assertNotEquals(-1, request().seed());
    }

    @Test
    void theClipEmergesAndThenIsFinishedInTheSamePlace() {
        var model = open();
        model.generate();
        assertInstanceOf(GenerateState.Waiting.class, model.render().state());
        generations.step(1);
        generations.step(2);
        var sampling = assertInstanceOf(GenerateState.Sampling.class, model.render().state());
        assertEquals(2, sampling.step());
        assertEquals(16, sampling.steps());
        assertTrue(sampling.secondsPerStep() > 0);
        assertEquals(OptionalInt.of(2), model.render().shownLook().orElseThrow().step());
        assertEquals(4, model.render().shownLook().orElseThrow().film().pictures().size());
        assertEquals(2.0, model.render().shownLook().orElseThrow().film().seconds());

        generations.decode(5);
        assertEquals(new GenerateState.Decoding(5, 16), model.render().state());
        generations.finish();
        assertInstanceOf(GenerateState.Finished.class, model.render().state());
        assertEquals(3, model.render().looks().size());
        assertEquals(OptionalInt.empty(), model.render().shownLook().orElseThrow().step());
        assertEquals(16, model.render().shownLook().orElseThrow().film().pictures().size());
        assertEquals(2.0, model.render().shownLook().orElseThrow().film().seconds(), 0.01);
        assertEquals(Optional.of(request().output()), model.render().outputProperty().get());
    }

    @Test
    void whoLooksAtAnEarlierStepIsNotTakenAway() {
        var model = open();
        model.generate();
        generations.step(1);
        generations.step(2);
        model.render().shownLookProperty().set(0);
        generations.step(3);
        generations.finish();
        assertEquals(OptionalInt.of(1), model.render().shownLook().orElseThrow().step());
    }

    @Test
    void theClipBeforeStaysUntilThereIsSomethingOfTheNext() {
        var model = open();
        model.generate();
        generations.step(1);
        generations.finish();
        Path first = request().output();
        model.generate();
        assertEquals(2, model.render().looks().size());
        assertEquals(Optional.of(first), model.render().outputProperty().get());
        generations.step(1);
        assertEquals(1, model.render().looks().size());
        assertEquals(Optional.empty(), model.render().outputProperty().get());
    }

    @Test
    void stoppingKeepsWhatItLookedLike() {
        var model = open();
        model.generate();
        generations.step(3);
        model.render().stop();
        assertInstanceOf(JobState.Cancelled.class, generations.end());
        assertInstanceOf(GenerateState.Stopped.class, model.render().state());
        assertEquals(1, model.render().looks().size());
    }

    @Test
    void finishingEarlyAsksForWhatThereIs() {
        var model = open();
        model.generate();
        generations.step(3);
        model.render().finishEarly();
        assertTrue(generations.endsEarly());
        assertTrue(model.render().state().busy());
        generations.adjust(new Notice.EndedEarly(3, 16));
        generations.finish();
        assertEquals(List.of(new Notice.EndedEarly(3, 16)), model.render().notices());
        assertInstanceOf(GenerateState.Finished.class, model.render().state());
    }

    @Test
    void whatWasSnappedIsNoNews() {
        var model = open();
        generations.differ(
                new Notice.SizeSnapped(176, 96, 171, 96, 16), new Notice.PromptCut("sea", 120));
        model.generate();
        generations.step(1);
        assertEquals(List.of(new Notice.PromptCut("sea", 120)), model.render().notices());
    }

    @Test
    void aFailureIsShownAndAnotherTryIsPossible() {
        var model = open();
        model.generate();
        var problem = new Problem.OutOfMemory("sampling", "Make it smaller.");
        generations.fail(problem);
        assertEquals(new GenerateState.Failed(problem), model.render().state());
        assertEquals(Optional.of(problem), model.problemProperty().get());
        model.generate();
        assertEquals(Optional.empty(), model.problemProperty().get());
        assertEquals(2, generations.requests().size());
    }

    @Test
    void whatIsNoNumberIsExplainedBeforeAnythingRuns() {
        var model = open();
        model.stepsProperty().set("many");
        pass();
        assertEquals(Optional.empty(), model.appraisalProperty().get());
        assertEquals(Optional.empty(), model.problemProperty().get());
        model.generate();
        assertTrue(model.problemProperty().get().orElseThrow().cause().contains("many"));
        assertEquals(List.of(), generations.requests());
    }

    @Test
    void ofManyChangesWhileAnEstimateIsMadeTheNewestIsEstimatedNext() {
        var model = open();
        int before = generations.estimated().size();
        background = behind::add;
        for (String steps : List.of("4", "5", "6", "7")) {
            model.stepsProperty().set(steps);
            pass();
        }
        while (!behind.isEmpty()) {
            behind.remove().run();
        }
        assertEquals(before + 2, generations.estimated().size());
        assertEquals(OptionalInt.of(7), generations.estimated().getLast().steps());
        assertEquals(7, model.appraisalProperty().get().orElseThrow().plan().steps());
    }

    @Test
    void stoppingBeforeTheModelsAreThereStartsNothing() {
        var model = open();
        background = behind::add;
        model.generate();
        model.render().stop();
        assertInstanceOf(GenerateState.Stopped.class, model.render().state());
        while (!behind.isEmpty()) {
            behind.remove().run();
        }
        assertInstanceOf(JobState.Cancelled.class, generations.end());
        assertInstanceOf(GenerateState.Stopped.class, model.render().state());
    }

    @Test
    void theClipIsSavedOnceMoreInAnyFormat() {
        var model = open();
        model.generate();
        generations.finish();
        Path gif = home.resolve("fish.gif");
        model.render().export(gif);
        assertTrue(Files.exists(gif));
        assertEquals(
                new Exporting.State.Written(gif), model.render().exporting().stateProperty().get());
        model.generate();
        assertEquals(new Exporting.State.None(), model.render().exporting().stateProperty().get());
    }

    @Test
    void oneClipAtATimeIsMadeHere() {
        var model = open();
        model.generate();
        model.generate();
        assertEquals(1, generations.requests().size());
        assertFalse(generations.endsEarly());
    }

    private Path picture(String name) throws IOException {
        return Files.writeString(home.resolve(name), "a picture");
    }

    @Test
    void aClipBeginsWithAPictureWhereItsModelTakesOne() throws IOException {
        Path sea = picture("sea.png");
        var without = open();
        without.beginWith(sea);
        without.generate();
        assertEquals(Optional.empty(), request().image());

        generations.takeFirstFrames();
        var model = open();
        model.beginWith(sea);
        model.generate();
        assertEquals(Optional.of(sea), request().image());
        model.render().stop();
        model.use(request().withOutput(home));
        assertEquals(sea, model.firstFrameProperty().get().orElseThrow().file());
        assertTrue(model.firstFrameProperty().get().orElseThrow().isThere());
    }

    @Test
    void aPictureThatIsGoneIsNamedAndDoesNotStopTheClip() throws IOException {
        generations.takeFirstFrames();
        var model = open();
        Path sea = picture("sea.png");
        model.beginWith(sea);
        model.generate();
        model.render().stop();
        Files.delete(sea);
        model.use(request());
        assertEquals(
                new FirstFrame(sea, Optional.empty()),
                model.firstFrameProperty().get().orElseThrow());
        model.generate();
        assertEquals(Optional.empty(), request().image());
    }

    private FakeLedger keepInQueue() {
        var ledger = new FakeLedger();
        runtime.keepIn(ledger);
        return ledger;
    }

    private static GenerationRequest request(QueuedJob job) {
        return (GenerationRequest) job.request();
    }

    @Test
    void aJobKeepsItsPlaceWhenItIsEdited() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        List<GenerationRequest> asked = new ArrayList<>();
        for (String text : List.of("a boat", "a whale", "a train")) {
            model.promptProperty().set(text);
            model.generate();
            asked.add(request());
            model.render().stop();
        }
        ledger.submit(asked);
        model.promptProperty().set("half a thou");
        model.seedProperty().set("77");
        model.seedLockedProperty().set(false);

        model.edit("2", asked.get(1));
        assertEquals("a whale", model.promptProperty().get());
        model.promptProperty().set("a blue whale");
        model.stepsProperty().set("9");
        model.saveChanges();

        assertEquals(List.of("1", "2", "3"), ledger.waiting());
        GenerationRequest changed = request(ledger.job("2"));
        assertEquals("a blue whale", changed.prompt());
        assertEquals(OptionalInt.of(9), changed.steps());
        assertEquals(asked.get(1).seed(), changed.seed());
        assertEquals(
                "a blue whale - %d.mp4".formatted(changed.seed()),
                changed.output().getFileName().toString());
        assertEquals(Optional.empty(), model.editingProperty().get());
        assertEquals("half a thou", model.promptProperty().get());
        assertEquals("77", model.seedProperty().get());
        assertFalse(model.seedLockedProperty().get());
        assertEquals(3, generations.requests().size());
    }

    @Test
    void aJobThatIsLeftStaysAsItWas() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.promptProperty().set("a boat");
        model.generate();
        model.render().stop();
        GenerationRequest asked = request();
        ledger.submit(List.of(asked));
        model.promptProperty().set("another");
        model.edit("1", asked);
        model.promptProperty().set("not this");
        model.leaveChanges();
        assertEquals(asked, ledger.job("1").request());
        assertEquals("another", model.promptProperty().get());
    }

    @Test
    void aJobThatWasBegunMeanwhileIsNotChangedAndThatIsSaid() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.promptProperty().set("a boat");
        model.generate();
        model.render().stop();
        GenerationRequest asked = request();
        ledger.submit(List.of(asked));
        model.edit("1", asked);
        ledger.run("1", 1, 16);
        model.promptProperty().set("a whale");
        model.saveChanges();
        assertTrue(model.problemProperty().get().orElseThrow().cause().contains("begun"));
        assertTrue(model.editingProperty().get().isPresent());
        assertEquals(asked, ledger.job("1").request());
    }

    @Test
    void aNameThatAPersonGaveStaysWhenItsJobIsEdited() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.generate();
        model.render().stop();
        Path mine = home.resolve("for Mira.webm");
        ledger.submit(List.of(request().withOutput(mine)));
        model.edit("1", request(ledger.job("1")));
        model.promptProperty().set("a whale");
        model.saveChanges();
        assertEquals(mine, request(ledger.job("1")).output());
    }

    @Test
    void aWindowOpenedAnewShowsWhatRuns() {
        FakeLedger ledger = keepInQueue();
        var first = open();
        first.generate();
        GenerationRequest asked = request();
        ledger.add(asked.withSeed(1), Status.PENDING, 0, 0);
        ledger.add(asked, Status.RUNNING, 2, 32);

        var model = open();
        assertInstanceOf(GenerateState.Waiting.class, model.render().state());
        generations.step(3);
        assertEquals(3, ((GenerateState.Sampling) model.render().state()).step());
        generations.finish();
        assertInstanceOf(GenerateState.Finished.class, model.render().state());
        assertEquals(Optional.of(asked.output()), model.render().outputProperty().get());
    }

    @Test
    void aWindowOpenedAnewShowsTheNewestThatWasFinished() throws IOException {
        FakeLedger ledger = keepInQueue();
        var first = open();
        first.generate();
        generations.finish();
        GenerationRequest made = request();
        ledger.add(made, Status.SUCCEEDED, 32, 32);
        // This one was moved away.
        ledger.add(made.withOutput(home.resolve("gone.mp4")), Status.SUCCEEDED, 32, 32);

        var model = open();
        assertInstanceOf(GenerateState.Finished.class, model.render().state());
        assertEquals(Optional.of(made.output()), model.render().outputProperty().get());
        assertEquals(1, model.render().looks().size());
        assertEquals(1, first.render().transport().speed());
        assertEquals(0, model.render().transport().speed(), "it waits to be played");
        assertEquals(0, model.render().transport().frame());
    }

    /** Drafts of the queue as the engine would take them, up to where they wait. */
    private void take(FakeLedger ledger, GenerateViewModel model, int first) {
        for (int i = 0; i < model.drafts().drafts().size(); i++) {
            generations.begin(first + i);
            for (int step = 1; step <= 4; step++) {
                generations.step(first + i, step);
            }
            String job = model.drafts().drafts().get(i).job();
            ledger.happen(job, Status.PAUSED, 4, 32, Optional.empty(), 0);
            generations.pause(first + i);
        }
    }

    @Test
    void draftsAreJobsOfTheQueueOfOneRequestAndDifferentSeeds() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.promptProperty().set("a blue whale");
        model.drafts().countProperty().set(3);
        model.draft();

        List<GenerationRequest> asked = ledger.jobs().stream().map(job -> request(job)).toList();
        assertEquals(3, asked.size());
        assertEquals(3, asked.stream().map(GenerationRequest::seed).distinct().count());
        assertEquals(3, asked.stream().map(GenerationRequest::output).distinct().count());
        assertTrue(asked.stream().allMatch(one -> one.prompt().equals("a blue whale")));
        assertEquals(OptionalInt.of(4), ledger.job("1").pauseAfter());
        assertTrue(model.drafts().shownProperty().get());
        Draft draft = model.drafts().drafts().getFirst();
        assertEquals(Draft.State.WAITING, draft.stateProperty().get());
        take(ledger, model, 0);
        assertEquals(Draft.State.READY, draft.stateProperty().get());
        assertEquals(4, draft.lookProperty().get().orElseThrow().film().pictures().size());
    }

    @Test
    void aLockedSeedIsOneOfTheDrafts() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.seedProperty().set("7");
        model.seedLockedProperty().set(true);
        model.draft();
        assertEquals(7, request(ledger.jobs().getFirst()).seed());
        assertEquals(4, ledger.jobs().size());
    }

    @Test
    void aDraftThatIsPickedGoesOnInTheStageAndTheOthersStay() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.draft();
        Draft picked = model.drafts().drafts().get(1);
        model.drafts().finish(picked);
        assertEquals(4, model.drafts().drafts().size(), "it is not ready");
        take(ledger, model, 0);

        model.drafts().finish(picked);

        assertEquals(Status.PENDING, ledger.job(picked.job()).status());
        assertEquals(OptionalInt.of(4), model.render().shownLook().orElseThrow().step());
        assertFalse(model.drafts().shownProperty().get());
        assertEquals(3, model.drafts().drafts().size());
        generations.step(5);
        generations.finish();
        assertEquals(Optional.of(picked.request().output()), model.render().outputProperty().get());
        assertEquals(3, model.render().looks().size());
        assertTrue(ledger.job("1").isDraft());
    }

    @Test
    void draftsThatAreDiscardedLeaveTheQueue() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.draft();
        take(ledger, model, 0);
        model.drafts().discard(model.drafts().drafts().getFirst());
        assertEquals(List.of("2", "3", "4"), ledger.waiting());
        ledger.remove(List.of("3"));
        model.drafts().discardAll();
        assertEquals(List.of(), ledger.waiting());
        assertFalse(model.drafts().shownProperty().get());
        assertEquals(Optional.empty(), model.problemProperty().get());
    }

    @Test
    void anotherRoundTakesThePlaceOfTheOneBefore() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.draft();
        List<String> before = ledger.waiting();
        model.draft();
        assertEquals(4, ledger.waiting().size());
        assertTrue(ledger.waiting().stream().noneMatch(before::contains));
    }

    @Test
    void variationsAreOfTheFinishedClipWhateverIsSetNow() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        model.vary();
        assertEquals(List.of(), ledger.jobs());
        model.promptProperty().set("a blue whale");
        model.generate();
        generations.finish();
        GenerationRequest made = request();
        model.promptProperty().set("a train");
        model.vary();
        for (QueuedJob job : ledger.jobs()) {
            assertNotEquals(made.seed(), request(job).seed());
            assertEquals(made, request(job).withSeed(made.seed()).withOutput(made.output()));
        }
        assertEquals(4, ledger.jobs().size());
    }

    @Test
    void aWindowOpenedAnewHasTheDraftsOfTheOneBefore() {
        FakeLedger ledger = keepInQueue();
        var first = open();
        first.draft();
        take(ledger, first, 0);

        var model = open();
        assertEquals(4, model.drafts().drafts().size());
        assertTrue(model.drafts().drafts().stream().allMatch(Draft::isReady));
        assertTrue(model.drafts().shownProperty().get());
        assertInstanceOf(GenerateState.Idle.class, model.render().state());
    }

    @Test
    void draftsKeepTheirPlacesInAWindowOpenedAnewWhateverTheirTurn() {
        FakeLedger ledger = keepInQueue();
        var first = open();
        first.drafts().countProperty().set(8);
        first.draft();
        first.draft();
        List<String> jobs = first.drafts().drafts().stream().map(Draft::job).toList();
        assertEquals(List.of("9", "10", "11", "12", "13", "14", "15", "16"), jobs);
        ledger.run("11", 2, 32);
        ledger.move("16", Optional.of("9"));

        assertEquals(jobs, open().drafts().drafts().stream().map(Draft::job).toList());
    }

    private static List<CalibrationRequest> calibrations(FakeLedger ledger) {
        return ledger.jobs().stream()
                .map(QueuedJob::request)
                .filter(CalibrationRequest.class::isInstance)
                .map(CalibrationRequest.class::cast)
                .toList();
    }

    private void choose(boolean calibrated) {
        store.update(now -> now.making(making -> making.withCalibrated(calibrated)));
    }

    @Test
    void aModelThatIsNewHereIsMeasuredOnce() {
        FakeLedger ledger = keepInQueue();
        generations.know(Estimate.Basis.NOTHING);
        var model = open();
        assertEquals(
                List.of(new CalibrationRequest(FakeGenerations.NAME, Optional.empty(), false)),
                calibrations(ledger));
        assertEquals(Optional.of("1"), model.calibration().jobProperty().get().map(QueuedJob::id));

        ledger.happen("1", Status.FAILED, 0, 0, Optional.of(new Problem.JobParked(2)), 0);
        assertEquals(Optional.empty(), model.calibration().jobProperty().get());
        assertEquals(Optional.empty(), model.problemProperty().get(), "nobody asked for it");
        ledger.remove(List.of("1"));
        var later = open();
        later.promptProperty().set("a whale");
        pass();
        assertEquals(List.of(), calibrations(ledger));

        store.update(
                now -> now.making(making -> making.withPrecision(Optional.of(Precision.BF16))));
        open();
        assertEquals(List.of(), calibrations(ledger), "the machine computes as it did");
    }

    @Test
    void aModelThatWasUsedHereIsNotMeasured() {
        FakeLedger ledger = keepInQueue();
        open();
        assertEquals(List.of(), calibrations(ledger));
    }

    @Test
    void whatAnotherWindowHasMeasuredIsNotMeasuredTwice() {
        FakeLedger ledger = keepInQueue();
        generations.know(Estimate.Basis.OTHER_MODELS);
        ledger.submit(
                List.of(new CalibrationRequest(FakeGenerations.NAME, Optional.empty(), false)));
        var model = open();
        assertEquals(1, calibrations(ledger).size());
        assertTrue(model.calibration().jobProperty().get().isPresent());
    }

    @Test
    void whoDoesNotWantItIsNotMeasured() {
        FakeLedger ledger = keepInQueue();
        generations.know(Estimate.Basis.NOTHING);
        choose(false);
        open();
        assertEquals(List.of(), calibrations(ledger));
    }

    @Test
    void aMeasurementThatIsDoneIsHeardByTheEstimate() {
        FakeLedger ledger = keepInQueue();
        generations.know(Estimate.Basis.NOTHING);
        var model = open();
        generations.know(Estimate.Basis.THIS_MODEL);
        ledger.run("1", 3, 10);
        assertEquals(3, model.calibration().jobProperty().get().orElseThrow().done());

        ledger.happen("1", Status.SUCCEEDED, 10, 10, Optional.empty(), 0);
        pass();

        assertEquals(Optional.empty(), model.calibration().jobProperty().get());
        assertEquals(
                Estimate.Basis.THIS_MODEL,
                model.appraisalProperty().get().orElseThrow().estimate().basis());
    }

    @Test
    void aMeasurementGivesWayToAClipThatIsWatched() {
        FakeLedger ledger = keepInQueue();
        generations.know(Estimate.Basis.NOTHING);
        var model = open();
        ledger.run("1", 3, 10);

        model.calibration().putOff();

        assertEquals(Status.PENDING, ledger.job("1").status());
        ledger.happen("1", Status.SUCCEEDED, 10, 10, Optional.empty(), 0);
        model.calibration().putOff();
        assertEquals(1, ledger.gaveWay, "there is none any more");
    }

    @Test
    void aWindowThatIsClosedHearsOfNoMeasurement() {
        FakeLedger ledger = keepInQueue();
        var model = open();
        assertEquals(1, ledger.followers());
        model.close();
        assertEquals(0, ledger.followers());
    }
}
