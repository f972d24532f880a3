package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.app.train.TrainState;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Slider;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.shape.Path;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The training page from the outside. */
@NeedsFontLibraries
final class TrainPageTest {
    /** Far above what it takes, so that a busy machine is not taken for a busy thread. */
    private static final long HELD_UP_MILLIS = 1_000;

    @TempDir java.nio.file.Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
    @AutoClose private final Closer opened = Closer.create();

    private Studio open() throws TimeoutException {
        var studio = opened.register(Studio.open(home, runtime));
        studio.click("Train");
        studio.await("there are data sets", () -> !studio.train().choices().datasets().isEmpty());
        return studio;
    }

    private Studio openAndStart() throws TimeoutException {
        var studio = open();
        start(studio);
        return studio;
    }

    private void start(Studio studio) {
        int before = runtime.trainings().size();
        // In a low window the panel scrolls to what has the focus.
        Node button = studio.find("Start _training");
        Studio.fx(() -> {
            button.requestFocus();
            return true;
        });
        studio.press(KeyCode.SPACE);
        studio.await("it is asked for", () -> runtime.trainings().size() > before);
    }

    private static TrainState state(Studio studio) {
        return studio.train().stateProperty().get();
    }

    @Test
    void oneClickTrainsACodecOnPaperTheatre() throws Exception {
        openAndStart();
        var request = assertInstanceOf(CodecTrainingRequest.class, runtime.trainings().getFirst());
        assertEquals(List.of("paper-theatre"), request.datasets());
        assertEquals(home.resolve("data/runs/codec-1"), request.run());
        assertEquals(400, request.steps());
        assertEquals(List.of(new ClipShape(16, 64, 64)), request.shapes());
    }

    @Test
    void figuresAndTheCurveComeWithTheSteps() throws Exception {
        var studio = openAndStart();
        assertTrue(studio.shows("Preparing…"));
        runtime.learn(5, 1.25);
        runtime.learn(100, 0.375);
        studio.await("the step is shown", () -> studio.shows("Step 100 of 400"));
        assertTrue(studio.shows("0.375"));
        assertTrue(studio.shows("4.00"));
        assertTrue(studio.shows("0:01:15"));
        assertTrue(studio.shows("Training, 25%"));
        var line = (Path) Studio.fx(() -> studio.scene().getRoot().lookup(".loss-curve > .line"));
        studio.await("the curve is drawn", () -> line.getElements().size() == 2);

        runtime.learn(105, 0.36);
        studio.await("the curve grows", () -> line.getElements().size() == 3);
    }

    @Test
    void stoppingSavesAndOffersToGoOn() throws Exception {
        var studio = openAndStart();
        runtime.learn(100, 0.375);
        studio.await("it runs", () -> state(studio) == TrainState.RUNNING);
        studio.click("S_top and save");
        assertInstanceOf(JobState.Cancelled.class, runtime.trainingEnd());
        studio.await("it has stopped", () -> state(studio) == TrainState.STOPPED);

        studio.await(
                "it can go on",
                () -> studio.train().choices().resumableProperty().get().isPresent());
        studio.click("_Resume training");
        studio.await("it is asked for again", () -> runtime.trainings().size() == 2);
        assertEquals(runtime.trainings().getFirst(), runtime.trainings().getLast());
    }

    @Test
    void escapeStopsToo() throws Exception {
        var studio = openAndStart();
        studio.press(KeyCode.ESCAPE);
        assertInstanceOf(JobState.Cancelled.class, runtime.trainingEnd());
    }

    @Test
    void aRunWithAStateIsResumedAsItBegan() throws Exception {
        var studio = openAndStart();
        var request = (CodecTrainingRequest) runtime.trainings().getFirst();
        runtime.endTraining(new JobState.Succeeded(Duration.ofSeconds(3)));
        studio.await("it is done", () -> state(studio) == TrainState.FINISHED);
        runtime.keep(request);

        Studio.fx(() -> {
            studio.train().choices().stepsProperty().set("7");
            studio.train().choices().runNameProperty().set("another");
            studio.train().choices().runNameProperty().set("codec-1");
            return true;
        });
        studio.await("resuming is offered", () -> studio.shows("This run goes on"));
        studio.click("_Resume training");
        studio.await("it is asked for", () -> runtime.trainings().size() == 2);
        assertEquals(400, runtime.trainings().getLast().steps());
    }

    @Test
    void aRunThatGoesOnShowsWhatItWasAskedFor() throws Exception {
        var studio = open();
        java.nio.file.Path clips = Files.createDirectory(home.resolve("holiday"));
        studio.click("Denoiser");
        Studio.fx(() -> {
            studio.train().choices().useClips(clips);
            studio.train().choices().firstFrameProperty().set(0.25);
            studio.train().choices().stepsProperty().set("700");
            return true;
        });
        start(studio);
        var request = (DenoiserTrainingRequest) runtime.trainings().getFirst();
        runtime.keep(request);
        Studio.fx(() -> {
            studio.train().stop();
            return true;
        });
        studio.await("it has stopped", () -> state(studio) == TrainState.STOPPED);
        studio.await("resuming is offered", () -> studio.shows("This run goes on"));
        Studio.fx(() -> {
            studio.train().choices().runNameProperty().set("another");
            return true;
        });
        studio.await("it is a new one", () -> !studio.shows("This run goes on"));
        Studio.fx(() -> {
            var choices = studio.train().choices();
            choices.datasetProperty().set("paper-theatre");
            choices.firstFrameProperty().set(0.0);
            choices.stepsProperty().set("7");
            choices.runNameProperty().set("denoiser-1");
            return true;
        });
        studio.await("resuming is offered", () -> studio.shows("This run goes on"));
        studio.await(
                "what it learns from is chosen",
                () -> clips.toString().equals(studio.train().choices().datasetProperty().get()));
        assertEquals(0.25, studio.train().choices().firstFrameProperty().get());
        assertEquals("700", studio.train().choices().stepsProperty().get());

        Studio.fx(() -> {
            studio.train().choices().runNameProperty().set("denoiser-12");
            return true;
        });
        studio.await(
                "what was chosen for a new run is back",
                () -> studio.train().choices().stepsProperty().get().equals("7"));
        assertEquals("paper-theatre", studio.train().choices().datasetProperty().get());
    }

    @Test
    void theCurveOfARunThatGoesOnBeginsWhereTheRunDid() throws Exception {
        var studio = openAndStart();
        runtime.learn(200, 0.5);
        studio.await("it runs", () -> state(studio) == TrainState.RUNNING);
        var earlier = List.of(new LossPoint(100, 1), new LossPoint(200, 0.5));
        runtime.keep(runtime.trainings().getFirst(), earlier);
        studio.click("S_top and save");
        studio.await("it can go on", () -> studio.shows("This run goes on"));
        studio.click("_Resume training");
        studio.await("it is asked for again", () -> runtime.trainings().size() == 2);
        runtime.learn(300, 0.25);
        studio.await("all is shown", () -> studio.train().losses().size() == 3);
        assertEquals(earlier, studio.train().losses().subList(0, 2));
    }

    @Test
    void theSamplesOfEarlierStepsAreASliderAway() throws Exception {
        var studio = openAndStart();
        runtime.learn(100, 0.5);
        runtime.save(home.resolve("first.png"));
        runtime.learn(200, 0.25);
        runtime.save(home.resolve("second.png"));
        studio.await("the newest is shown", () -> studio.shows("Step 200: originals"));

        var slider = (Slider) Studio.fx(() -> studio.scene().getRoot().lookup(".samples .slider"));
        Studio.fx(() -> {
            slider.setValue(0);
            return true;
        });
        studio.await("the first is shown", () -> studio.shows("Step 100: originals"));

        runtime.learn(300, 0.2);
        runtime.save(home.resolve("third.png"));
        studio.await("it is there", () -> studio.train().sheets().size() == 3);
        assertTrue(studio.shows("Step 100: originals"), "whoever looks back is not disturbed");
    }

    @Test
    void theCurveOfAnotherRunCanLieBehind() throws Exception {
        var other = home.resolve("data/runs/earlier");
        var studio = openAndStart();
        runtime.told(other, List.of(new LossPoint(50, 1), new LossPoint(900, 0.1)));
        runtime.learn(100, 0.5);
        runtime.learn(200, 0.25);
        studio.await("it runs", () -> state(studio) == TrainState.RUNNING);
        var behind =
                (Path)
                        Studio.fx(
                                () -> studio.scene().getRoot().lookup(".loss-curve > .other-line"));
        assertTrue(behind.getElements().isEmpty());

        Studio.fx(() -> {
            studio.train().comparedRunProperty().set(Optional.of("earlier"));
            return true;
        });
        studio.await("it is drawn", () -> behind.getElements().size() == 2);
        assertTrue(studio.shows("step 900"), "the axis reaches as far as the longer run");
    }

    @Test
    void aFailureIsExplainedAndCanBeTriedAgain() throws Exception {
        var studio = openAndStart();
        runtime.endTraining(
                new JobState.Failed(new Impossible.TrainingDiverged(40, Double.NaN, Double.NaN)));
        studio.await(
                "it is explained", () -> studio.shows("The training left the range of numbers"));
        assertTrue(studio.shows("Resume it with a lower learning rate"));
        assertEquals(TrainState.FAILED, state(studio));

        studio.click("Tr_y again");
        studio.await("it is asked for again", () -> runtime.trainings().size() == 2);
        assertFalse(studio.shows("The training left the range of numbers"));
    }

    @Test
    void whatIsNoNumberOfStepsIsExplainedBeforeAnythingRuns() throws Exception {
        var studio = open();
        Studio.fx(() -> {
            studio.train().choices().stepsProperty().set("many");
            return true;
        });
        studio.click("Start _training");
        assertTrue(studio.shows("“many” is not a number of steps"));
        assertTrue(runtime.trainings().isEmpty());
    }

    @Test
    void aNameThatIsNoFolderIsExplained() throws Exception {
        var studio = open();
        Studio.fx(() -> {
            studio.train().choices().runNameProperty().set("../elsewhere");
            return true;
        });
        studio.click("Start _training");
        assertTrue(studio.shows("A run cannot be named"));
        assertTrue(runtime.trainings().isEmpty());
    }

    @Test
    void aDenoiserIsTrainedWithItsPartsAndAShippedDescription() throws Exception {
        var studio = open();
        studio.click("Denoiser");
        start(studio);
        var request =
                assertInstanceOf(DenoiserTrainingRequest.class, runtime.trainings().getFirst());
        assertEquals("starter", request.codec());
        assertEquals("words", request.textEncoder());
        assertNull(request.from());
        assertTrue(Files.readString(request.config()).contains("\"LatteT2V\""));
        assertEquals(home.resolve("data/runs/denoiser-1"), request.run());
    }

    @Test
    void aDenoiserCanBeGivenTheFirstFrameOfSomeClips() throws Exception {
        var studio = open();
        studio.click("Denoiser");
        start(studio);
        assertEquals(0, ((DenoiserTrainingRequest) runtime.trainings().getFirst()).firstFrame());
        runtime.endTraining(new JobState.Succeeded(Duration.ofSeconds(3)));
        studio.await("it is done", () -> state(studio) == TrainState.FINISHED);

        var share = (ComboBox<?>) studio.control("First frame given");
        Studio.fx(() -> {
            share.getSelectionModel().select(2);
            return true;
        });
        assertTrue(studio.shows("learns to go on from a picture"));
        start(studio);
        assertEquals(0.5, ((DenoiserTrainingRequest) runtime.trainings().getLast()).firstFrame());
    }

    @Test
    void theLossOfHeldOutClipsStandsBesideThatOfTheStep() throws Exception {
        var studio = open();
        studio.click("Denoiser");
        start(studio);
        runtime.learn(100, 0.375);
        runtime.judge(0.425);
        studio.await("it is shown", () -> studio.shows("0.425"));
        assertTrue(studio.shows("0.375"));
    }

    @Test
    void aDenoiserCanBeginAsTheModelOfAFolder() throws Exception {
        var studio = open();
        studio.click("Denoiser");
        studio.dialogs.folder = Optional.of(home.resolve("older"));
        studio.click("_Model…");
        start(studio);
        var request = (DenoiserTrainingRequest) runtime.trainings().getFirst();
        assertEquals(home.resolve("older").toString(), request.from());
        assertNull(request.config());
    }

    @Test
    void aDroppedFolderIsWhatIsLearnedFrom() throws Exception {
        var studio = open();
        java.nio.file.Path clips = Files.createDirectory(home.resolve("holiday"));
        Studio.fx(() -> {
            Node page = studio.scene().getRoot().lookup(".train-page");
            return Drops.send(DragEvent.DRAG_DROPPED, page, Drops.files(List.of(clips.toFile())));
        });
        start(studio);
        assertEquals(List.of(clips.toString()), runtime.trainings().getFirst().datasets());
    }

    @Test
    void aSavedCodecIsUsedForReconstructions() throws Exception {
        var studio = openAndStart();
        runtime.learn(100, 0.375);
        runtime.save(home.resolve("no sheet.png"));
        studio.await("it can be used", () -> studio.train().savedProperty().get().isPresent());
        studio.click("Sh_ow run folder");
        assertEquals(List.of(home.resolve("data/runs/codec-1/request.json")), studio.dialogs.shown);

        studio.click("_Use this codec");
        assertTrue(studio.shows("Drop a video here"));
        assertEquals(
                Optional.of(home.resolve("data/runs/codec-1").toString()),
                studio.model().codecProperty().get());
    }

    @Test
    void aSavedDenoiserMakesClips() throws Exception {
        var studio = open();
        studio.click("Denoiser");
        start(studio);
        java.nio.file.Path run = runtime.trainings().getFirst().run();
        Files.createDirectories(run);
        runtime.generators.put(run, SettingsScreensTest.generator(run));
        runtime.learn(100, 0.375);
        runtime.save(home.resolve("sheet.png"));
        studio.await("it can be used", () -> studio.train().savedProperty().get().isPresent());
        studio.click("Ma_ke clips with it");
        assertEquals(Optional.of(run.toString()), studio.generate().modelProperty().get());
        studio.await(
                "its sizes are known", () -> studio.generate().stopsProperty().get().isPresent());
        assertTrue(studio.generate().models().contains(run.toString()));
    }

    @Test
    void keysLeadFromPageToPage() throws Exception {
        var studio = open();
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        assertTrue(studio.shows("Drop a video here"));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        assertTrue(studio.shows("Teach a model your clips"));
    }

    @Test
    void closingTheWindowStopsTheTraining() throws Exception {
        openAndStart().close();
        assertInstanceOf(JobState.Cancelled.class, runtime.trainingEnd());
    }

    @Test
    void aFloodOfStepsDoesNotHoldUpTheWindow() throws Exception {
        var studio = openAndStart();
        try (var watchdog = new PulseWatchdog()) {
            for (int step = 1; step <= 20_000; step++) {
                runtime.learn(step, 1.0 / step);
            }
            studio.await("all have come", () -> studio.train().losses().size() == 20_000);
            long longest = watchdog.longestWaitMillis();
            assertTrue(longest < HELD_UP_MILLIS, "the window stood still for " + longest + " ms");
        }
    }
}
