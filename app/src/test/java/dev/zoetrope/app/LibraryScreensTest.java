package dev.zoetrope.app;

import static dev.zoetrope.app.StudioScreensTest.capture;

import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Pictures of the queue and the library, in {@code target/screens}. */
@NeedsFontLibraries
final class LibraryScreensTest {
    private static final List<String> PROMPTS =
            List.of(
                    "A paper balloon drifts over layered hills at dusk, warm rim light",
                    "Slow push in on a lighthouse in a storm, 35mm, heavy grain",
                    "a red train crosses a snowy viaduct",
                    "Two foxes made of folded paper chase each other through birch trees",
                    "Macro shot of dew on a spider's web at sunrise",
                    "a horse gallops along the shore",
                    "An old projector starts up in a dark room, dust in the beam of light",
                    "City street at night after the rain, neon reflections");

    @TempDir Path home;

    private Studio open() throws Exception {
        for (int i = 0; i < 26; i++) {
            boolean tall = i % 7 == 3;
            var scene = new PaperScene(tall ? 90 : 160, tall ? 160 : 90, 12, 4 + i);
            Clips.make(
                    home.resolve("results").resolve("clip " + (26 - i) + ".mp4"),
                    PROMPTS.get(i % PROMPTS.size()),
                    i % 5 == 1 ? "open-sora-plan-1.1" : "starter",
                    scene,
                    -i);
        }
        var runtime = new FakeRuntime(new PaperScene(160, 90, 12, 12));
        runtime.keepIn(ledger());
        var studio = Studio.open(home, runtime);
        studio.resize(1280, 800);
        return studio;
    }

    private FakeLedger ledger() {
        var ledger = new FakeLedger();
        for (int i = 0; i < 8; i++) {
            Path output = home.resolve("results").resolve("clip " + (26 - i) + ".mp4");
            GenerationRequest request = Clips.request(PROMPTS.get(i), "starter", i, output);
            ledger.add(request, i < 2 ? Status.SUCCEEDED : Status.PENDING, 0, 0);
        }
        ledger.add(
                Clips.rebuilding(
                        home.resolve("results/clip 3.mp4"), home.resolve("results/rebuilt.mp4")),
                Status.PENDING,
                0,
                0);
        ledger.happen("3", Status.RUNNING, 12, 46, Optional.empty(), 1);
        ledger.happen("4", Status.PAUSED, 20, 46, Optional.empty(), 0);
        ledger.happen("5", Status.PARKED, 3, 46, Optional.of(new Problem.JobParked(2)), 2);
        ledger.happen(
                "8",
                Status.FAILED,
                3,
                46,
                Optional.of(new Problem.OutOfMemory("a clip of 1280 x 720 and 121 frames")),
                0);
        return ledger;
    }

    @Test
    void theLibraryAndTheQueueCanBeLookedAt() throws Exception {
        try (var studio = open()) {
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
            studio.await("all are there", () -> studio.shows("26 clips"));
            Thread.sleep(1_500);
            capture(studio, "library-dark");
            studio.click(PROMPTS.getFirst());
            studio.press(KeyCode.S);
            studio.press(KeyCode.RIGHT);
            studio.press(KeyCode.RIGHT);
            studio.press(KeyCode.S);
            Thread.sleep(500);
            capture(studio, "library-details-dark");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            studio.press(KeyCode.CONTROL, KeyCode.J);
            studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
            Thread.sleep(1_000);
            capture(studio, "library-queue-light");
            studio.press(KeyCode.CONTROL, KeyCode.T);
            capture(studio, "library-queue-dark");
            studio.resize(900, 600);
            Thread.sleep(300);
            capture(studio, "library-narrow");
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            capture(studio, "queue-narrow");
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
            studio.resize(1280, 800);
            studio.press(KeyCode.CONTROL, KeyCode.J);
            studio.press(KeyCode.C);
            studio.await(
                    "they are compared",
                    () -> studio.library().playback().comparisonProperty().get().isPresent());
            Thread.sleep(1_000);
            capture(studio, "library-compare");
            studio.press(KeyCode.ESCAPE);
            studio.press(KeyCode.CONTROL, KeyCode.F);
            studio.robot.write("zeppelin");
            studio.await("nothing is found", () -> studio.shows("No clip is like that"));
            capture(studio, "library-unfound");
        }
    }

    @Test
    void beforeAnythingWasMadeThereIsAWord() throws Exception {
        try (var studio = Studio.open(home, new FakeRuntime(new PaperScene(160, 90, 12, 12)))) {
            studio.resize(1280, 800);
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
            studio.press(KeyCode.CONTROL, KeyCode.J);
            studio.await("it says so", () -> studio.shows("Nothing made yet"));
            capture(studio, "library-empty");
        }
    }
}
