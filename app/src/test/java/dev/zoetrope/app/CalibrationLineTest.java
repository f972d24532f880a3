package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.settings.Language;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.job.QueuedJob.Status;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a person sees of a computer that does not know a model yet. */
@NeedsFontLibraries
final class CalibrationLineTest {
    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
    private final FakeLedger ledger = new FakeLedger();
    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws Exception {
        runtime.keepIn(ledger);
        runtime.generations().know(Estimate.Basis.NOTHING);
        studio = Studio.open(home, runtime);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.await("it is asked for", () -> !ledger.jobs().isEmpty());
    }

    @Test
    void aGuessSaysSoUntilTheComputerIsMeasured() throws Exception {
        studio.await("it waits", () -> studio.shows("A guess until this computer is measured"));
        StudioScreensTest.capture(studio, "calibration-waits");
        assertTrue(studio.find("Queue").isVisible(), "a job that gives way is not counted");
        ledger.run("1", 4, 10);
        studio.await("it runs", () -> studio.shows("Measuring this computer"));
        assertTrue(studio.shows("40%"));
        StudioScreensTest.capture(studio, "calibration-runs");

        runtime.generations().know(Estimate.Basis.THIS_MODEL);
        ledger.happen("1", Status.SUCCEEDED, 10, 10, Optional.empty(), 0);

        studio.await("it is known", () -> !studio.shows("A guess") && !studio.shows("Measuring"));
    }

    @Test
    void whoSkipsItKeepsTheGuess() {
        studio.await("it waits", () -> studio.shows("A guess until this computer is measured"));
        studio.click("Skip");
        studio.await("it is stopped", () -> ledger.job("1").status() == Status.CANCELLED);
        studio.await("it says so", () -> studio.shows("A guess: this model is new here"));
        assertFalse(Studio.visible(studio.robot.lookup("Skip").query()));
    }

    @Test
    void whoTurnsItOffStopsIt() {
        studio.await("it waits", () -> studio.shows("A guess until this computer is measured"));
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        Studio.fx(() -> {
            studio.control("Measure when idle").requestFocus();
            return true;
        });
        studio.press(KeyCode.SPACE);
        studio.await("it is stopped", () -> ledger.job("1").status() == Status.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(names = {"ENGLISH", "CHINESE"})
    void itsWordsAreWholeWhereTextIsLarge(Language language) throws Exception {
        studio.resize(1280, 800);
        studio.look(look -> look.withLanguage(language).withTextPercent(150));
        ledger.run("1", 4, 10);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.pulse();
        StudioScreensTest.capture(studio, "calibration-large-" + language);
        assertEquals(List.of(), TextSizeTest.clipped(studio));
    }
}
