package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.app.player.CompareMode;
import dev.zoetrope.app.player.Zoom;
import dev.zoetrope.app.reconstruct.RunState;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.Node;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.stage.Window;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The window from the outside: what is done to it, and what can be seen of it then. */
@NeedsFontLibraries
final class StudioTest {
    /** Far above what it takes, so that a busy machine is not taken for a busy thread. */
    private static final long HELD_UP_MILLIS = 1_000;

    private static final int FRAMES = 24;
    private static final PaperScene SCENE = new PaperScene(96, 54, 12, FRAMES);

    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(SCENE);
    @AutoClose private final Closer opened = Closer.create();

    private Studio open() throws TimeoutException {
        return opened.register(Studio.open(home, runtime));
    }

    private Studio openWithResult() throws TimeoutException {
        var studio = open();
        drop(studio, "walk.mp4");
        runtime.finish();
        studio.await(
                "the result is there", () -> studio.model().state() instanceof RunState.Finished);
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        studio.awaitFrame(0);
        return studio;
    }

    private void drop(Studio studio, String name) {
        int before = runtime.requests().size();
        studio.drop(home.resolve(name));
        studio.await("it is asked for", () -> runtime.requests().size() > before);
    }

    @Test
    void aDroppedVideoIsReconstructedAtOnce() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");

        var request = runtime.requests().getFirst();
        assertEquals(home.resolve("walk.mp4"), request.input());
        assertEquals("starter", request.codec());
        assertEquals(OptionalInt.empty(), request.resolution());
        assertEquals(OptionalLong.empty(), request.frames());
        assertEquals(home.resolve("results/walk - reconstruction.mp4"), request.output());
    }

    @Test
    void whatIsChosenBeforeTheStartIsWhatIsAskedFor() throws Exception {
        var studio = openWithResult();
        Studio.fx(() -> {
            studio.model().codecProperty().set(Optional.of("videogpt-4x4x4"));
            studio.model().resolutionProperty().set(OptionalInt.of(256));
            studio.model().startProperty().set("1,5");
            studio.model().framesProperty().set("12");
            return true;
        });
        studio.click("_Reconstruct again");
        studio.await("it is asked for", () -> runtime.requests().size() == 2);

        var request = runtime.requests().getLast();
        assertEquals("videogpt-4x4x4", request.codec());
        assertEquals(OptionalInt.of(256), request.resolution());
        assertEquals(1.5, request.startSeconds());
        assertEquals(OptionalLong.of(12), request.frames());
        assertEquals(home.resolve("results/walk - reconstruction 2.mp4"), request.output());
    }

    @Test
    void untilTheFirstFrameIsThereThePageSaysWhatItWaitsFor() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");
        assertTrue(studio.shows("Opening the video…"));
        runtime.make(0);
        studio.await("it is opened", () -> studio.model().state() instanceof RunState.Running);
        assertTrue(studio.shows("Rebuilding the first frames…"));

        runtime.make(1);
        studio.awaitFrame(0);
        assertFalse(studio.shows("Rebuilding the first frames…"));
    }

    @Test
    void theReconstructionGrowsOnTheScreen() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");
        runtime.make(5);
        studio.awaitFrame(4);
        assertTrue(studio.shows("5 / 24"));
        assertTrue(studio.shows("5 of 24 frames"));

        runtime.make(7);
        studio.awaitFrame(11);
        assertTrue(studio.shows("12 / 24"));
    }

    @Test
    void whoStepsBackWhileItGrowsStaysThere() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");
        runtime.make(5);
        studio.awaitFrame(4);
        studio.press(KeyCode.LEFT);
        studio.awaitFrame(3);
        runtime.make(5);
        studio.await("they have come", () -> studio.shows("10 of 24 frames"));
        studio.awaitFrame(3);
    }

    @Test
    void aFinishedClipPlaysRoundAndRound() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");
        runtime.finish();
        studio.await("the second half plays", () -> studio.playback().frame() > FRAMES / 2);
        studio.await("it begins again", () -> studio.playback().frame() < FRAMES / 2);
        assertTrue(studio.shows("36") || studio.shows("dB"));
    }

    @Test
    void keysStepAndJump() throws Exception {
        var studio = openWithResult();
        studio.press(KeyCode.RIGHT);
        studio.awaitFrame(1);
        studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
        studio.awaitFrame(11);
        studio.press(KeyCode.LEFT);
        studio.awaitFrame(10);
        studio.press(KeyCode.END);
        studio.awaitFrame(FRAMES - 1);
        studio.press(KeyCode.SHIFT, KeyCode.LEFT);
        studio.awaitFrame(FRAMES - 11);
        studio.press(KeyCode.HOME);
        studio.awaitFrame(0);
    }

    @Test
    void aKeyLeadsToTheWorstFrame() throws Exception {
        var studio = openWithResult();
        int worst = 0;
        for (int i = 1; i < FRAMES; i++) {
            worst = SCENE.quality(i).psnr() < SCENE.quality(worst).psnr() ? i : worst;
        }
        studio.press(KeyCode.X);
        studio.awaitFrame(worst);
    }

    @Test
    void spaceAndJklPlay() throws Exception {
        var studio = openWithResult();
        studio.press(KeyCode.SPACE);
        assertEquals(1, studio.playback().speed());
        studio.press(KeyCode.SPACE);
        assertEquals(0, studio.playback().speed());
        studio.press(KeyCode.L);
        studio.press(KeyCode.L);
        assertEquals(2, studio.playback().speed());
        studio.press(KeyCode.J);
        assertEquals(-1, studio.playback().speed());
        studio.press(KeyCode.K);
        assertEquals(0, studio.playback().speed());
    }

    @Test
    void withoutLoopPlayingStopsAtTheEnd() throws Exception {
        var studio = openWithResult();
        studio.press(KeyCode.CONTROL, KeyCode.L);
        studio.press(KeyCode.END);
        studio.press(KeyCode.LEFT);
        studio.press(KeyCode.L);
        studio.await("it stops", () -> studio.playback().speed() == 0);
        studio.awaitFrame(FRAMES - 1);
    }

    @Test
    void scrubbingShowsTheFrameUnderTheMouse() throws Exception {
        var studio = openWithResult();
        Node timeline = studio.find("Timeline");
        studio.robot.clickOn(timeline);
        studio.awaitFrame(FRAMES / 2);
        studio.robot.drag(timeline).moveBy(-2000, 0).drop();
        studio.awaitFrame(0);
    }

    @Test
    void aClickOnTheQualityStripGoesToThatFrame() throws Exception {
        var studio = openWithResult();
        studio.robot.clickOn(studio.find("PSNR of every frame"));
        studio.awaitFrame(FRAMES / 2);
    }

    @Test
    void keysChangeHowTheTwoAreCompared() throws Exception {
        var studio = openWithResult();
        var player = studio.page().player();
        studio.press(KeyCode.W);
        assertEquals(CompareMode.WIPE, player.mode());
        studio.press(KeyCode.D);
        assertEquals(CompareMode.DIFFERENCE, player.mode());
        studio.press(KeyCode.D);
        assertEquals(CompareMode.SIDE_BY_SIDE, player.mode());
        studio.press(KeyCode.F);
        assertEquals(Zoom.ACTUAL_SIZE, player.zoom());
        studio.press(KeyCode.F);
        assertEquals(Zoom.FIT, player.zoom());
    }

    @Test
    void theWipeFollowsTheMouseAndTheArrowKeys() throws Exception {
        var studio = openWithResult();
        var player = studio.page().player();
        studio.press(KeyCode.W);
        Node handle = studio.find("Position of the wipe");
        studio.robot.drag(handle).moveBy(-120, 0).drop();
        double dragged = player.split();
        assertTrue(dragged < 0.45, "dragged to " + dragged);

        Studio.fx(() -> {
            handle.requestFocus();
            return true;
        });
        studio.press(KeyCode.RIGHT);
        assertEquals(dragged + 0.02, player.split(), 1e-6);
        assertEquals(0, studio.playback().frame());
    }

    @Test
    void thePageThatIsShownStaysChosenWhenItIsChosenAgain() throws Exception {
        var studio = open();
        studio.click("Train");
        studio.click("Train");
        assertTrue(((ToggleButton) studio.find("Train")).isSelected());
        assertTrue(studio.shows("Teach a model your clips"));
    }

    @Test
    void theThemeChangesAndIsRemembered() throws Exception {
        var studio = open();
        assertTrue(studio.scene().getStylesheets().getFirst().endsWith("dark.css"));
        studio.press(KeyCode.CONTROL, KeyCode.T);
        assertTrue(studio.scene().getStylesheets().getFirst().endsWith("light.css"));
        studio.click("Dark theme (Ctrl+T)");
        assertTrue(studio.scene().getStylesheets().getFirst().endsWith("dark.css"));
        studio.press(KeyCode.CONTROL, KeyCode.T);
        studio.close();
        assertTrue(Files.readString(home.resolve("settings/settings.json")).contains("light"));

        var again = open();
        assertTrue(again.scene().getStylesheets().getFirst().endsWith("light.css"));
    }

    @Test
    void aFailureIsExplainedOnThePageAndCanBeTriedAgain() throws Exception {
        var studio = open();
        drop(studio, "notes.mp4");
        runtime.fail(new Problem.MediaUnreadable(home.resolve("notes.mp4"), "it is a text file"));
        studio.await("it is explained", () -> studio.shows("Not a video that can be read"));
        assertTrue(studio.shows(home.resolve("notes.mp4") + " cannot be read as a video"));
        assertTrue(studio.shows("convert it to MP4"));

        studio.click("Tr_y again");
        studio.await("it is asked for again", () -> runtime.requests().size() == 2);
        assertFalse(studio.shows("Not a video that can be read"));
    }

    @Test
    void anImpossibleRangeIsExplainedBeforeAnythingRuns() throws Exception {
        var studio = openWithResult();
        Studio.fx(() -> {
            studio.model().framesProperty().set("many");
            return true;
        });
        studio.click("_Reconstruct again");
        assertTrue(studio.shows("“many” is not a number of frames"));
        assertEquals(1, runtime.requests().size());
    }

    @Test
    void escapeCancelsAndKeepsWhatCanBeSeen() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");
        runtime.make(6);
        studio.awaitFrame(5);
        studio.press(KeyCode.ESCAPE);
        studio.await("it ends", () -> studio.model().state() instanceof RunState.Cancelled);

        assertInstanceOf(JobState.Cancelled.class, runtime.end());
        assertTrue(studio.shows("Cancelled after 6 frames"));
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        studio.awaitFrame(0);
        assertTrue(studio.shows("1 / 6"));
    }

    @Test
    void droppedTextIsRefusedAndTheReasonShown() throws Exception {
        var studio = open();
        boolean taken =
                Studio.fx(() ->
                        Drops.send(DragEvent.DRAG_OVER, studio.page(), Drops.text("not a file")));
        assertFalse(taken);
        assertTrue(studio.shows("Only files can be dropped here"));
        Studio.fx(() -> Drops.send(DragEvent.DRAG_EXITED, studio.page(), Drops.text("not a file")));
        assertFalse(studio.shows("Only files can be dropped here"));
        assertTrue(runtime.requests().isEmpty());
    }

    @Test
    void severalFilesAreRefusedInsteadOfGuessedAt() throws Exception {
        var studio = open();
        boolean taken =
                Studio.fx(() ->
                        Drops.send(
                                DragEvent.DRAG_OVER,
                                studio.page(),
                                Drops.files(List.of(new File("a.mp4"), new File("b.mp4")))));
        assertFalse(taken);
        assertTrue(studio.shows("One video at a time"));
    }

    @Test
    void theResultIsSavedWhereThePersonSays() throws Exception {
        var studio = openWithResult();
        Path target = home.resolve("mine.mp4");
        studio.dialogs.saved = Optional.of(target);
        studio.press(KeyCode.S);
        studio.await("it is saved", () -> studio.shows("Saved to " + target));
        assertEquals("the result", Files.readString(target));

        studio.click("Show in fol_der");
        assertEquals(List.of(target), studio.dialogs.shown);
    }

    @Test
    void aResultThatCannotBeSavedIsExplained() throws Exception {
        var studio = openWithResult();
        studio.dialogs.saved = Optional.of(home.resolve("no such folder/mine.mp4"));
        studio.press(KeyCode.S);
        studio.await("it is explained", () -> studio.shows("File or folder not usable"));
        assertInstanceOf(RunState.Finished.class, studio.model().state());
    }

    @Test
    void lettersTypedIntoAFieldAreNotCommands() throws Exception {
        var studio = openWithResult();
        studio.click("Part of the video");
        Node field = studio.find("Number of frames");
        studio.robot.clickOn(field);
        studio.robot.write("12");
        studio.press(KeyCode.W);
        studio.press(KeyCode.LEFT);
        assertEquals(CompareMode.SIDE_BY_SIDE, studio.page().player().mode());
        assertEquals("12w", ((TextInputControl) field).getText());
    }

    @Test
    void everyControlCanBeReachedWithTab() throws Exception {
        var studio = openWithResult();
        Set<String> reached = new LinkedHashSet<>();
        for (int i = 0; i < 60; i++) {
            studio.robot.push(KeyCode.TAB);
            Node focused = Studio.fx(() -> studio.scene().getFocusOwner());
            reached.add(Studio.name(focused));
        }
        for (String control :
                List.of(
                        "Reconstruct",
                        "Keyboard shortcuts (F1)",
                        "Light theme (Ctrl+T)",
                        "_Open another…",
                        "Codec",
                        "Size",
                        "Part of the video",
                        "_Reconstruct again",
                        "_Save as…",
                        "Show in fol_der",
                        "Original and reconstruction",
                        "Timeline",
                        "First frame (Home)",
                        "One frame back (←)",
                        "Play (Space)",
                        "One frame on (→)",
                        "Last frame (End)",
                        "Loop (Ctrl+L)",
                        "Frame of lowest PSNR (X)",
                        "Side by side",
                        "Actual size, one pixel to one (F)")) {
            assertTrue(reached.contains(control), control + " is not among " + reached);
        }
        assertTrue(
                reached.stream().noneMatch(name -> name.contains("@")),
                "a control without a name is among " + reached);
    }

    @Test
    void arrowKeysChooseAmongTheComparisons() throws Exception {
        var studio = openWithResult();
        Node first = studio.find("Side by side");
        Studio.fx(() -> {
            first.requestFocus();
            return true;
        });
        studio.press(KeyCode.RIGHT);
        assertEquals(CompareMode.WIPE, studio.page().player().mode());
        studio.press(KeyCode.RIGHT);
        assertEquals(CompareMode.DIFFERENCE, studio.page().player().mode());
        assertEquals(0, studio.playback().frame());
    }

    @Test
    void theWindowIsThereBeforeTheModelsAre() throws Exception {
        var loaded = new CountDownLatch(1);
        var onScreen = new CompletableFuture<Boolean>();
        var studio =
                opened.register(
                        new Studio(
                                home,
                                () -> {
                                    onScreen.complete(!Window.getWindows().isEmpty());
                                    await(loaded);
                                    return runtime;
                                },
                                Locale.ENGLISH,
                                Optional.empty()));
        studio.drop(home.resolve("walk.mp4"));
        assertTrue(studio.shows("Loading the models"));
        assertTrue(runtime.requests().isEmpty());
        assertTrue(onScreen.join(), "nothing takes processors from what draws it");
        loaded.countDown();
        studio.await("it is asked for", () -> runtime.requests().size() == 1);
        runtime.make(1);
        studio.awaitFrame(0);
    }

    @Test
    void whileTheModelsLoadADropCanBeCancelled() throws Exception {
        var loaded = new CountDownLatch(1);
        var studio =
                opened.register(
                        new Studio(
                                home,
                                () -> {
                                    await(loaded);
                                    return runtime;
                                },
                                Locale.ENGLISH,
                                Optional.empty()));
        studio.drop(home.resolve("walk.mp4"));
        studio.press(KeyCode.ESCAPE);
        assertTrue(studio.shows("Cancelled"));
        loaded.countDown();
        studio.await("the models are there", () -> !studio.model().codecs().isEmpty());
        assertInstanceOf(RunState.Cancelled.class, studio.model().state());
    }

    @Test
    void modelsThatCannotBeLoadedAreExplained() throws Exception {
        var studio =
                opened.register(
                        new Studio(
                                home, StudioTest::missingModel, Locale.ENGLISH, Optional.empty()));
        studio.await("it is explained", () -> studio.shows("Model cannot be used"));
        assertTrue(studio.shows("Download or copy the file again"));
    }

    private static ModelRuntime missingModel() {
        if (Files.exists(Path.of("/"))) {
            throw new Problem.CheckpointDamaged(Path.of("starter.safetensors"), "it is cut off")
                    .asException();
        }
        throw new IllegalStateException("no root");
    }

    @Test
    void theSampleClipIsOneClickAway() throws Exception {
        Path sample = home.resolve("street.mp4");
        var studio = opened.register(Studio.open(home, runtime, sample));
        studio.click("Try the _sample clip");
        studio.await("it is asked for", () -> runtime.requests().size() == 1);
        assertEquals(sample, runtime.requests().getFirst().input());
    }

    @Test
    void closingWhileItRunsCancelsAndLeavesNoFile() throws Exception {
        var studio = open();
        drop(studio, "walk.mp4");
        runtime.make(6);
        studio.awaitFrame(5);
        studio.close();

        assertInstanceOf(JobState.Cancelled.class, runtime.end());
        try (Stream<Path> results = Files.list(home.resolve("results"))) {
            assertEquals(List.of(), results.toList());
        }
        assertFalse(Files.exists(home.resolve("cache")), "frames were left behind");
    }

    @Test
    void settingsThatCannotBeUnderstoodAreKeptAndMentioned() throws Exception {
        Files.createDirectories(home.resolve("settings"));
        Files.writeString(home.resolve("settings/settings.json"), "{ theme: dark");
        var studio = open();
        assertTrue(studio.shows("The settings could not be understood"));
        assertEquals(
                "{ theme: dark", Files.readString(home.resolve("settings/settings.json.broken")));
    }

    @Test
    void whatGoesWrongAroundThePagesIsToldOnTheOneThatIsShown() throws Exception {
        var studio = open();
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        assertTrue(studio.shows("They are in"));

        Thread failing =
                new Thread(() -> {
                    throw new IllegalStateException("a defect");
                });
        failing.start();
        failing.join();
        studio.await("it is told", () -> studio.shows("It says of itself: java.lang.Illegal"));
        assertTrue(studio.shows("They are in"), "the page stays");
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        assertTrue(studio.shows("It says of itself"), "on whichever page is shown");

        studio.click("Dismiss");
        assertFalse(studio.shows("It says of itself"));
    }

    @Test
    void chineseIsSpokenThroughout() throws Exception {
        var studio =
                opened.register(
                        new Studio(
                                home, () -> runtime, Locale.SIMPLIFIED_CHINESE, Optional.empty()));
        assertTrue(studio.shows("把视频拖到这里"));
    }

    /** A flood of frames, as a fast codec on a small clip makes, must not hold up the window. */
    @Test
    void aFloodOfFramesDoesNotHoldUpTheWindow() throws Exception {
        var flood = new FakeRuntime(new PaperScene(16, 16, 25, 1_000));
        var studio = opened.register(Studio.open(home, flood));
        studio.drop(home.resolve("flood.mp4"));
        studio.await("it is asked for", () -> !flood.requests().isEmpty());
        try (var watchdog = new PulseWatchdog()) {
            flood.finish();
            studio.await(
                    "all have come", () -> studio.model().state() instanceof RunState.Finished);
            long longest = watchdog.longestWaitMillis();
            assertTrue(longest < HELD_UP_MILLIS, "the window stood still for " + longest + " ms");
        }
    }

    /** Without this, the test above could not fail. */
    @Test
    void theWatchdogSeesAWindowThatIsHeldUp() throws Exception {
        open();
        try (var watchdog = new PulseWatchdog()) {
            Studio.fx(() -> {
                Thread.sleep(HELD_UP_MILLIS + 300);
                return true;
            });
            assertTrue(watchdog.longestWaitMillis() >= HELD_UP_MILLIS);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
