package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.player.CompareMode;
import dev.zoetrope.app.reconstruct.RunState;
import dev.zoetrope.app.settings.Language;

import javafx.scene.control.ComboBox;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;
import org.testfx.api.FxToolkitContext;
import org.testfx.service.support.FiredEvents;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;

/** Another language in the window that is open, with everything that is going on in it. */
@NeedsFontLibraries
final class LanguageTest {
    private static final int FRAMES = 24;

    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, FRAMES));
    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws Exception {
        studio = Studio.open(home, runtime);
    }

    private void speak(Language language, String words) {
        studio.look(look -> look.withLanguage(language));
        studio.await("it is spoken", () -> studio.shows(words));
    }

    @Test
    void itIsChosenOnTheSettingsPageWhereTheFocusStays() {
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        assertTrue(studio.shows("Appearance"));
        Studio.fx(() -> {
            studio.control("Language").requestFocus();
            return true;
        });
        studio.press(KeyCode.DOWN);
        studio.press(KeyCode.DOWN);
        studio.await("it is spoken", () -> studio.shows("外观"));
        assertFalse(studio.shows("Appearance"));
        var focused = Studio.fx(() -> studio.scene().getFocusOwner());
        assertEquals(Language.CHINESE, ((ComboBox<?>) focused).getValue());
        studio.press(KeyCode.UP);
        studio.await("English is back", () -> studio.shows("Appearance"));
    }

    @Test
    void nothingThatIsTypedOrRunsIsLost() {
        Studio.fx(() -> {
            studio.model().startProperty().set("1,5");
            return true;
        });
        studio.drop(home.resolve("walk.mp4"));
        studio.await("it is asked for", () -> !runtime.requests().isEmpty());
        runtime.make(5);
        studio.awaitFrame(4);
        studio.press(KeyCode.W);

        speak(Language.CHINESE, "第 5 帧，共 24 帧");
        studio.awaitFrame(4);
        assertEquals(CompareMode.WIPE, studio.page().player().mode());
        assertTrue(studio.shows("walk.mp4"));
        assertEquals("Zoetrope – walk.mp4", Studio.fx(() -> studio.stage.getTitle()));
        runtime.make(3);
        studio.awaitFrame(7);
        runtime.finish();
        studio.await(
                "the result is there", () -> studio.model().state() instanceof RunState.Finished);
        assertTrue(studio.shows("压缩比"));
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        studio.awaitFrame(0);
        studio.press(KeyCode.END);
        studio.awaitFrame(FRAMES - 1);
        studio.click("再次重建(_R)");
        studio.await("it is asked for", () -> runtime.requests().size() == 2);
        assertEquals(1.5, runtime.requests().getLast().startSeconds());
    }

    @Test
    void aTrainingGoesOnInTheNewLanguage() {
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        studio.await(
                "the data sets are listed", () -> !studio.train().choices().datasets().isEmpty());
        studio.click("Start _training");
        studio.await("it is asked for", () -> !runtime.trainings().isEmpty());
        runtime.learn(5, 0.5);
        studio.await("it is told", () -> studio.shows("Step 5 of 400"));
        speak(Language.CHINESE, "第 5 步，共 400 步");
        runtime.learn(10, 0.25);
        studio.await("it is told", () -> studio.shows("第 10 步，共 400 步"));
        assertTrue(studio.shows("0.25"));
        assertEquals(2, studio.train().losses().size());
    }

    @Test
    void keysDoOnceWhatTheyDid() {
        speak(Language.CHINESE, "把视频拖到这里");
        studio.press(KeyCode.CONTROL, KeyCode.T);
        assertTrue(studio.scene().getStylesheets().getFirst().endsWith("light.css"));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        assertTrue(studio.shows("训练什么"));
        studio.press(KeyCode.F1);
        assertTrue(studio.shows("后退、暂停、前进"));
        studio.press(KeyCode.ESCAPE);
    }

    @Test
    void itIsRemembered() throws Exception {
        speak(Language.CHINESE, "把视频拖到这里");
        studio.close();
        studio = Studio.open(home, runtime);
        assertTrue(studio.shows("把视频拖到这里"));
    }

    @Test
    void whatSpokeTheOldLanguageIsLetGoOf() throws Exception {
        studio.drop(home.resolve("walk.mp4"));
        studio.await("it is asked for", () -> !runtime.requests().isEmpty());
        runtime.make(5);
        studio.awaitFrame(4);
        for (KeyCode page :
                List.of(
                        KeyCode.DIGIT1,
                        KeyCode.DIGIT3,
                        KeyCode.DIGIT4,
                        KeyCode.DIGIT5,
                        KeyCode.COMMA)) {
            studio.press(KeyCode.CONTROL, page);
        }
        var old = new WeakReference<>(studio.scene().getRoot());
        var page = new WeakReference<>(studio.page());
        speak(Language.CHINESE, "外观");
        for (int i = 0; i < 50 && (old.get() != null || page.get() != null); i++) {
            runtime.make(0);
            studio.pulse();
            forgetEvents();
            System.gc();
            Thread.sleep(50);
        }
        assertNull(page.get(), "the old page is still held");
        assertNull(old.get(), "the old window is still held");
    }

    /** TestFX keeps all events, and with them the controls they went to. */
    private static void forgetEvents() throws ReflectiveOperationException {
        Field events = FxToolkitContext.class.getDeclaredField("firedEvents");
        events.setAccessible(true);
        ((FiredEvents) events.get(FxToolkit.toolkitContext())).clearEvents();
    }
}
