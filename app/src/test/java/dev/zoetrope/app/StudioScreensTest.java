package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.LossPoint;

import javafx.scene.Scene;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;

import javax.imageio.ImageIO;

/** Pictures of what a person sees, in {@code target/screens}, for whoever reviews a change. */
@NeedsFontLibraries
final class StudioScreensTest {
    private static final Path FOLDER = Path.of("target", "screens");
    private static final PaperScene SCENE = new PaperScene(480, 270, 24, 72);

    @TempDir Path home;

    @Test
    void everyStateCanBeLookedAt() throws Exception {
        var runtime = new FakeRuntime(SCENE);
        Path clip = home.resolve("evening balloon.mp4");
        try (var studio = Studio.open(home, runtime, clip)) {
            studio.resize(1280, 800);
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
            studio.resize(900, 600);
            capture(studio, "narrow");
            studio.resize(1280, 800);
            studio.drop(home.resolve("holiday.mp4"));
            studio.await("it is asked for", () -> runtime.requests().size() == 2);
            runtime.fail(
                    new Problem.MediaUnreadable(
                            Path.of("/home/mira/Videos/holiday.mp4"), "it is a text file"));
            studio.await("it failed", () -> studio.shows("it is a text file"));
            capture(studio, "failure");
        }
    }

    @Test
    void everyStateOfATrainingCanBeLookedAt() throws Exception {
        var runtime = new FakeRuntime(SCENE);
        Path sheet = sheet();
        try (var studio = Studio.open(home, runtime)) {
            studio.await(
                    "the data sets are listed",
                    () -> !studio.train().choices().datasets().isEmpty());
            studio.resize(1280, 800);
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
            studio.await("its clips are shown", () -> studio.shows("It makes up its clips"));
            Thread.sleep(1000);
            captureBoth(studio, "train-empty");
            studio.click("Start _training");
            studio.await("it is asked for", () -> !runtime.trainings().isEmpty());
            capture(studio, "train-waiting");
            var another = new ArrayList<LossPoint>();
            for (int step = 5; step <= 400; step += 5) {
                another.add(new LossPoint(step, 1.9 * Math.pow(step, -0.5)));
            }
            runtime.told(home.resolve("data/runs/codec-0"), another);
            for (int step = 5; step <= 240; step += 5) {
                if (step % 60 == 0) {
                    runtime.save(sheet);
                }
                runtime.learn(step, 1.6 * Math.pow(step, -0.6) * (1 + 0.15 * Math.sin(step * 7)));
            }
            runtime.save(sheet);
            studio.await("it can be used", () -> studio.train().savedProperty().get().isPresent());
            Studio.fx(() -> {
                studio.train().comparedRunProperty().set(Optional.of("codec-0"));
                return true;
            });
            studio.await(
                    "the other run is there", () -> !studio.train().comparedLosses().isEmpty());
            Thread.sleep(500);
            capture(studio, "train-dark");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            capture(studio, "train-light");
            studio.click("S_top and save");
            studio.await(
                    "it can go on",
                    () -> studio.train().choices().resumableProperty().get().isPresent());
            capture(studio, "train-stopped-light");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            studio.resize(900, 600);
            capture(studio, "train-narrow");
            studio.resize(1280, 800);
            Studio.fx(() -> {
                studio.train().choices().runNameProperty().set("denoiser-1");
                return true;
            });
            studio.await(
                    "it is another run",
                    () -> studio.train().choices().resumableProperty().get().isEmpty());
            studio.click("Denoiser");
            studio.click("Start _training");
            studio.await("it is asked for", () -> runtime.trainings().size() == 2);
            runtime.endTraining(
                    new JobState.Failed(new Impossible.ShapeUnlearnable(16, 66, 64, 8, 16)));
            studio.await("it failed", () -> studio.shows("Width and height are multiples of 8"));
            capture(studio, "train-failure");
        }
    }

    @Test
    void everyStateOfAGenerationCanBeLookedAt() throws Exception {
        Files.createDirectories(FOLDER);
        var runtime = new FakeRuntime(SCENE);
        FakeGenerations generations = runtime.generations();
        try (var studio = Studio.open(home, runtime)) {
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
            studio.resize(1280, 800);
            studio.await(
                    "its time is known",
                    () -> studio.generate().appraisalProperty().get().isPresent());
            captureBoth(studio, "generate-idle");
            studio.click("Steps, guidance, sampler, seed");
            studio.press(KeyCode.CONTROL, KeyCode.ENTER);
            studio.await("it is asked for", () -> !generations.requests().isEmpty());
            capture(studio, "generate-waiting");
            for (int step = 1; step <= 9; step++) {
                generations.step(step);
                Thread.sleep(60);
            }
            generations.adjust(new Notice.Resumed("after step 4 of 16"));
            studio.await("it is shown", () -> studio.shows("Step 9 of 16"));
            captureBoth(studio, "generate-running");
            for (int step = 10; step <= 16; step++) {
                generations.step(step);
            }
            generations.finish();
            studio.await("it is finished", () -> studio.shows("Made in"));
            captureBoth(studio, "generate-finished");
            studio.press(KeyCode.CONTROL, KeyCode.ENTER);
            studio.await("it is asked for", () -> generations.requests().size() == 2);
            generations.fail(
                    new Problem.OutOfMemory("sampling", "Make the clip smaller or shorter."));
            studio.await("it failed", () -> studio.shows("Make the clip smaller"));
            Studio.fx(() -> {
                studio.generate().aspectProperty().set(6);
                studio.generate().lengthProperty().set(8);
                return true;
            });
            capture(studio, "generate-failure");
            studio.resize(900, 600);
            capture(studio, "generate-narrow");
        }
    }

    static void captureBoth(Studio studio, String name) throws IOException {
        capture(studio, name + "-dark");
        studio.press(KeyCode.CONTROL, KeyCode.T);
        capture(studio, name + "-light");
        studio.press(KeyCode.CONTROL, KeyCode.T);
    }

    /** Four frames of two clips, originals above. */
    private Path sheet() throws IOException {
        var sheet = new BufferedImage(4 * 480, 2 * 270, BufferedImage.TYPE_INT_RGB);
        for (int column = 0; column < 4; column++) {
            draw(sheet, SCENE.original(column * 20), column * 480, 0);
            draw(sheet, SCENE.reconstruction(column * 20), column * 480, 270);
        }
        Path file = home.resolve("sheet.png");
        assertTrue(ImageIO.write(sheet, "png", file.toFile()));
        return file;
    }

    private static void draw(BufferedImage sheet, Frame frame, int left, int top) {
        var rgb = frame.rgb();
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                int at = (y * frame.width() + x) * 3;
                sheet.setRGB(
                        left + x,
                        top + y,
                        ((rgb.get(at) & 255) << 16)
                                | ((rgb.get(at + 1) & 255) << 8)
                                | (rgb.get(at + 2) & 255));
            }
        }
    }

    static void capture(Studio studio, String name) throws IOException {
        studio.robot.moveTo(studio.stage.getX() + 640, studio.stage.getY() + 60);
        studio.pulse();
        capture(studio.scene(), name);
    }

    /** What one window shows, a menu being one of its own. */
    static void capture(Scene scene, String name) throws IOException {
        Files.createDirectories(FOLDER);
        WritableImage shot = Studio.fx(() -> scene.snapshot(null));
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
