package dev.zoetrope.app;

import dev.zoetrope.app.Composition.Surroundings;
import dev.zoetrope.app.player.Playback;
import dev.zoetrope.app.reconstruct.ReconstructPage;
import dev.zoetrope.app.reconstruct.ReconstructViewModel;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.app.train.TrainViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;

import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;

import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The whole window on the headless platform, and the hands of a person in front of it. */
final class Studio implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    final FakeDialogs dialogs = new FakeDialogs();
    final FxRobot robot = new FxRobot();
    final UserFolders folders;
    final Stage stage;
    final Composition composition;

    /** Opens the window with its folders under {@code home}. */
    Studio(Path home, Supplier<ModelRuntime> runtime, Locale locale, Optional<Path> sample)
            throws TimeoutException {
        folders =
                new UserFolders(
                        home.resolve("data"),
                        home.resolve("settings"),
                        home.resolve("cache"),
                        home.resolve("results"));
        stage = FxToolkit.registerPrimaryStage();
        composition =
                fx(() -> {
                    Platform.setImplicitExit(false);
                    var studio =
                            new Composition(
                                    stage,
                                    new Surroundings(runtime, dialogs, folders, sample),
                                    new Messages(locale));
                    studio.show();
                    return studio;
                });
        pulse();
    }

    static Studio open(Path home, FakeRuntime runtime) throws TimeoutException {
        var studio = new Studio(home, () -> runtime, Locale.ENGLISH, Optional.empty());
        studio.await("the codecs are listed", () -> !studio.model().codecs().isEmpty());
        return studio;
    }

    ReconstructViewModel model() {
        return composition.reconstruct();
    }

    TrainViewModel train() {
        return composition.train();
    }

    Playback playback() {
        return model().playback();
    }

    ReconstructPage page() {
        return composition.reconstructPage();
    }

    Scene scene() {
        return composition.window().scene();
    }

    /** Drops a file on the page, as from the desktop. */
    void drop(Path file) {
        fx(() -> {
            var content = Drops.files(List.of(file.toFile()));
            Drops.send(DragEvent.DRAG_OVER, page(), content);
            Drops.send(DragEvent.DRAG_DROPPED, page(), content);
            return true;
        });
    }

    /** Presses keys together. */
    void press(KeyCode... keys) {
        robot.push(keys);
        pulse();
    }

    /** Clicks something by its accessible text or its words. */
    void click(String name) {
        robot.clickOn(find(name));
        pulse();
    }

    /** The control with these words, or with this name for screen readers. */
    Node find(String name) {
        return robot.lookup(node ->
                        name.equals(node.getAccessibleText())
                                || (node instanceof Labeled labeled
                                        && name.equals(labeled.getText())))
                .match(Node::isVisible)
                .query();
    }

    /** Whether words can be read somewhere in the window. */
    boolean shows(String words) {
        return fx(() ->
                scene().getRoot().lookupAll(".label").stream()
                        .filter(Studio::visible)
                        .anyMatch(node ->
                                node instanceof Labeled labeled
                                        && labeled.getText() != null
                                        && labeled.getText().contains(words)));
    }

    private static boolean visible(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return true;
    }

    /** Waits for something to become true of the window. */
    void await(String what, Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS, () -> fx(condition));
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain until " + what, e);
        }
    }

    /** Waits until the pictures of a frame are on the screen. */
    void awaitFrame(int index) {
        await(
                "frame %d is shown, not %d".formatted(index, page().player().shownFrame()),
                () -> playback().frame() == index && page().player().shownFrame() == index);
    }

    /** Lets the window draw what has changed. */
    void pulse() {
        WaitForAsyncUtils.waitForFxEvents();
    }

    static <T> T fx(Callable<T> action) {
        return WaitForAsyncUtils.waitForAsyncFx(PATIENCE_SECONDS * 1000, action);
    }

    /** Closes the window as the toolkit would: hidden first, then let go of, on its thread. */
    @Override
    public void close() {
        fx(() -> {
            stage.hide();
            composition.close();
            return true;
        });
    }
}
