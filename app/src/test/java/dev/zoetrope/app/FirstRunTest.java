package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.generate.GenerateState;
import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.recipe.Recipe;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The window as it comes, with the model that comes with it. */
@NeedsFontLibraries
final class FirstRunTest {
    @TempDir Path home;

    @Test
    void oneKeyMakesAClip() throws Exception {
        Files.createDirectories(Path.of("target", "screens"));
        var models = new UserFolders(home.resolve("models"));
        try (var studio =
                new Studio(
                        home, () -> LocalRuntime.open(models), Locale.ENGLISH, Optional.empty())) {
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
            studio.resize(1280, 800);
            studio.await(
                    "the model is known",
                    () -> studio.generate().stopsProperty().get().isPresent());
            assertEquals(Optional.of("starter"), studio.generate().modelProperty().get());
            studio.press(KeyCode.CONTROL, KeyCode.ENTER);
            studio.await("a preview is there", () -> !studio.generate().render().looks().isEmpty());
            StudioScreensTest.capture(studio, "first-run-emerging");
            studio.await(
                    "it is finished",
                    () -> studio.generate().render().state() instanceof GenerateState.Finished);
            StudioScreensTest.capture(studio, "first-run");
            GenerateState.Finished finished =
                    assertInstanceOf(
                            GenerateState.Finished.class, studio.generate().render().state());
            assertTrue(studio.shows("finished"));
            assertEquals(
                    "a red fish swimming to the left in the deep sea",
                    Recipe.of(finished.output()).orElseThrow().title());
        }
    }
}
