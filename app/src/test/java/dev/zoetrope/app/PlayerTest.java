package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.app.player.FilmView;
import dev.zoetrope.app.player.Repeat;
import dev.zoetrope.app.player.Transport;
import dev.zoetrope.app.player.Zoom;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.recipe.Recipe;

import javafx.event.Event;
import javafx.event.EventType;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.stage.Stage;
import javafx.stage.Window;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

/** The player of a clip of the library, by its keys and buttons. */
@NeedsFontLibraries
final class PlayerTest {
    private static final PaperScene SCENE = new PaperScene(96, 54, 12, 24);

    @TempDir Path home;

    @AutoClose private final Closer opened = Closer.create();

    private Studio open() throws Exception {
        Path results = home.resolve("results");
        Clips.make(results.resolve("boat.mp4"), "a paper boat on a lake", "starter", SCENE, 1);
        Clips.make(results.resolve("horse.mp4"), "a horse in the snow", "starter", SCENE, 2);
        var studio = opened.register(Studio.open(home, new FakeRuntime(SCENE)));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        studio.await("they are shown", () -> studio.shows("2 clips"));
        studio.await("it has its place", () -> studio.shows("a horse in the snow"));
        return studio;
    }

    /** Opens the newer of two clips. */
    private Studio watch() throws Exception {
        var studio = open();
        studio.click("a horse in the snow");
        studio.press(KeyCode.ENTER);
        studio.await("it is read", () -> view(studio).filmProperty().get().isPresent());
        return studio;
    }

    private static Transport transport(Studio studio) {
        return studio.library().transport();
    }

    private static FilmView view(Studio studio) {
        return (FilmView) studio.find("The clip");
    }

    @Test
    void enterShowsAClipLargeAndEscapeLeadsBack() throws Exception {
        var studio = watch();
        assertTrue(studio.shows("a horse in the snow"));
        studio.await("it plays", () -> view(studio).shownPicture() > 2);
        studio.press(KeyCode.PAGE_DOWN);
        studio.await("the other is shown", () -> studio.shows("a paper boat on a lake"));
        studio.press(KeyCode.ESCAPE);
        studio.await("all are back", () -> studio.shows("2 clips"));
        assertTrue(studio.shows("boat.mp4"));
        studio.press(KeyCode.ENTER);
        studio.click("_Use these settings");
        assertEquals("a paper boat on a lake", studio.generate().promptProperty().get());
    }

    @Test
    void aDoubleClickShowsAClipLargeToo() throws Exception {
        var studio = open();
        Node tile = studio.find("a horse in the snow");
        // Not by the robot, whose clicks are two single ones on a busy machine.
        Studio.fx(() -> {
            Event.fireEvent(tile, press(1));
            Event.fireEvent(tile, press(2));
            return true;
        });
        studio.await("it is read", () -> view(studio).filmProperty().get().isPresent());
        studio.click("_Back to the library");
        studio.await("all are back", () -> studio.shows("2 clips"));
    }

    private static MouseEvent press(int click) {
        return new MouseEvent(
                MouseEvent.MOUSE_PRESSED,
                0,
                0,
                0,
                0,
                MouseButton.PRIMARY,
                click,
                false,
                false,
                false,
                false,
                true,
                false,
                false,
                false,
                false,
                true,
                null);
    }

    @Test
    void theKeysOfEditorsMoveIt() throws Exception {
        var studio = watch();
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        assertEquals(0, view(studio).shownPicture());
        studio.press(KeyCode.RIGHT);
        studio.press(KeyCode.PERIOD);
        assertEquals(2, view(studio).shownPicture());
        studio.press(KeyCode.COMMA);
        assertEquals(1, view(studio).shownPicture());
        studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
        assertEquals(11, view(studio).shownPicture());
        assertTrue(studio.shows("12 / 24"));
        studio.press(KeyCode.END);
        assertEquals(23, view(studio).shownPicture());
        studio.press(KeyCode.J);
        studio.await("it runs back", () -> transport(studio).frame() < 20);
        studio.press(KeyCode.SPACE);
        assertEquals(0, transport(studio).speed());
        studio.press(KeyCode.P);
        assertEquals(Repeat.PING_PONG, transport(studio).repeatProperty().get());
        studio.press(KeyCode.CONTROL, KeyCode.L);
        assertEquals(Repeat.LOOP, transport(studio).repeatProperty().get());
        studio.click("Loop (Ctrl+L)");
        assertEquals(Repeat.ONCE, transport(studio).repeatProperty().get());
    }

    @Test
    void onePixelOfTheClipIsOneOfTheScreen() throws Exception {
        var studio = watch();
        assertTrue(screen(studio).getWidth() > 2 * SCENE.width());
        studio.press(KeyCode.F);
        assertEquals(Zoom.ACTUAL_SIZE, transport(studio).zoomProperty().get());
        assertEquals(SCENE.width(), screen(studio).getWidth());
        assertEquals(SCENE.height(), screen(studio).getHeight());
        studio.click("Actual size, one pixel to one (F)");
        assertTrue(screen(studio).getWidth() > 2 * SCENE.width());
    }

    private static Bounds screen(Studio studio) {
        return Studio.fx(() -> {
            studio.scene().getRoot().layout();
            Node screen = view(studio).lookup(".screen");
            return screen.localToScene(screen.getLayoutBounds());
        });
    }

    @Test
    void endsAreSetWhereTheClipStandsAndTakenBack() throws Exception {
        var studio = watch();
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
        studio.press(KeyCode.I);
        for (int i = 0; i < 5; i++) {
            studio.press(KeyCode.RIGHT);
        }
        studio.click("End here (O; Shift+O takes it back)");
        assertEquals(new FrameRange(10, 15), transport(studio).range());
        assertTrue(studio.shows("11–16\u2002·\u20020.5 s"));
        studio.press(KeyCode.SHIFT, KeyCode.I);
        assertEquals(new FrameRange(0, 15), transport(studio).range());
        studio.click("End here (O; Shift+O takes it back)");
        assertEquals(new FrameRange(0, 23), transport(studio).range());
    }

    @Test
    void endsAreDraggedFromFrameToFrame() throws Exception {
        var studio = watch();
        Node begin = studio.find("Where the played part begins");
        Node end = studio.find("Where the played part ends");
        double frame =
                Studio.fx(() -> begin.getParent().getLayoutBounds().getWidth()) / SCENE.frames();

        drag(begin, 0, 3.4 * frame);
        assertEquals(new FrameRange(3, 23), transport(studio).range());
        assertEquals(3, view(studio).shownPicture(), "the frame that it begins with is shown");
        assertEquals(0, transport(studio).speed());
        assertTrue(studio.shows("Frame 4\u2002·\u20020.25 s"));
        drop(begin);
        assertFalse(studio.shows("Frame 4\u2002·"));

        drag(end, 0, -1.6 * frame);
        assertEquals(new FrameRange(3, 21), transport(studio).range());
        drag(end, 0, -40 * frame);
        assertEquals(new FrameRange(3, 3), transport(studio).range(), "no further than the other");
        drag(end, 0, 40 * frame);
        drag(begin, 0, -40 * frame);
        drop(end);
        assertFalse(transport(studio).trimmed());
    }

    /**
     * Presses in the middle of something and moves from there, not by the robot, which may pause.
     */
    static void drag(Node node, double from, double to) {
        Studio.fx(() -> {
            Event.fireEvent(node, mouse(MouseEvent.MOUSE_PRESSED, node, from));
            Event.fireEvent(node, mouse(MouseEvent.MOUSE_DRAGGED, node, to));
            node.getScene().getRoot().layout();
            return true;
        });
    }

    static void drop(Node node) {
        Studio.fx(() -> {
            Event.fireEvent(node, mouse(MouseEvent.MOUSE_RELEASED, node, 0));
            return true;
        });
    }

    private static MouseEvent mouse(EventType<MouseEvent> type, Node node, double moved) {
        Bounds bounds = node.localToScene(node.getLayoutBounds());
        return new MouseEvent(
                type,
                bounds.getCenterX() + moved,
                bounds.getCenterY(),
                0,
                0,
                MouseButton.PRIMARY,
                1,
                false,
                false,
                false,
                false,
                true,
                false,
                false,
                false,
                false,
                true,
                null);
    }

    @Test
    void whatIsBetweenTheEndsIsExported() throws Exception {
        var studio = watch();
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        studio.press(KeyCode.RIGHT);
        studio.press(KeyCode.I);
        studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
        studio.press(KeyCode.O);
        Path target = home.resolve("part.mp4");
        studio.dialogs.saved = Optional.of(target);
        studio.press(KeyCode.CONTROL, KeyCode.E);
        studio.await("it is saved", () -> studio.shows("Saved to " + target));
        try (var reader = FrameReader.open(target)) {
            assertEquals(11, reader.info().frames());
            assertEquals(SCENE.fps(), reader.info().fps());
        }
        assertInstanceOf(Recipe.Excerpt.class, Recipe.of(target).orElseThrow());
    }

    @Test
    void theWholeScreenShowsTheSameFrame() throws Exception {
        var studio = watch();
        studio.press(KeyCode.K);
        studio.press(KeyCode.HOME);
        studio.press(KeyCode.F11);
        studio.await("it is there", () -> fullScreen().isPresent());
        assertEquals(
                fullScreen().orElseThrow().getScene().getWidth(),
                fullView().getWidth(),
                "the picture has all of it");
        studio.press(KeyCode.RIGHT);
        studio.press(KeyCode.I);
        assertEquals(1, fullView().shownPicture());
        assertEquals(1, view(studio).shownPicture());
        studio.press(KeyCode.ESCAPE);
        studio.await("it is gone", () -> fullScreen().isEmpty());
        assertEquals(new FrameRange(1, 23), transport(studio).range());
        studio.press(KeyCode.F11);
        studio.await("it is there again", () -> fullScreen().isPresent());
        studio.press(KeyCode.F11);
        studio.await("it is gone again", () -> fullScreen().isEmpty());
        assertTrue(studio.find("The clip").isFocused());
    }

    static Optional<Stage> fullScreen() {
        return Window.getWindows().stream()
                .filter(Stage.class::isInstance)
                .map(Stage.class::cast)
                .filter(stage -> stage.isShowing() && stage.isFullScreen())
                .findFirst();
    }

    private static FilmView fullView() {
        return (FilmView) fullScreen().orElseThrow().getScene().getRoot().lookup(".film-view");
    }
}
