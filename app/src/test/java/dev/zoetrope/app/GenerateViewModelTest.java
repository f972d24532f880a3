package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.files.Exporting;
import dev.zoetrope.app.generate.GenerateState;
import dev.zoetrope.app.generate.GenerateViewModel;
import dev.zoetrope.app.generate.PromptHistory;
import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
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
        model.stop();
        model.generate();
        assertNotEquals(first, request().seed());
        model.stop();
        model.seedProperty().set("7");
        model.seedLockedProperty().set(true);
        model.generate();
        assertEquals(7, request().seed());
        model.stop();
        model.seedProperty().set("-1");
        model.generate();
        assertNotEquals(-1, request().seed());
    }

    @Test
    void theClipEmergesAndThenIsFinishedInTheSamePlace() {
        var model = open();
        model.generate();
        assertInstanceOf(GenerateState.Waiting.class, model.state());
        generations.step(1);
        generations.step(2);
        var sampling = assertInstanceOf(GenerateState.Sampling.class, model.state());
        assertEquals(2, sampling.step());
        assertEquals(16, sampling.steps());
        assertTrue(sampling.secondsPerStep() > 0);
        assertEquals(OptionalInt.of(2), model.shownLook().orElseThrow().step());
        assertEquals(4, model.shownLook().orElseThrow().film().pictures().size());
        assertEquals(2.0, model.shownLook().orElseThrow().film().seconds());

        generations.decode(5);
        assertEquals(new GenerateState.Decoding(5, 16), model.state());
        generations.finish();
        assertInstanceOf(GenerateState.Finished.class, model.state());
        assertEquals(3, model.looks().size());
        assertEquals(OptionalInt.empty(), model.shownLook().orElseThrow().step());
        assertEquals(16, model.shownLook().orElseThrow().film().pictures().size());
        assertEquals(2.0, model.shownLook().orElseThrow().film().seconds(), 0.01);
        assertEquals(Optional.of(request().output()), model.outputProperty().get());
    }

    @Test
    void whoLooksAtAnEarlierStepIsNotTakenAway() {
        var model = open();
        model.generate();
        generations.step(1);
        generations.step(2);
        model.shownLookProperty().set(0);
        generations.step(3);
        generations.finish();
        assertEquals(OptionalInt.of(1), model.shownLook().orElseThrow().step());
    }

    @Test
    void theClipBeforeStaysUntilThereIsSomethingOfTheNext() {
        var model = open();
        model.generate();
        generations.step(1);
        generations.finish();
        Path first = request().output();
        model.generate();
        assertEquals(2, model.looks().size());
        assertEquals(Optional.of(first), model.outputProperty().get());
        generations.step(1);
        assertEquals(1, model.looks().size());
        assertEquals(Optional.empty(), model.outputProperty().get());
    }

    @Test
    void stoppingKeepsWhatItLookedLike() {
        var model = open();
        model.generate();
        generations.step(3);
        model.stop();
        assertInstanceOf(JobState.Cancelled.class, generations.end());
        assertInstanceOf(GenerateState.Stopped.class, model.state());
        assertEquals(1, model.looks().size());
    }

    @Test
    void finishingEarlyAsksForWhatThereIs() {
        var model = open();
        model.generate();
        generations.step(3);
        model.finishEarly();
        assertTrue(generations.endsEarly());
        assertTrue(model.state().busy());
        generations.adjust(new Notice.EndedEarly(3, 16));
        generations.finish();
        assertEquals(List.of(new Notice.EndedEarly(3, 16).text()), model.notices());
        assertInstanceOf(GenerateState.Finished.class, model.state());
    }

    @Test
    void whatWasSnappedIsNoNews() {
        var model = open();
        generations.differ(
                new Notice.SizeSnapped(176, 96, 171, 96, 16), new Notice.PromptCut("sea", 120));
        model.generate();
        generations.step(1);
        assertEquals(List.of(new Notice.PromptCut("sea", 120).text()), model.notices());
    }

    @Test
    void aFailureIsShownAndAnotherTryIsPossible() {
        var model = open();
        model.generate();
        var problem = new Problem.OutOfMemory("sampling", "Make it smaller.");
        generations.fail(problem);
        assertEquals(new GenerateState.Failed(problem), model.state());
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
        model.stop();
        assertInstanceOf(GenerateState.Stopped.class, model.state());
        while (!behind.isEmpty()) {
            behind.remove().run();
        }
        assertInstanceOf(JobState.Cancelled.class, generations.end());
        assertInstanceOf(GenerateState.Stopped.class, model.state());
    }

    @Test
    void theClipIsSavedOnceMoreInAnyFormat() {
        var model = open();
        model.generate();
        generations.finish();
        Path gif = home.resolve("fish.gif");
        model.export(gif);
        assertTrue(Files.exists(gif));
        assertEquals(new Exporting.State.Written(gif), model.exporting().stateProperty().get());
        model.generate();
        assertEquals(new Exporting.State.None(), model.exporting().stateProperty().get());
    }

    @Test
    void oneClipAtATimeIsMadeHere() {
        var model = open();
        model.generate();
        model.generate();
        assertEquals(1, generations.requests().size());
        assertFalse(generations.endsEarly());
    }
}
