package dev.zoetrope.app.reconstruct;

import dev.zoetrope.app.files.ClipExport;
import dev.zoetrope.app.files.Results;
import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.app.player.Comparison;
import dev.zoetrope.app.player.FrameStore;
import dev.zoetrope.app.player.Playback;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.app.settings.Settings;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.FrameQuality;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Adjusted;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Began;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Compared;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent.Saved;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the reconstruction page shows and does. Every method is called on the JavaFX thread and
 * returns at once; every property changes on that thread.
 */
public final class ReconstructViewModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconstructViewModel.class);

    /** Frames beyond this go to a temporary file. */
    private static final long PREVIEW_MEMORY_BYTES = 512L << 20;

    private final CompletableFuture<ModelRuntime> runtime;
    private final SettingsViewModel settings;
    private final Path cache;
    private final Executor background;
    private final Executor fx;

    private final ObservableList<String> codecs = FXCollections.observableArrayList();
    private final ObjectProperty<Optional<String>> codec =
            new SimpleObjectProperty<>(this, "codec", Optional.empty());
    private final ObjectProperty<OptionalInt> resolution =
            new SimpleObjectProperty<>(this, "resolution", OptionalInt.empty());
    private final StringProperty start = new SimpleStringProperty(this, "start", "");
    private final StringProperty frames = new SimpleStringProperty(this, "frames", "");

    private final ReadOnlyObjectWrapper<Optional<Path>> source =
            new ReadOnlyObjectWrapper<>(this, "source", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Began>> began =
            new ReadOnlyObjectWrapper<>(this, "began", Optional.empty());
    private final ReadOnlyObjectWrapper<RunState> state =
            new ReadOnlyObjectWrapper<>(this, "state", new RunState.Empty());
    private final ReadOnlyObjectWrapper<Progress> progress =
            new ReadOnlyObjectWrapper<>(this, "progress", Progress.NONE);
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Path>> copy =
            new ReadOnlyObjectWrapper<>(this, "copy", Optional.empty());
    private final Playback playback = new Playback();
    private Optional<Run> run = Optional.empty();

    /**
     * A page without a video.
     *
     * @param runtime completes when the models can be used, or with the {@link ProblemException}
     *     that prevents it
     * @param settings where reconstructions go, and how they are made
     * @param cache a folder for what the player cannot keep in memory
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     */
    public ReconstructViewModel(
            CompletableFuture<ModelRuntime> runtime,
            SettingsViewModel settings,
            Path cache,
            Executor background,
            Executor fx) {
        this.runtime = runtime;
        this.settings = settings;
        this.cache = cache;
        this.background = background;
        this.fx = fx;
        listCodecs();
    }

    /** Asks what codecs there are. */
    public void listCodecs() {
        var _ =
                runtime.thenApplyAsync(ModelRuntime::codecs, background)
                        .whenComplete(
                                (names, failure) -> fx.execute(() -> showCodecs(names, failure)));
    }

    /** Names of the codecs there are; empty until the models can be used. */
    public ObservableList<String> codecs() {
        return codecs;
    }

    /** The codec to use; empty as long as none can be chosen. */
    public ObjectProperty<Optional<String>> codecProperty() {
        return codec;
    }

    /** Shorter side of the result, pixels; empty keeps the source's size. */
    public ObjectProperty<OptionalInt> resolutionProperty() {
        return resolution;
    }

    /** Seconds into the source, as typed; blank is its start. */
    public StringProperty startProperty() {
        return start;
    }

    /** Number of frames, as typed; blank is all of them. */
    public StringProperty framesProperty() {
        return frames;
    }

    public ReadOnlyObjectProperty<Optional<Path>> sourceProperty() {
        return source.getReadOnlyProperty();
    }

    /** What is known of the running or last reconstruction since its source was opened. */
    public ReadOnlyObjectProperty<Optional<Began>> beganProperty() {
        return began.getReadOnlyProperty();
    }

    public RunState state() {
        return state.get();
    }

    public ReadOnlyObjectProperty<RunState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Progress> progressProperty() {
        return progress.getReadOnlyProperty();
    }

    /** What went wrong last and was not dismissed yet. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Where the result was last saved to by the person. */
    public ReadOnlyObjectProperty<Optional<Path>> copyProperty() {
        return copy.getReadOnlyProperty();
    }

    /** Which frame is shown. */
    public Playback playback() {
        return playback;
    }

    /** Chooses a codec that is not installed, by its folder; it is listed from then on. */
    public void use(Path folder) {
        String name = folder.toString();
        if (!codecs.contains(name)) {
            codecs.add(name);
        }
        codec.set(Optional.of(name));
    }

    /** Takes a video through the codec, in place of whatever was there. */
    public void open(Path video) {
        source.set(Optional.of(video));
        start();
    }

    /** Takes the video through the codec, with the settings as they are now. */
    public void start() {
        source.get().ifPresent(this::start);
    }

    private void start(Path video) {
        problem.set(Optional.empty());
        copy.set(Optional.empty());
        discard();
        progress.set(Progress.NONE);
        began.set(Optional.empty());
        double startSeconds;
        OptionalLong frameCount;
        try {
            startSeconds = Range.startSeconds(start.get());
            frameCount = Range.frames(frames.get());
        } catch (ProblemException e) {
            fail(e.problem());
            return;
        }
        var started = new Run();
        run = Optional.of(started);
        state.set(new RunState.Preparing());
        OptionalInt shortSide = resolution.get();
        Optional<String> chosen = codec.get();
        var results = new Results(settings.results());
        Settings.Making made = settings.settings().making();
        Function<ModelRuntime, ReconstructionRequest> request =
                models ->
                        new ReconstructionRequest(
                                video,
                                chosen.orElseGet(() -> firstCodec(models)),
                                shortSide,
                                startSeconds,
                                frameCount,
                                results.free(stem(video) + " - reconstruction"),
                                Optional.empty(),
                                Optional.empty(),
                                made.precision(),
                                made.metadata());
        var _ =
                runtime.thenApplyAsync(
                                models -> models.reconstruct(request.apply(models), started),
                                background)
                        .whenComplete((job, failure) ->
                                fx.execute(() -> started.submitted(job, failure)));
    }

    private static String stem(Path video) {
        String name = String.valueOf(video.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static String firstCodec(ModelRuntime models) {
        return models.codecs().stream()
                .findFirst()
                .orElseThrow(() -> new Impossible.CodecMissing().asException());
    }

    /** Stops the reconstruction; its result is not kept. */
    public void cancel() {
        if (!busy()) {
            return;
        }
        run.ifPresent(Run::cancel);
        if (run.filter(Run::submitted).isEmpty()) {
            // Nothing has begun that could tell of its end.
            discard();
            state.set(new RunState.Cancelled(0));
        }
    }

    /** Whether there is something to cancel. */
    public boolean busy() {
        return state.get() instanceof RunState.Preparing || state.get() instanceof RunState.Running;
    }

    /** Writes the result to one more place, in the format that the extension names. */
    public void saveAs(Path target) {
        if (state.get() instanceof RunState.Finished(Path output, _)) {
            copy.set(Optional.empty());
            boolean told = settings.settings().making().metadata();
            var _ =
                    CompletableFuture.runAsync(
                                    () -> ClipExport.write(output, target, told), background)
                            .whenComplete(
                                    (_, failure) -> fx.execute(() -> exported(target, failure)));
        }
    }

    private void exported(Path target, @Nullable Throwable failure) {
        if (failure == null) {
            copy.set(Optional.of(target));
        } else {
            problem.set(Optional.of(Failures.explained(failure)));
        }
    }

    /** Shows a problem that arose around the page. */
    private void report(Problem arisen) {
        problem.set(Optional.of(arisen));
    }

    /** Takes the problem off the page. */
    public void dismissProblem() {
        problem.set(Optional.empty());
    }

    /** Lets go of the frames; what runs goes on without this window, or ends with the runtime. */
    @Override
    public void close() {
        playback.comparisonProperty().set(Optional.empty());
        run.ifPresent(Run::leave);
        run = Optional.empty();
    }

    private void discard() {
        playback.comparisonProperty().set(Optional.empty());
        run.ifPresent(Run::discard);
        run = Optional.empty();
    }

    private void fail(Problem arisen) {
        state.set(new RunState.Failed(arisen));
        problem.set(Optional.of(arisen));
    }

    private void showCodecs(@Nullable List<String> names, @Nullable Throwable failure) {
        if (names == null) {
            problem.set(Optional.of(Failures.explained(failure)));
            return;
        }
        Optional<String> chosen = codec.get();
        List<String> offered = new ArrayList<>(names);
        // A folder that was chosen is not among those that are installed.
        chosen.filter(name -> !names.contains(name) && Path.of(name).isAbsolute())
                .ifPresent(offered::add);
        if (!codecs.equals(offered)) {
            codecs.setAll(offered);
        }
        codec.set(chosen.filter(offered::contains).or(() -> names.stream().findFirst()));
    }

    /** One reconstruction, from the wish to its end. What it tells after a newer one is ignored. */
    private final class Run implements JobListener<ReconstructionEvent> {
        private final Batches<FrameQuality> compared = new Batches<>(fx, this::compared);
        private final CompletableFuture<Job> job = new CompletableFuture<>();
        private Optional<Saved> saved = Optional.empty();
        private long startNanos;

        /** Belongs to the device's thread until the job has ended. */
        private volatile Optional<FrameStore> store = Optional.empty();

        private boolean previewFull;
        private long kept;

        @Override
        public void onEvent(ReconstructionEvent event) {
            switch (event) {
                case Began opened -> open(opened);
                case Adjusted(var notice) -> LOG.info(notice.text());
                case Compared pair -> keep(pair);
                case Saved result -> fx.execute(() -> saved = Optional.of(result));
            }
        }

        private synchronized void open(Began opened) {
            // An engine that goes on for another tells everything again, and the same.
            if (store.isEmpty() && !previewFull) {
                var pictures =
                        new FrameStore(
                                opened.width(),
                                opened.height(),
                                opened.frames(),
                                PREVIEW_MEMORY_BYTES,
                                cache);
                store = Optional.of(pictures);
                fx.execute(() -> began(opened, pictures));
            }
        }

        private synchronized void keep(Compared pair) {
            if (previewFull) {
                return;
            }
            try {
                // For pairs that an engine left out on the way, because they piled up, the next
                // stands.
                for (; kept <= pair.index(); kept++) {
                    store.orElseThrow().append(pair.original(), pair.reconstruction());
                    compared.accept(pair.quality());
                }
            } catch (IOException e) {
                // The result does not depend on the preview, so the work goes on.
                previewFull = true;
                LOG.warn("the preview ends at frame {}", pair.index(), e);
                fx.execute(() -> report(new Problem.FileInaccessible(cache, reason(e))));
            }
        }

        @Override
        public void onState(JobState reached) {
            fx.execute(() -> reached(reached));
        }

        private void submitted(@Nullable Job submitted, @Nullable Throwable failure) {
            if (submitted != null) {
                job.complete(submitted);
            } else if (current()) {
                fail(Failures.explained(failure));
            }
        }

        private void began(Began opened, FrameStore pictures) {
            if (current()) {
                startNanos = System.nanoTime();
                ReconstructViewModel.this.began.set(Optional.of(opened));
                progress.set(new Progress(0, opened.frames(), 0));
                state.set(new RunState.Running());
                playback.comparisonProperty()
                        .set(
                                Optional.of(
                                        new Comparison(
                                                pictures,
                                                opened.width(),
                                                opened.height(),
                                                opened.fps(),
                                                opened.frames())));
            }
        }

        private void compared(List<FrameQuality> more) {
            if (current()) {
                Comparison clip = playback.comparisonProperty().get().orElseThrow();
                clip.add(more);
                progress.set(
                        Progress.after(
                                clip.available(),
                                progress.get().total(),
                                Duration.ofNanos(System.nanoTime() - startNanos)));
            }
        }

        private void reached(JobState reached) {
            if (!current()) {
                return;
            }
            switch (reached) {
                case JobState.Queued _, JobState.Running _ -> {}
                case JobState.Succeeded _ -> {
                    Saved result = saved.orElseThrow();
                    state.set(new RunState.Finished(result.request().output(), result.summary()));
                    playback.complete();
                }
                case JobState.Cancelled _ -> {
                    playback.complete();
                    state.set(new RunState.Cancelled((int) progress.get().done()));
                }
                case JobState.Failed(Problem arisen) -> {
                    playback.complete();
                    fail(arisen);
                }
            }
        }

        private boolean current() {
            return run.filter(newest -> newest == this).isPresent();
        }

        boolean submitted() {
            return job.isDone();
        }

        void cancel() {
            var _ = job.thenAccept(Job::cancel);
        }

        /** The frames are let go of when nobody appends to them any more. */
        void discard() {
            cancel();
            var _ =
                    job.thenCompose(Job::end)
                            .thenRunAsync(() -> store.ifPresent(this::close), background);
        }

        /** The job goes on without this window, or ends with its runtime. */
        synchronized void leave() {
            previewFull = true;
            store.ifPresent(this::close);
        }

        private void close(FrameStore pictures) {
            try {
                pictures.close();
            } catch (IOException e) {
                LOG.warn("the player's temporary file could not be removed", e);
            }
        }

        private static String reason(IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
