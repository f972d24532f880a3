package dev.zoetrope.app;

import dev.zoetrope.app.Composition.Surroundings;
import dev.zoetrope.app.generate.GenerateViewModel;
import dev.zoetrope.app.library.LibraryViewModel;
import dev.zoetrope.app.player.Playback;
import dev.zoetrope.app.queue.QueueViewModel;
import dev.zoetrope.app.reconstruct.ReconstructPage;
import dev.zoetrope.app.reconstruct.ReconstructViewModel;
import dev.zoetrope.app.settings.Settings;
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

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The whole window on the headless platform, and the hands of a person in front of it. */
final class Studio implements Closeable {
    private static final long PATIENCE_SECONDS = 60;

    final FakeDialogs dialogs = new FakeDialogs();
    final FakeGpu gpu;
    final FxRobot robot = new FxRobot();
    final FakeEngine engine;
    final UserFolders folders;
    final Stage stage;
    final Composition composition;

    /** Opens the window with its folders under {@code home}, on the page of reconstructions. */
    Studio(Path home, Supplier<ModelRuntime> runtime, Locale locale, Optional<Path> sample)
            throws TimeoutException {
        this(home, runtime, new FakeGpu(), locale, sample);
    }

    /** On a machine with this GPU. */
    Studio(
            Path home,
            Supplier<ModelRuntime> runtime,
            FakeGpu gpu,
            Locale locale,
            Optional<Path> sample)
            throws TimeoutException {
        this.gpu = gpu;
        engine = new FakeEngine(runtime);
        folders =
                new UserFolders(
                        home.resolve("data"),
                        home.resolve("settings"),
                        home.resolve("cache"),
                        home.resolve("results"));
        install(FakeGenerations.NAME);
        stage = FxToolkit.registerPrimaryStage();
        composition =
                fx(() -> {
                    Platform.setImplicitExit(false);
                    var studio =
                            new Composition(
                                    stage,
                                    new Surroundings(
                                            engine,
                                            _ -> dialogs,
                                            file -> trash(home, file),
                                            folders,
                                            gpu,
                                            sample),
                                    locale);
                    studio.show();
                    return studio;
                });
        press(KeyCode.CONTROL, KeyCode.DIGIT2);
    }

    /** A model is looked for in a folder of its name. */
    private void install(String name) {
        try {
            Files.createDirectories(folders.models().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A trash that takes all but what is named after a disk without one. */
    private static void trash(Path home, Path file) throws IOException {
        if (file.getFileName().toString().contains("no trash")) {
            throw new IOException("there is none");
        }
        Path trash = Files.createDirectories(home.resolve("trash"));
        Files.move(file, trash.resolve(file.getFileName()));
    }

    static Studio open(Path home, FakeRuntime runtime) throws TimeoutException {
        return open(home, runtime, Optional.empty());
    }

    /** With a clip to try it on. */
    static Studio open(Path home, FakeRuntime runtime, Path sample) throws TimeoutException {
        return open(home, runtime, Optional.of(sample));
    }

    private static Studio open(Path home, FakeRuntime runtime, Optional<Path> sample)
            throws TimeoutException {
        var studio = new Studio(home, () -> runtime, Locale.ENGLISH, sample);
        studio.await("the codecs are listed", () -> !studio.model().codecs().isEmpty());
        return studio;
    }

    ReconstructViewModel model() {
        return composition.reconstruct();
    }

    GenerateViewModel generate() {
        return composition.generate();
    }

    TrainViewModel train() {
        return composition.train();
    }

    QueueViewModel queue() {
        return composition.queue();
    }

    LibraryViewModel library() {
        return composition.library();
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

    /** Gives the window a size, in pixels. */
    void resize(double width, double height) {
        fx(() -> {
            stage.setWidth(width);
            stage.setHeight(height);
            return true;
        });
        pulse();
    }

    /** Changes how the window looks. */
    void look(UnaryOperator<Settings.Look> how) {
        fx(() -> {
            composition.settings().change(now -> now.look(how));
            return true;
        });
        pulse();
        pulse();
    }

    /** Drops a file on the first page, as from the desktop. */
    void drop(Path file) {
        drop(file, page());
    }

    /** Drops a file on something in the window. */
    void drop(Path file, Node target) {
        fx(() -> {
            var content = Drops.files(List.of(file.toFile()));
            Drops.send(DragEvent.DRAG_OVER, target, content);
            Drops.send(DragEvent.DRAG_DROPPED, target, content);
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

    /** The control that a screen reader calls so; not the label beside it. */
    Node control(String name) {
        return robot.lookup(node -> name.equals(node.getAccessibleText()))
                .match(Node::isVisible)
                .query();
    }

    /** What a screen reader says of a control. */
    static String name(Node node) {
        if (node.getAccessibleText() != null) {
            return node.getAccessibleText();
        }
        return node instanceof Labeled labeled ? labeled.getText() : node.toString();
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

    static boolean visible(Node node) {
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
            if (stage.isShowing()) {
                stage.hide();
                composition.close();
            }
            return true;
        });
    }
}
