package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.app.generate.GenerateState;
import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.runtime.job.JobState;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Slider;
import javafx.scene.control.TextArea;
import javafx.scene.image.ImageView;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The generation page from the outside. */
@NeedsFontLibraries
final class GeneratePageTest {
    /** Far above what it takes, so that a busy machine is not taken for a busy thread. */
    private static final long HELD_UP_MILLIS = 1_000;

    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
    private final FakeGenerations generations = runtime.generations();
    @AutoClose private final Closer opened = Closer.create();

    private Studio open() throws Exception {
        var studio = opened.register(Studio.open(home, runtime));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.await(
                "the model is known", () -> studio.generate().stopsProperty().get().isPresent());
        return studio;
    }

    private static TextArea prompt(Studio studio) {
        return (TextArea) studio.find("Prompt");
    }

    private static FilmView view(Studio studio) {
        return (FilmView) studio.find("The clip");
    }

    private static GenerateState state(Studio studio) {
        return studio.generate().render().state();
    }

    /** Types over what is there. */
    private static void write(Studio studio, String text) {
        studio.robot.clickOn(prompt(studio));
        studio.press(KeyCode.CONTROL, KeyCode.A);
        studio.robot.write(text, 0);
        studio.pulse();
    }

    private void start(Studio studio) {
        int before = generations.requests().size();
        studio.press(KeyCode.CONTROL, KeyCode.ENTER);
        studio.await("it is asked for", () -> generations.requests().size() > before);
    }

    @Test
    void aPromptIsTypedAndItsClipIsWatchedUntilItIsThere() throws Exception {
        var studio = open();
        write(studio, "a red balloon over violet hills");
        assertTrue(studio.shows("128 × 128\u2002·\u200216 frames\u2002·\u20022.0 s at 8 fps"));
        studio.await("its time is known", () -> studio.shows("About 3–5 s"));
        start(studio);
        assertEquals("a red balloon over violet hills", generations.requests().getFirst().prompt());
        assertTrue(studio.shows("Preparing…"));

        Bounds before = place(studio);
        generations.step(1);
        studio.await("a guess is shown", () -> view(studio).filmProperty().get().isPresent());
        assertTrue(studio.shows("Step 1 of 16"));
        generations.step(2);
        studio.await("the pace is shown", () -> studio.shows("s a step"));
        generations.decode(3);
        studio.await("frames come", () -> studio.shows("Developing frame 3 of 16"));
        generations.finish();
        studio.await("it is finished", () -> state(studio) instanceof GenerateState.Finished);
        assertTrue(studio.shows("Made in 4.0 s"));
        assertTrue(studio.shows("finished"));
        assertEquals(16, view(studio).filmProperty().get().orElseThrow().pictures().size());
        assertEquals(before, place(studio));
    }

    private static Bounds place(Studio studio) {
        return Studio.fx(() -> {
            studio.scene().getRoot().layout();
            Node screen = view(studio).lookup(".screen");
            return screen.localToScene(screen.getLayoutBounds());
        });
    }

    @Test
    void theClipPlaysAndSpaceStopsIt() throws Exception {
        var studio = open();
        start(studio);
        generations.step(16);
        generations.finish();
        studio.await("it is finished", () -> state(studio) instanceof GenerateState.Finished);
        studio.press(KeyCode.ESCAPE);
        int first = view(studio).shownPicture();
        studio.await("it plays", () -> view(studio).shownPicture() != first);
        studio.press(KeyCode.SPACE);
        int still = view(studio).shownPicture();
        Thread.sleep(400);
        assertEquals(still, view(studio).shownPicture());
        studio.press(KeyCode.RIGHT);
        int next = Math.min(still + 1, 15);
        assertEquals(next, view(studio).shownPicture());
        studio.press(KeyCode.SPACE);
        studio.await("it plays again", () -> view(studio).shownPicture() != next);
    }

    @Test
    void inThePromptSpaceIsASpaceAndEscapeLosesNothing() throws Exception {
        var studio = open();
        write(studio, "a b");
        assertEquals("a b", studio.generate().promptProperty().get());
        start(studio);
        generations.step(1);
        studio.await("it runs", () -> state(studio) instanceof GenerateState.Sampling);
        studio.press(KeyCode.ESCAPE);
        assertTrue(state(studio).busy());
        assertEquals("a b", prompt(studio).getText());
        assertTrue(view(studio).isFocused());
    }

    @Test
    void stoppingNowLeavesWhatItLookedLike() throws Exception {
        var studio = open();
        start(studio);
        generations.step(1);
        generations.step(2);
        studio.await("it runs", () -> studio.shows("Step 2 of 16"));
        studio.click("S_top now");
        assertInstanceOf(JobState.Cancelled.class, generations.end());
        studio.await("it has stopped", () -> studio.shows("Stopped; nothing was kept"));
        assertTrue(view(studio).filmProperty().get().isPresent());
        assertFalse(Files.exists(generations.requests().getFirst().output()));
        assertTrue(studio.find("_Generate").isVisible());
    }

    @Test
    void finishingAfterThisStepKeepsTheClip() throws Exception {
        var studio = open();
        start(studio);
        assertTrue(studio.find("Finish and _keep").isDisabled());
        generations.step(5);
        studio.await("it runs", () -> studio.shows("Step 5 of 16"));
        studio.click("Finish and _keep");
        assertTrue(generations.endsEarly());
        generations.finish();
        studio.await("it is finished", () -> state(studio) instanceof GenerateState.Finished);
        assertTrue(Files.exists(generations.requests().getFirst().output()));
    }

    @Test
    void aSliderGoesBackOverHowItEmerged() throws Exception {
        var studio = open();
        start(studio);
        for (int step = 1; step <= 4; step++) {
            generations.step(step);
        }
        studio.await("four guesses are kept", () -> studio.generate().render().looks().size() == 4);
        var slider = (Slider) studio.control("How the clip emerged");
        assertEquals(3, slider.getValue());
        var image = ((ImageView) view(studio).lookup(".image-view")).getImage();
        Studio.fx(() -> {
            slider.requestFocus();
            return true;
        });
        studio.press(KeyCode.LEFT);
        studio.press(KeyCode.LEFT);
        assertTrue(studio.shows("step 2"));
        assertNotEquals(image, ((ImageView) view(studio).lookup(".image-view")).getImage());
        generations.step(5);
        studio.await("five are kept", () -> studio.generate().render().looks().size() == 5);
        assertTrue(studio.shows("step 2"));
    }

    @Test
    void earlierPromptsComeBackWithAltUp() throws Exception {
        var studio = open();
        for (String text : List.of("first", "second")) {
            write(studio, text);
            start(studio);
            generations.finish();
            studio.await("it is finished", () -> state(studio) instanceof GenerateState.Finished);
        }
        write(studio, "third");
        studio.press(KeyCode.ALT, KeyCode.UP);
        assertEquals("second", prompt(studio).getText());
        studio.press(KeyCode.ALT, KeyCode.UP);
        assertEquals("first", prompt(studio).getText());
        studio.press(KeyCode.ALT, KeyCode.DOWN);
        studio.press(KeyCode.ALT, KeyCode.DOWN);
        assertEquals("third", prompt(studio).getText());
    }

    @Test
    void slidersSnapAndTellWhenAClipIsBeyondTraining() throws Exception {
        var studio = open();
        assertFalse(studio.shows("Beyond its training"));
        var side = (Slider) studio.find("Resolution");
        Studio.fx(() -> {
            side.requestFocus();
            return true;
        });
        studio.press(KeyCode.RIGHT);
        assertTrue(studio.shows("144 × 144"));
        assertTrue(studio.shows("Beyond its training"));
        studio.press(KeyCode.LEFT);
        studio.press(KeyCode.LEFT);
        assertTrue(studio.shows("112 × 112"));
        assertFalse(studio.shows("Beyond its training"));
    }

    @Test
    void tabLeadsOutOfThePrompt() throws Exception {
        var studio = open();
        write(studio, "a cat");
        studio.press(KeyCode.TAB);
        assertEquals("a cat", prompt(studio).getText());
        assertFalse(prompt(studio).isFocused());
    }

    @Test
    void aFloodOfStepsDoesNotHoldUpTheWindow() throws Exception {
        var studio = open();
        start(studio);
        try (var watchdog = new PulseWatchdog()) {
            for (int i = 0; i < 500; i++) {
                generations.step(1 + i % 16);
            }
            studio.await("all have come", () -> studio.generate().render().looks().size() == 500);
            long longest = watchdog.longestWaitMillis();
            assertTrue(longest < HELD_UP_MILLIS, "the window stood still for " + longest + " ms");
        }
    }
}
