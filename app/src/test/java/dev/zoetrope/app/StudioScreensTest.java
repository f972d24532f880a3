package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import javax.imageio.ImageIO;

/** Pictures of what a person sees, in {@code target/screenshots}, for whoever reviews a change. */
@NeedsFontLibraries
final class StudioScreensTest {
    private static final Path FOLDER = Path.of("target", "screenshots");
    private static final PaperScene SCENE = new PaperScene(480, 270, 24, 72);

    @TempDir Path home;

    @Test
    void everyStateCanBeLookedAt() throws Exception {
        Files.createDirectories(FOLDER);
        var runtime = new FakeRuntime(SCENE);
        Path clip = home.resolve("evening balloon.mp4");
        try (var studio = new Studio(home, () -> runtime, Locale.ENGLISH, Optional.of(clip))) {
            studio.await("the codecs are listed", () -> !studio.model().codecs().isEmpty());
            resize(studio, 1280, 800);
            capture(studio, "empty-dark");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            capture(studio, "empty-light");
            studio.press(KeyCode.CONTROL, KeyCode.T);

            studio.drop(clip);
            studio.await("it is asked for", () -> !runtime.requests().isEmpty());
            capture(studio, "waiting");
            runtime.make(41);
            studio.awaitFrame(40);
            capture(studio, "growing");
            runtime.finish();
            studio.await("it plays", () -> studio.playback().speed() == 1);
            studio.press(KeyCode.K);
            studio.press(KeyCode.HOME);
            for (int i = 0; i < 3; i++) {
                studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
            }
            studio.awaitFrame(30);
            capture(studio, "done-dark");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            capture(studio, "done-light");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            studio.press(KeyCode.W);
            capture(studio, "wipe");
            studio.press(KeyCode.D);
            studio.awaitFrame(30);
            Thread.sleep(200);
            capture(studio, "difference");
            studio.press(KeyCode.D);
            studio.press(KeyCode.TAB);
            studio.press(KeyCode.TAB);
            studio.press(KeyCode.TAB);
            capture(studio, "focus");
            studio.press(KeyCode.F1);
            capture(studio, "keys");
            studio.press(KeyCode.ESCAPE);
            resize(studio, 900, 600);
            capture(studio, "narrow");
            resize(studio, 1280, 800);
            studio.drop(home.resolve("holiday.mp4"));
            studio.await("it is asked for", () -> runtime.requests().size() == 2);
            runtime.fail(
                    new Problem.MediaUnreadable(
                            Path.of("/home/mira/Videos/holiday.mp4"), "it is a text file"));
            studio.await("it failed", () -> studio.shows("it is a text file"));
            capture(studio, "failure");
        }
    }

    private static void resize(Studio studio, double width, double height) {
        Studio.fx(() -> {
            studio.stage.setWidth(width);
            studio.stage.setHeight(height);
            return true;
        });
        studio.pulse();
    }

    private static void capture(Studio studio, String name) throws IOException {
        studio.robot.moveTo(studio.stage.getX() + 640, studio.stage.getY() + 60);
        studio.pulse();
        WritableImage shot = Studio.fx(() -> studio.scene().snapshot(null));
        int width = (int) shot.getWidth();
        int height = (int) shot.getHeight();
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, shot.getPixelReader().getArgb(x, y));
            }
        }
        assertTrue(ImageIO.write(image, "png", FOLDER.resolve(name + ".png").toFile()));
    }
}
