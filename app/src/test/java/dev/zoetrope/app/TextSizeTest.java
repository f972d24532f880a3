package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.io.Closer;

import dev.zoetrope.app.settings.Language;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Control;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Text of one and a half its size, in a window of the size that it opens in. */
@NeedsFontLibraries
final class TextSizeTest {
    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(480, 270, 24, 72));
    @AutoClose private final Closer opened = Closer.create();

    private Studio open(Language language) throws Exception {
        var studio = opened.register(Studio.open(home, runtime, home.resolve("street.mp4")));
        studio.gpu.state = FakeGpu.missing(FakeGpu.DOWNLOAD / 2);
        studio.resize(1280, 800);
        studio.look(look -> look.withLanguage(language).withTextPercent(150));
        return studio;
    }

    @ParameterizedTest
    @EnumSource(names = {"ENGLISH", "CHINESE"})
    void nothingIsClippedOnAnyPage(Language language) throws Exception {
        var studio = open(language);
        check(studio, "the empty page");
        studio.drop(home.resolve("street.mp4"));
        studio.await("it is asked for", () -> !runtime.requests().isEmpty());
        runtime.make(41);
        studio.awaitFrame(40);
        check(studio, "a reconstruction that runs");
        runtime.finish();
        studio.await("it plays", () -> studio.playback().speed() == 1);
        studio.press(KeyCode.K);
        check(studio, "its result");
        studio.press(KeyCode.F1);
        check(studio, "the keys");
        studio.press(KeyCode.ESCAPE);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
        check(studio, "nothing trained");
        Studio.fx(() -> {
            studio.train().start();
            return true;
        });
        studio.await("it is asked for", () -> !runtime.trainings().isEmpty());
        runtime.learn(5, 0.5);
        runtime.learn(10, 0.4);
        studio.await("it is told", () -> studio.train().losses().size() == 2);
        check(studio, "a training");
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        studio.await("they are listed", () -> !studio.composition.models().models().isEmpty());
        check(studio, "the models");
        studio.press(KeyCode.CONTROL, KeyCode.COMMA);
        check(studio, "the settings");
    }

    /** Without this, the test above could not fail. */
    @Test
    void textThatDoesNotFitIsFound() throws Exception {
        var studio = open(Language.ENGLISH);
        Studio.fx(() -> {
            ((Labeled) studio.find("Drop a video here")).setMaxWidth(90);
            return true;
        });
        studio.pulse();
        assertEquals(List.of("Drop a video here"), clipped(studio));
    }

    private static void check(Studio studio, String where) {
        studio.pulse();
        assertEquals(List.of(), clipped(studio), where);
    }

    /** Words that are cut short, and controls that stick out of the window. */
    static List<String> clipped(Studio studio) {
        return Studio.fx(() -> {
            studio.scene().getRoot().layout();
            List<String> clipped = new ArrayList<>();
            for (Node node : studio.scene().getRoot().lookupAll("*")) {
                if (!(node instanceof Control) || !Studio.visible(node)) {
                    continue;
                }
                if (node instanceof Labeled labeled && labeled.isTextTruncated()) {
                    clipped.add(labeled.getText());
                }
                Bounds place = node.localToScene(node.getLayoutBounds());
                boolean below = place.getMaxY() > studio.scene().getHeight() + 1;
                if (place.getMaxX() > studio.scene().getWidth() + 1 || (below && !scrolls(node))) {
                    clipped.add("beyond the window: " + node);
                }
            }
            return clipped;
        });
    }

    private static boolean scrolls(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n instanceof ScrollPane || n instanceof ListView<?>) {
                return true;
            }
        }
        return false;
    }
}
