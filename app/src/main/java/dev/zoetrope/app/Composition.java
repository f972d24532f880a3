package dev.zoetrope.app;

import com.google.common.base.Suppliers;

import dev.zoetrope.app.clip.Thumbnails;
import dev.zoetrope.app.files.FileDialogs;
import dev.zoetrope.app.files.Trash;
import dev.zoetrope.app.fx.Frames;
import dev.zoetrope.app.fx.FxThread;
import dev.zoetrope.app.generate.GeneratePage;
import dev.zoetrope.app.generate.GenerateState;
import dev.zoetrope.app.generate.GenerateViewModel;
import dev.zoetrope.app.generate.PromptHistory;
import dev.zoetrope.app.generate.Snippets;
import dev.zoetrope.app.library.LibraryPage;
import dev.zoetrope.app.library.LibraryViewModel;
import dev.zoetrope.app.models.ModelsPage;
import dev.zoetrope.app.models.ModelsViewModel;
import dev.zoetrope.app.player.Watching;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.app.problem.ProblemBanner;
import dev.zoetrope.app.problem.UncaughtFailures;
import dev.zoetrope.app.queue.Forecast;
import dev.zoetrope.app.queue.QueuePanel;
import dev.zoetrope.app.queue.QueueViewModel;
import dev.zoetrope.app.reconstruct.Progress;
import dev.zoetrope.app.reconstruct.ReconstructPage;
import dev.zoetrope.app.reconstruct.ReconstructViewModel;
import dev.zoetrope.app.reconstruct.RunState;
import dev.zoetrope.app.settings.GpuViewModel;
import dev.zoetrope.app.settings.SettingsPage;
import dev.zoetrope.app.settings.SettingsStore;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.app.settings.WindowBounds;
import dev.zoetrope.app.shell.Appearance;
import dev.zoetrope.app.shell.MainWindow;
import dev.zoetrope.app.shell.Page;
import dev.zoetrope.app.shell.SidePanel;
import dev.zoetrope.app.text.Messages;
import dev.zoetrope.app.train.Runs;
import dev.zoetrope.app.train.SavedModel;
import dev.zoetrope.app.train.TrainPage;
import dev.zoetrope.app.train.TrainViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.gpu.GpuLibraries;
import dev.zoetrope.runtime.gpu.GpuSupport;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Began;
import dev.zoetrope.ui.Resources;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.Image;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.Window;

import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The whole program, put together: read this and you know what there is. */
final class Composition implements AutoCloseable {
    private static final double LEAST_WIDTH = 900;
    private static final double LEAST_HEIGHT = 600;

    /** What the packages say that this opens besides videos. */
    private static final Pattern WEIGHTS = Pattern.compile("(?i).*\\.(safetensors|ckpt|pth|pt)");

    /**
     * What lies outside the window.
     *
     * @param dialogs asks for files, in a language
     * @param trash takes what is deleted
     * @param folders where things are kept
     * @param gpu what it takes to compute on one
     * @param sample a clip to try the program with
     */
    record Surroundings(
            Engine engine,
            Function<Messages, FileDialogs> dialogs,
            Trash trash,
            UserFolders folders,
            GpuSupport gpu,
            Optional<Path> sample) {}

    /** Who does the work. */
    interface Engine {
        /**
         * Makes the models usable; may take seconds.
         *
         * @param computing with what, asked whenever the work is begun by somebody new
         * @throws dev.zoetrope.runtime.problem.ProblemException when they cannot be used
         */
        ModelRuntime open(Supplier<Computing> computing);

        /** Has it ask again what to compute with. What runs is saved, and goes on. */
        void restart();
    }

    private final ExecutorService background =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("background-", 1).factory());

    /** When the window is on the screen: an engine that starts takes processors from it. */
    private final CompletableFuture<Void> drawn = new CompletableFuture<>();

    private final Stage stage;
    private final Surroundings surroundings;
    private final Locale system;
    private final CompletableFuture<ModelRuntime> runtime;
    private final SettingsStore store;
    private final SettingsViewModel settings;
    private final GpuViewModel gpu;
    private final Appearance appearance;
    private final GenerateViewModel generate;
    private final ReconstructViewModel reconstruct;
    private final TrainViewModel train;
    private final ModelsViewModel models;
    private final Thumbnails thumbnails;
    private final QueueViewModel queue;
    private final LibraryViewModel library;

    /** What went wrong around the pages, wherever the person looks. */
    private final ObjectProperty<Optional<Problem>> problem =
            new SimpleObjectProperty<>(this, "problem", Optional.empty());

    private Face face;

    /**
     * @param system what the system speaks
     */
    Composition(Stage stage, Surroundings surroundings, Locale system) {
        this.stage = stage;
        this.surroundings = surroundings;
        this.system = system;
        UserFolders folders = surroundings.folders();
        var checkpoints = new CheckpointStore(folders.models());
        store = SettingsStore.open(folders.settings().resolve("settings.json"), this::report);
        runtime =
                drawn.thenApplyAsync(
                        _ ->
                                surroundings
                                        .engine()
                                        .open(() -> store.settings().making().computing()),
                        background);
        settings =
                new SettingsViewModel(
                        store,
                        new SettingsViewModel.Folders(folders.results(), folders.models()),
                        runtime,
                        background,
                        FxThread.LATER);
        gpu =
                new GpuViewModel(
                        surroundings.gpu(),
                        GpuLibraries::repository,
                        settings::askAgain,
                        background,
                        FxThread.LATER,
                        FxThread.PACED);
        appearance = new Appearance(settings);
        generate =
                new GenerateViewModel(
                        runtime,
                        checkpoints::find,
                        settings,
                        new PromptHistory(folders.data().resolve("prompts.jsonl")),
                        new Snippets(folders.data().resolve("snippets.json")),
                        background,
                        FxThread.LATER,
                        FxThread.PACED);
        reconstruct =
                new ReconstructViewModel(
                        runtime, settings, folders.cache(), background, FxThread.LATER);
        train =
                new TrainViewModel(
                        runtime,
                        new Runs(folders.data().resolve("runs")),
                        folders.cache(),
                        background,
                        FxThread.LATER,
                        FxThread.PACED);
        models =
                new ModelsViewModel(
                        runtime, checkpoints, reconstruct::listCodecs, background, FxThread.LATER);
        thumbnails = new Thumbnails(folders.cache().resolve("thumbnails"));
        queue =
                new QueueViewModel(
                        runtime.thenApply(ModelRuntime::ledger),
                        clip -> Forecast.of(runtime.join(), clip),
                        background,
                        FxThread.LATER,
                        InstantSource.system());
        library =
                new LibraryViewModel(
                        new LibraryViewModel.Places(
                                () -> List.of(resultsIn(folders)), folders.data(), folders.cache()),
                        surroundings.trash(),
                        Recipe::of,
                        () -> settings.settings().making().metadata(),
                        thumbnails::forget,
                        FxThread.LATER);
        // What was just made belongs to what there is.
        queue.succeededProperty().subscribe(library::refresh);
        settings.settingsProperty()
                .map(now -> now.making().results())
                .subscribe((_, _) -> library.refresh());
        appearance
                .reducedMotion()
                .subscribe(still ->
                        List.of(
                                        reconstruct.playback(),
                                        generate.render().transport(),
                                        library.transport())
                                .forEach(player -> player.calm(still)));
        face = new Face();
        var _ =
                new Watching(
                        List.of(
                                new Watching.Player(
                                        generate.render().transport(),
                                        () -> face.window.isShown(face.generating)),
                                new Watching.Player(
                                        reconstruct.playback(),
                                        () -> face.window.isShown(face.reconstructing)),
                                new Watching.Player(
                                        library.transport(),
                                        () -> face.window.isShown(face.everything))),
                        generate.calibration()::putOff,
                        FxThread.SECONDS_LATER);
        settings.settingsProperty()
                .map(now -> now.look().language().locale(system))
                // Later, since the control that it was chosen with is among what is made anew.
                .subscribe((_, _) -> FxThread.LATER.execute(this::speak));
        settings.settingsProperty()
                .map(now -> now.making().computing())
                .subscribe((_, _) -> restartEngine());
    }

    /**
     * All that shows words: made for one language, and made anew for another over the same view
     * models.
     */
    private final class Face implements AutoCloseable {
        final Messages messages =
                new Messages(settings.settings().look().language().locale(system));
        final FileDialogs dialogs = surroundings.dialogs().apply(messages);
        final Supplier<GeneratePage> generatePage =
                Suppliers.memoize(() -> new GeneratePage(generate, messages, dialogs, thumbnails));
        final Supplier<ReconstructPage> reconstructPage =
                Suppliers.memoize(() ->
                        new ReconstructPage(
                                reconstruct, messages, dialogs, store, surroundings.sample()));
        final Supplier<TrainPage> trainPage =
                Suppliers.memoize(() ->
                        new TrainPage(
                                train, messages, dialogs, store, thumbnails, this::useTrained));
        final Supplier<LibraryPage> libraryPage =
                Suppliers.memoize(() ->
                        new LibraryPage(library, thumbnails, messages, dialogs, this::useSettings));
        final Supplier<ModelsPage> modelsPage =
                Suppliers.memoize(
                        () -> new ModelsPage(models, messages, dialogs, settings.models()));
        final Supplier<SettingsPage> settingsPage =
                Suppliers.memoize(() ->
                        new SettingsPage(settings, gpu, messages, dialogs, this::showShortcuts));
        final Page generating =
                new Page(
                        messages.get("page.generate"),
                        MaterialDesignC.CREATION,
                        generatePage,
                        event -> generatePage.get().onKey(event));
        final Page reconstructing =
                new Page(
                        messages.get("page.reconstruct"),
                        MaterialDesignS.SWAP_HORIZONTAL,
                        reconstructPage,
                        event -> reconstructPage.get().onKey(event));
        final Page training =
                new Page(
                        messages.get("page.train"),
                        MaterialDesignS.SCHOOL_OUTLINE,
                        trainPage,
                        event -> trainPage.get().onKey(event));
        final Page everything =
                new Page(
                        messages.get("page.library"),
                        MaterialDesignF.FILMSTRIP_BOX_MULTIPLE,
                        libraryPage,
                        event -> libraryPage.get().onKey(event));
        final Page modelling =
                new Page(
                        messages.get("page.models"),
                        MaterialDesignC.CUBE_OUTLINE,
                        modelsPage,
                        event -> modelsPage.get().onKey(event));
        final Page setting =
                new Page(
                        messages.get("page.settings"),
                        MaterialDesignC.COG_OUTLINE,
                        settingsPage,
                        _ -> {});
        final MainWindow window =
                new MainWindow(
                        List.of(generating, reconstructing, training, everything, modelling),
                        setting,
                        banner(messages),
                        queuePanel(messages, this::editJob),
                        new MainWindow.Commands(
                                this::chooseVideo,
                                this::saveAs,
                                this::showInFolder,
                                Composition::hideWindows),
                        appearance,
                        equipment(messages),
                        activity(messages),
                        messages);

        Face() {
            stage.titleProperty()
                    .bind(
                            reconstruct
                                    .sourceProperty()
                                    .when(messages.spoken())
                                    .map(source -> title(source, messages)));
        }

        private void chooseVideo() {
            window.show(reconstructing);
            reconstructPage.get().chooseVideo();
        }

        private void useTrained(SavedModel saved) {
            switch (saved.subject()) {
                case CODEC -> {
                    reconstruct.use(saved.run());
                    window.show(reconstructing);
                }
                case DENOISER -> {
                    generate.makeWith(saved.run());
                    window.show(generating);
                }
            }
        }

        private void useSettings(GenerationRequest made) {
            generate.use(made);
            window.show(generating);
        }

        private void editJob(String job, GenerationRequest asked) {
            generate.edit(job, asked);
            window.show(generating);
        }

        private void saveAs() {
            if (window.isShown(generating)) {
                generatePage.get().export();
            } else if (window.isShown(everything)) {
                libraryPage.get().export();
            } else {
                reconstructPage.get().saveAs();
            }
        }

        private void showInFolder() {
            if (window.isShown(generating)) {
                generatePage.get().showInFolder();
            } else {
                reconstructPage.get().showInFolder();
            }
        }

        private void showShortcuts() {
            window.showShortcuts();
        }

        @Override
        public void close() {
            messages.retire();
            window.close();
        }
    }

    /** Puts a window in the chosen language in the place of this one. */
    private void speak() {
        int page = face.window.shown();
        face.close();
        face = new Face();
        face.window.show(page);
        // Later, since a scene that gets another root looks for a focus of its own.
        FxThread.LATER.execute(face.settingsPage.get()::takeFocus);
    }

    /** Asked on any thread. */
    private Path resultsIn(UserFolders folders) {
        return store.settings().making().results().orElse(folders.results());
    }

    private void restartEngine() {
        var _ =
                runtime.thenRunAsync(surroundings.engine()::restart, background)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                report(Failures.explained(failure));
                            }
                        });
    }

    private ProblemBanner banner(Messages messages) {
        var banner = new ProblemBanner(messages, () -> problem.set(Optional.empty()));
        banner.follow(problem);
        return banner;
    }

    private SidePanel queuePanel(Messages messages, BiConsumer<String, GenerationRequest> edit) {
        var shown = new SimpleBooleanProperty(settings.settings().remembered().queueShown());
        shown.subscribe(now ->
                settings.change(all -> all.remembered(before -> before.withQueueShown(now))));
        return new SidePanel(
                messages.get("queue.title"),
                queue.openProperty()
                        .when(messages.spoken())
                        .map(open -> messages.get("queue.button", open)),
                MaterialDesignP.PLAYLIST_PLAY,
                new KeyCodeCombination(KeyCode.J, KeyCombination.SHORTCUT_DOWN),
                new QueuePanel(queue, thumbnails, messages, edit),
                shown);
    }

    /** Shows the window; it can be used at once, while the models are still being loaded. */
    void show() {
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtFailures(this::report));
        stage.setScene(appearance.scene());
        stage.getIcons().setAll(new Image(Resources.icon().toExternalForm()));
        stage.setMinWidth(LEAST_WIDTH);
        stage.setMinHeight(LEAST_HEIGHT);
        settings.settings().remembered().window().ifPresent(this::place);
        stage.setOnHiding(_ -> rememberBounds());
        stage.show();
        Frames.after(Frames.DRAWN, () -> drawn.complete(null));
        store.setAside().map(Problem.SettingsUnreadable::new).ifPresent(this::report);
    }

    /**
     * Opens what a desktop was asked to open with this: a model is installed, a clip that was made
     * here shows how, and any other video goes through a codec.
     */
    void open(Path file) {
        if (WEIGHTS.matcher(file.toString()).matches()) {
            face.window.show(face.modelling);
            models.importFrom(file);
            return;
        }
        var _ =
                CompletableFuture.supplyAsync(() -> Recipe.of(file), background)
                        .whenComplete((recipe, _) ->
                                FxThread.LATER.execute(() -> {
                                    if (recipe != null && recipe.isPresent()) {
                                        face.window.show(face.everything);
                                        library.show(file);
                                    } else {
                                        face.window.show(face.reconstructing);
                                        reconstruct.open(file);
                                    }
                                }));
    }

    MainWindow window() {
        return face.window;
    }

    GenerateViewModel generate() {
        return generate;
    }

    ReconstructPage reconstructPage() {
        return face.reconstructPage.get();
    }

    ReconstructViewModel reconstruct() {
        return reconstruct;
    }

    TrainViewModel train() {
        return train;
    }

    ModelsViewModel models() {
        return models;
    }

    QueueViewModel queue() {
        return queue;
    }

    LibraryViewModel library() {
        return library;
    }

    SettingsViewModel settings() {
        return settings;
    }

    /** Lets go of the runtime and saves what is remembered; waits for the latter. */
    @Override
    public void close() {
        face.close();
        appearance.close();
        gpu.close();
        generate.close();
        reconstruct.close();
        train.close();
        queue.close();
        library.close();
        thumbnails.close();
        // Models that are still being loaded are let go of when they are there, without waiting.
        var _ = runtime.thenAccept(ModelRuntime::close);
        store.close();
        background.shutdown();
    }

    /** Popups go first: one that is still open when the toolkit ends takes the process with it. */
    private static void hideWindows() {
        List.copyOf(Window.getWindows()).reversed().forEach(Window::hide);
    }

    private void report(Problem arisen) {
        FxThread.LATER.execute(() -> problem.set(Optional.of(arisen)));
    }

    private static String title(Optional<Path> source, Messages messages) {
        return source.map(file -> messages.get("window.file", String.valueOf(file.getFileName())))
                .orElseGet(() -> messages.get("window.title"));
    }

    private ObservableValue<String> equipment(Messages messages) {
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

    private ObservableValue<String> activity(Messages messages) {
        return Bindings.createStringBinding(
                () ->
                        switch (reconstruct.state()) {
                            case RunState _
                                    when generate.render().state().busy() && !reconstruct.busy() ->
                                    generating(messages);
                            case RunState.Preparing _ when train.busy() ->
                                    messages.get("status.behind");
                            case RunState _ when train.busy() && !reconstruct.busy() ->
                                    training(messages);
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
                generate.render().stateProperty(),
                train.stateProperty(),
                train.paceProperty());
    }

    private String generating(Messages messages) {
        return switch (generate.render().state()) {
            case GenerateState.Sampling sampling ->
                    messages.get("status.generating", sampling.fraction());
            case GenerateState _ when train.busy() -> messages.get("status.behind");
            case GenerateState _ -> messages.get("status.preparing");
        };
    }

    private String training(Messages messages) {
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
                store.settings()
                        .remembered()
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
        store.update(now -> now.remembered(before -> before.withWindow(bounds)));
    }
}
