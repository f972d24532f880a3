package dev.zoetrope.app;

import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.fx.FxThread;
import dev.zoetrope.app.problem.UncaughtFailures;
import dev.zoetrope.app.reconstruct.Progress;
import dev.zoetrope.app.reconstruct.ReconstructPage;
import dev.zoetrope.app.reconstruct.ReconstructViewModel;
import dev.zoetrope.app.reconstruct.Results;
import dev.zoetrope.app.reconstruct.RunState;
import dev.zoetrope.app.settings.Settings;
import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.settings.WindowBounds;
import dev.zoetrope.app.shell.MainWindow;
import dev.zoetrope.app.shell.Page;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.app.train.Runs;
import dev.zoetrope.app.train.TrainPage;
import dev.zoetrope.app.train.TrainViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Began;
import dev.zoetrope.ui.Resources;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.Image;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.Window;

import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The whole program, put together: read this and you know what there is. */
final class Composition implements AutoCloseable {
    private static final double LEAST_WIDTH = 900;
    private static final double LEAST_HEIGHT = 600;

    /**
     * What lies outside the window.
     *
     * @param openRuntime makes the models usable; may take seconds, and throws a {@link
     *     dev.zoetrope.runtime.problem.ProblemException} when they cannot be used
     * @param dialogs asks for files
     * @param folders where things are kept
     * @param sample a clip to try the program with
     */
    record Surroundings(
            Supplier<ModelRuntime> openRuntime,
            FileDialogs dialogs,
            UserFolders folders,
            Optional<Path> sample) {}

    private final ExecutorService background =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("background-", 1).factory());
    private final Stage stage;
    private final Messages messages;
    private final CompletableFuture<ModelRuntime> runtime;
    private final SettingsStore settings;
    private final ReconstructViewModel reconstruct;
    private final ReconstructPage reconstructPage;
    private final TrainViewModel train;
    private final TrainPage trainPage;
    private final Page reconstructing;
    private final MainWindow window;

    Composition(Stage stage, Surroundings surroundings, Messages messages) {
        this.stage = stage;
        this.messages = messages;
        runtime = CompletableFuture.supplyAsync(surroundings.openRuntime(), background);
        settings =
                SettingsStore.open(
                        surroundings.folders().settings().resolve("settings.json"), this::report);
        reconstruct =
                new ReconstructViewModel(
                        runtime,
                        new Results(surroundings.folders().results()),
                        surroundings.folders().cache(),
                        background,
                        FxThread.LATER);
        reconstructPage =
                new ReconstructPage(
                        reconstruct,
                        messages,
                        surroundings.dialogs(),
                        settings,
                        surroundings.sample());
        train =
                new TrainViewModel(
                        runtime,
                        new Runs(surroundings.folders().data().resolve("runs")),
                        surroundings.folders().cache(),
                        background,
                        FxThread.LATER,
                        FxThread.PACED);
        trainPage =
                new TrainPage(
                        train, messages, surroundings.dialogs(), settings, this::reconstructWith);
        reconstructing =
                new Page(
                        messages.get("page.reconstruct"),
                        MaterialDesignS.SWAP_HORIZONTAL,
                        reconstructPage,
                        reconstructPage::onKey);
        var training =
                new Page(
                        messages.get("page.train"),
                        MaterialDesignS.SCHOOL_OUTLINE,
                        trainPage,
                        trainPage::onKey);
        window =
                new MainWindow(
                        List.of(reconstructing, training),
                        new MainWindow.Commands(
                                this::chooseVideo,
                                reconstructPage::saveAs,
                                reconstructPage::showInFolder,
                                Composition::hideWindows),
                        settings.settings().theme(),
                        equipment(),
                        activity(),
                        messages);
        window.themeProperty()
                .subscribe(theme -> settings.update(current -> current.withTheme(theme)));
    }

    /** Shows the window; it can be used at once, while the models are still being loaded. */
    void show() {
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtFailures(this::report));
        stage.setScene(window.scene());
        stage.titleProperty().bind(reconstruct.sourceProperty().map(this::title));
        stage.getIcons().setAll(new Image(Resources.icon().toExternalForm()));
        stage.setMinWidth(LEAST_WIDTH);
        stage.setMinHeight(LEAST_HEIGHT);
        settings.settings().window().ifPresent(this::place);
        stage.setOnHiding(_ -> rememberBounds());
        stage.show();
        settings.setAside().ifPresent(this::reportSetAside);
    }

    MainWindow window() {
        return window;
    }

    ReconstructPage reconstructPage() {
        return reconstructPage;
    }

    ReconstructViewModel reconstruct() {
        return reconstruct;
    }

    TrainViewModel train() {
        return train;
    }

    private void chooseVideo() {
        window.show(reconstructing);
        reconstructPage.chooseVideo();
    }

    private void reconstructWith(Path codec) {
        reconstruct.use(codec);
        window.show(reconstructing);
    }

    /** Lets go of the runtime and saves what is remembered; waits for the latter. */
    @Override
    public void close() {
        reconstructPage.close();
        trainPage.close();
        // Models that are still being loaded are let go of when they are there, without waiting.
        var _ = runtime.thenAccept(ModelRuntime::close);
        settings.close();
        background.shutdown();
    }

    /** Popups go first: one that is still open when the toolkit ends takes the process with it. */
    private static void hideWindows() {
        List.copyOf(Window.getWindows()).reversed().forEach(Window::hide);
    }

    private void report(Problem problem) {
        FxThread.LATER.execute(() -> reconstruct.report(problem));
    }

    private void reportSetAside(Path file) {
        reconstruct.report(
                new Problem.ImpossibleRequest(
                        messages.get("settings.broken", file),
                        messages.get("settings.broken.remedy")));
    }

    private String title(Optional<Path> source) {
        return source.map(file -> messages.get("window.file", String.valueOf(file.getFileName())))
                .orElseGet(() -> messages.get("window.title"));
    }

    private ObservableValue<String> equipment() {
        int processors = Runtime.getRuntime().availableProcessors();
        return Bindings.createStringBinding(
                () -> {
                    String computer = messages.get("status.computer", processors);
                    String precision =
                            reconstruct
                                    .beganProperty()
                                    .get()
                                    .map(Began::precision)
                                    .map(Enum::name)
                                    .map(name -> messages.get("status.part", name))
                                    .orElse("");
                    String codec =
                            reconstruct
                                    .codecProperty()
                                    .get()
                                    .map(name -> messages.get("status.part", name))
                                    .orElse("");
                    return computer + precision + codec;
                },
                reconstruct.beganProperty(),
                reconstruct.codecProperty());
    }

    private ObservableValue<String> activity() {
        return Bindings.createStringBinding(
                () ->
                        switch (reconstruct.state()) {
                            case RunState.Preparing _ when train.busy() ->
                                    messages.get("status.behind");
                            case RunState _ when train.busy() && !reconstruct.busy() -> training();
                            case RunState.Empty _ when runtime.isCompletedExceptionally() ->
                                    messages.get("status.failed");
                            case RunState.Empty _ when reconstruct.codecs().isEmpty() ->
                                    messages.get("status.loading");
                            case RunState.Empty _ -> messages.get("status.ready");
                            case RunState.Preparing _ -> messages.get("status.preparing");
                            case RunState.Running _ -> {
                                Progress progress = reconstruct.progressProperty().get();
                                yield messages.get("status.running", progress.fraction());
                            }
                            case RunState.Cancelled(int frames) ->
                                    messages.get("status.cancelled", frames);
                            case RunState.Failed _ -> messages.get("status.failed");
                            case RunState.Finished _ -> messages.get("status.finished");
                        },
                reconstruct.stateProperty(),
                reconstruct.progressProperty(),
                reconstruct.problemProperty(),
                reconstruct.codecs(),
                train.stateProperty(),
                train.paceProperty());
    }

    private String training() {
        return messages.get("status.training", train.paceProperty().get().fraction());
    }

    /** A window is put where it was, unless that screen is gone. */
    private void place(WindowBounds bounds) {
        List<Screen> screens =
                Screen.getScreensForRectangle(
                        bounds.x(), bounds.y(), bounds.width(), bounds.height());
        if (screens.isEmpty()) {
            return;
        }
        Rectangle2D screen = screens.getFirst().getVisualBounds();
        stage.setX(Math.max(screen.getMinX(), bounds.x()));
        stage.setY(Math.max(screen.getMinY(), bounds.y()));
        stage.setWidth(Math.max(LEAST_WIDTH, Math.min(screen.getWidth(), bounds.width())));
        stage.setHeight(Math.max(LEAST_HEIGHT, Math.min(screen.getHeight(), bounds.height())));
        stage.setMaximized(bounds.maximized());
    }

    private void rememberBounds() {
        WindowBounds previous =
                settings.settings()
                        .window()
                        .orElse(new WindowBounds(0, 0, stage.getWidth(), stage.getHeight(), false));
        // A maximised window returns to the size it had before.
        WindowBounds bounds =
                stage.isMaximized()
                        ? new WindowBounds(
                                previous.x(),
                                previous.y(),
                                previous.width(),
                                previous.height(),
                                true)
                        : new WindowBounds(
                                stage.getX(),
                                stage.getY(),
                                stage.getWidth(),
                                stage.getHeight(),
                                false);
        settings.update((Settings current) -> current.withWindow(bounds));
    }
}
