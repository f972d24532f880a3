package dev.zoetrope.app;

import static dev.zoetrope.app.StudioScreensTest.capture;

import dev.zoetrope.app.generate.GenerateState;

import javafx.scene.Node;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

/** Pictures of the player of finished clips, in {@code target/screens}. */
@NeedsFontLibraries
final class PlayerScreensTest {
    private static final PaperScene SCENE = new PaperScene(480, 270, 24, 72);

    @TempDir Path home;

    @Test
    void theViewerOfTheLibraryCanBeLookedAt() throws Exception {
        Path results = home.resolve("results");
        Clips.make(
                results.resolve("balloon.mp4"),
                "A paper balloon drifts over layered hills at dusk, warm rim light",
                "starter",
                SCENE,
                1);
        Clips.make(results.resolve("train.mp4"), "a red train in the snow", "starter", SCENE, 2);
        try (var studio = Studio.open(home, new FakeRuntime(SCENE))) {
            studio.resize(1280, 800);
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
            studio.await("they are shown", () -> studio.shows("2 clips"));
            studio.await("it has its place", () -> studio.shows("A paper balloon"));
            studio.press(KeyCode.END);
            studio.press(KeyCode.ENTER);
            studio.await(
                    "it is read", () -> studio.library().transport().availableProperty().get() > 0);
            studio.press(KeyCode.K);
            studio.press(KeyCode.HOME);
            studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
            studio.press(KeyCode.I);
            studio.press(KeyCode.END);
            studio.press(KeyCode.SHIFT, KeyCode.LEFT);
            studio.press(KeyCode.SHIFT, KeyCode.LEFT);
            studio.press(KeyCode.O);
            for (int i = 0; i < 3; i++) {
                studio.press(KeyCode.SHIFT, KeyCode.LEFT);
            }
            capture(studio, "player-dark");
            Node begin = studio.find("Where the played part begins");
            PlayerTest.drag(begin, 0, 60);
            capture(studio, "player-dragging");
            PlayerTest.drag(begin, 0, -60);
            PlayerTest.drop(begin);
            Path part = home.resolve("balloon 11-52.gif");
            studio.dialogs.saved = Optional.of(part);
            studio.press(KeyCode.CONTROL, KeyCode.E);
            capture(studio, "player-exporting");
            studio.await("it is saved", () -> studio.shows("Saved to " + part));
            capture(studio, "player-exported");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            studio.press(KeyCode.F);
            capture(studio, "player-actual-light");
            studio.press(KeyCode.F);
            studio.resize(900, 600);
            capture(studio, "player-narrow-light");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            studio.press(KeyCode.F11);
            Thread.sleep(500);
            capture(PlayerTest.fullScreen().orElseThrow().getScene(), "player-full");
            studio.press(KeyCode.ESCAPE);
            studio.press(KeyCode.F1);
            studio.resize(1280, 800);
            Thread.sleep(500);
            capture(studio, "player-keys");
        }
    }

    @Test
    void aClipThatWasJustMadeCanBeLookedAt() throws Exception {
        var runtime = new FakeRuntime(SCENE);
        try (var studio = Studio.open(home, runtime)) {
            studio.resize(1280, 800);
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
            studio.await(
                    "the model is known",
                    () -> studio.generate().stopsProperty().get().isPresent());
            capture(studio, "generate-player-empty");
            studio.press(KeyCode.CONTROL, KeyCode.ENTER);
            var generations = runtime.generations();
            studio.await("it is asked for", () -> !generations.requests().isEmpty());
            for (int step = 1; step <= 16; step++) {
                generations.step(step);
            }
            studio.await("it emerges", () -> studio.generate().render().looks().size() == 16);
            capture(studio, "generate-player-emerging");
            generations.finish();
            studio.await(
                    "it is finished",
                    () -> studio.generate().render().state() instanceof GenerateState.Finished);
            studio.press(KeyCode.ESCAPE);
            studio.press(KeyCode.K);
            studio.press(KeyCode.I);
            capture(studio, "generate-player-dark");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            capture(studio, "generate-player-light");
            studio.resize(900, 600);
            capture(studio, "generate-player-narrow");
        }
    }
}
