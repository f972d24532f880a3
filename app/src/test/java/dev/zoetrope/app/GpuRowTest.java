package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.fx.Reveal;
import dev.zoetrope.app.settings.Language;
import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Equipment;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What becomes of a GPU in the settings: nothing is downloaded that nobody has agreed to. */
@NeedsFontLibraries
final class GpuRowTest {
    private static final String OFFER = "Models can compute on it after a download of 2.2 GB.";

    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 8));
    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws Exception {
        studio = Studio.open(home, runtime);
        studio.gpu.state = FakeGpu.missing(0);
    }

    private void look() {
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
    }

    private boolean offers(String button) {
        return studio.robot
                .lookup(node -> node instanceof Button one && button.equals(one.getText()))
                .match(Studio::visible)
                .tryQuery()
                .isPresent();
    }

    /** Goes to a button, into view where that is outside, and presses it. */
    private void press(String button) {
        Studio.fx(() -> {
            studio.find(button).requestFocus();
            return true;
        });
        studio.press(KeyCode.SPACE);
    }

    private void agree() {
        look();
        studio.await("it is offered", () -> studio.shows(OFFER));
        press("_Download…");
        press("_Accept and download");
    }

    @Test
    void aMachineWithoutOneIsNotToldOfIt() {
        studio.gpu.state = new GpuState.Hindered(Optional.empty(), new Impossible.GpuNotFound());
        look();
        studio.pulse();
        assertFalse(studio.shows("NVIDIA GeForce RTX 4090"));
        assertFalse(offers("_Download…"));
    }

    @Test
    void whatWouldComeIsSaidFirstAndCanBeLeft() {
        look();
        studio.await("it is offered", () -> studio.shows(OFFER));
        assertTrue(studio.shows("NVIDIA GeForce RTX 4090"));
        press("_Download…");
        assertTrue(studio.shows("2.2 GB come from repo1.maven.org and take 3.6 GB of the disk"));
        studio.click("_Not now"); // in view, though the page ended above it
        assertTrue(studio.shows(OFFER));
        assertEquals(0, studio.gpu.brought.get());
    }

    @Test
    void whatIsAgreedToComesAndTheDeviceIsOnOffer() {
        agree();
        studio.gpu.tenths.release(3);
        studio.await("it comes", () -> studio.shows("of 2.2 GB"));
        runtime.equipment =
                new Equipment(
                        List.of(ComputeDevice.CUDA, ComputeDevice.CPU),
                        List.of(Precision.values()),
                        2);
        studio.gpu.tenths.release(7);
        studio.await("it is there", () -> studio.shows("Models can compute on it."));
        studio.await("the device can be chosen", () -> studio.shows("Device"));
        assertEquals(1, studio.gpu.brought.get());
    }

    @Test
    void aStoppedDownloadIsOfferedWithWhatCame() {
        agree();
        studio.gpu.tenths.release(5);
        studio.await("half is here", () -> studio.shows("1.10 of 2.2 GB"));
        press("Sto_p");
        studio.await("it is offered", () -> studio.shows("of which 1.1 GB are here."));
    }

    @Test
    void aDownloadThatFailsSaysWhyAndCanBeTriedAgain() {
        studio.gpu.fault =
                Optional.of(
                        new Problem.DownloadFailed("https://example.org/", "the connection ended"));
        agree();
        studio.await("it is said", () -> studio.shows("did not come to its end: the connection"));
        assertTrue(offers("_Download…"));
    }

    @Test
    void removedItIsOfferedAgain() {
        studio.gpu.state = new GpuState.Ready(FakeGpu.CARD, home);
        look();
        studio.await("it is there", () -> studio.shows("Models can compute on it."));
        press("Re_move libraries");
        studio.await("it is offered", () -> studio.shows(OFFER));
    }

    @Test
    void aGpuThatCannotBeUsedSaysWhy() {
        studio.gpu.state =
                new GpuState.Hindered(
                        Optional.of(FakeGpu.CARD),
                        new Impossible.GpuUnfit("NVIDIA GeForce RTX 4090", "12.0"));
        look();
        studio.await("it is said", () -> studio.shows("has compute capability 12.0"));
        assertFalse(offers("_Download…"));
    }

    @Test
    void everyStateCanBeLookedAt() throws Exception {
        Files.createDirectories(Path.of("target", "screens"));
        studio.resize(1280, 800);
        look();
        studio.await("it is offered", () -> studio.shows(OFFER));
        capture("gpu-offered", "_Download…");
        press("_Download…");
        StudioScreensTest.capture(studio, "gpu-consent");
        wear(Theme.LIGHT, Language.CHINESE, 100);
        capture("gpu-consent-light-zh", "同意并下载(_A)");
        wear(Theme.LIGHT, Language.ENGLISH, 150);
        studio.resize(900, 700);
        capture("gpu-consent-150", "_Accept and download");
        press("_Accept and download");
        studio.gpu.tenths.release(4);
        studio.await("it comes", () -> studio.shows("0.88 of"));
        capture("gpu-coming-150", "Sto_p");
        wear(Theme.DARK, Language.ENGLISH, 100);
        studio.resize(1280, 800);
        capture("gpu-coming", "Sto_p");
        studio.gpu.tenths.release(6);
        studio.await("it is there", () -> studio.shows("Models can compute on it."));
        capture("gpu-ready", "Re_move libraries");
    }

    /** With a button of the row in view. */
    private void capture(String name, String button) throws Exception {
        Studio.fx(() -> {
            Reveal.grown(studio.find(button));
            return true;
        });
        studio.pulse();
        StudioScreensTest.capture(studio, name);
    }

    private void wear(Theme theme, Language language, int percent) {
        studio.look(look -> look.withTheme(theme).withLanguage(language).withTextPercent(percent));
    }
}
