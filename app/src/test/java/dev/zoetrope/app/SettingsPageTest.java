package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.reconstruct.RunState;
import dev.zoetrope.app.settings.Settings;
import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.device.Equipment;
import dev.zoetrope.runtime.device.Precision;

import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Each setting as a person changes it, and what comes of it. */
@NeedsFontLibraries
final class SettingsPageTest {
    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 8));
    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws Exception {
        studio = Studio.open(home, runtime);
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
    }

    private Settings settings() {
        return Studio.fx(() -> studio.composition.settings().settings());
    }

    /** Chooses by the names of the row and of what is on offer. */
    private <T> void choose(String row, String name) {
        Studio.fx(() -> {
            @SuppressWarnings("unchecked") // What is on offer is asked of the box itself.
            var box = (ComboBox<T>) studio.control(row);
            box.getItems().stream()
                    .filter(item -> box.getConverter().toString(item).equals(name))
                    .findFirst()
                    .ifPresentOrElse(
                            box::setValue,
                            () -> {
                                throw new AssertionError(name + " is not on offer");
                            });
            return true;
        });
        studio.pulse();
    }

    private void press(String control) {
        Studio.fx(() -> {
            studio.control(control).requestFocus();
            return true;
        });
        studio.press(KeyCode.SPACE);
    }

    private void reconstruct() {
        int before = runtime.requests().size();
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        studio.drop(home.resolve("walk.mp4"));
        studio.await("it is asked for", () -> runtime.requests().size() > before);
    }

    @Test
    void newClipsGoToTheFolderThatIsChosen() {
        Path chosen = home.resolve("films");
        studio.dialogs.folder = Optional.of(chosen);
        studio.click("_Choose…");
        assertTrue(studio.shows(chosen.toString()));
        reconstruct();
        assertEquals(chosen, runtime.requests().getLast().output().getParent());

        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        studio.click("_Reset");
        reconstruct();
        assertEquals(home.resolve("results"), runtime.requests().getLast().output().getParent());
    }

    @Test
    void theFolderOfTheModelsIsShown() {
        assertTrue(studio.shows(studio.folders.models().toString()));
        studio.click("Sh_ow folder");
        assertEquals(List.of(studio.folders.models()), studio.dialogs.folders);
    }

    @Test
    void clipsAreMadeInTheChosenPrecisionAndSayNothingWhenTheyShallNot() {
        reconstruct();
        assertEquals(Optional.empty(), runtime.requests().getLast().precision());
        assertTrue(runtime.requests().getLast().metadata());

        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        studio.await(
                "the precisions are known",
                () -> ((ComboBox<?>) studio.control("Precision")).getItems().size() == 3);
        choose("Precision", "BF16");
        press("Keep settings in clips");
        reconstruct();
        assertEquals(Optional.of(Precision.BF16), runtime.requests().getLast().precision());
        assertFalse(runtime.requests().getLast().metadata());
    }

    @Test
    void threadsAreToldToTheEngineWhichStartsAnew() {
        assertEquals(List.of(Computing.BEST), studio.engine.starts);
        choose("Processor threads", "1");
        var wanted = new Computing(Optional.empty(), OptionalInt.of(1));
        studio.await("the engine starts anew", () -> studio.engine.starts.getLast().equals(wanted));
        assertEquals(2, studio.engine.starts.size());
    }

    @Test
    void aDeviceIsOnOfferOnlyWhereThereAreTwo() throws Exception {
        assertFalse(studio.shows("Device"));
        studio.close();
        runtime.equipment =
                new Equipment(
                        List.of(ComputeDevice.CUDA, ComputeDevice.CPU),
                        List.of(Precision.values()),
                        2);
        studio = Studio.open(home, runtime);
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        studio.await("it is on offer", () -> studio.shows("Device"));
        choose("Device", "Processor");
        var wanted = new Computing(Optional.of(ComputeDevice.CPU), OptionalInt.empty());
        studio.await("the engine starts anew", () -> studio.engine.starts.getLast().equals(wanted));
    }

    @Test
    void withReducedMotionAFinishedClipWaitsToBePlayed() {
        press("Reduced motion");
        assertEquals(Optional.of(true), settings().look().reducedMotion());
        reconstruct();
        runtime.finish();
        studio.await(
                "the result is there", () -> studio.model().state() instanceof RunState.Finished);
        assertEquals(0, studio.playback().speed());
    }

    @Test
    void textGrowsEverywhere() {
        double before = titleSize();
        choose("Text size", "150 %");
        assertEquals(1.5 * before, titleSize(), 0.1);
        double popup =
                Studio.fx(() -> {
                    var menu = new ContextMenu(new MenuItem("item"));
                    menu.show(studio.stage);
                    double size =
                            ((Label) menu.getScene().getRoot().lookup(".label"))
                                    .getFont()
                                    .getSize();
                    menu.hide();
                    return size;
                });
        assertEquals(19.5, popup, 0.01);
    }

    private double titleSize() {
        return Studio.fx(() -> ((Label) studio.find("Appearance")).getFont().getSize());
    }

    @Test
    void theThemeFollowsTheSystemWhereItShall() {
        choose("Theme", "Light");
        assertTrue(studio.scene().getStylesheets().getFirst().endsWith("light.css"));
        choose("Theme", "As the system");
        boolean dark =
                Studio.fx(() -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK);
        assertTrue(
                studio.scene()
                        .getStylesheets()
                        .getFirst()
                        .endsWith(dark ? "dark.css" : "light.css"));
        studio.press(KeyCode.CONTROL, KeyCode.T);
        assertEquals(dark ? Theme.LIGHT : Theme.DARK, settings().look().theme());
    }

    @Test
    void theKeysAreOneClickAway() {
        studio.click("_Shortcuts…");
        assertTrue(studio.shows("Backward, pause, forward"));
    }

    @Test
    void whatIsChosenIsSaved() throws Exception {
        choose("Text size", "125 %");
        studio.close();
        assertTrue(
                Files.readString(home.resolve("settings/settings.json"))
                        .contains("\"textPercent\" : 125"));
        studio = Studio.open(home, runtime);
        assertEquals(125, settings().look().textPercent());
    }

    @Test
    void whatGetsTheFocusByTheKeyboardIsScrolledTo() {
        choose("Text size", "150 %");
        String last = "Keep settings in clips";
        for (int i = 0; i < 30 && !Studio.fx(() -> studio.control(last).isFocused()); i++) {
            studio.press(KeyCode.TAB);
        }
        studio.pulse();
        double bottom =
                Studio.fx(() -> {
                    var control = studio.control("Keep settings in clips");
                    return control.localToScene(control.getLayoutBounds()).getMaxY();
                });
        assertTrue(bottom < studio.scene().getHeight(), "it ends at " + bottom);
    }

    @Test
    void everyControlCanBeReachedWithTabAndHasAName() {
        Set<String> reached = new LinkedHashSet<>();
        for (int i = 0; i < 30; i++) {
            studio.robot.push(KeyCode.TAB);
            reached.add(Studio.fx(() -> Studio.name(studio.scene().getFocusOwner())));
        }
        assertTrue(
                reached.containsAll(
                        List.of(
                                "Settings",
                                "Language",
                                "Theme",
                                "Text size",
                                "Reduced motion",
                                "_Shortcuts…",
                                "_Choose…",
                                "Sh_ow folder",
                                "Precision",
                                "Processor threads",
                                "Keep settings in clips")),
                reached.toString());
        assertTrue(reached.stream().noneMatch(name -> name.contains("@")), reached.toString());
    }
}
