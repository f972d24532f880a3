package dev.zoetrope.app.generate;

import dev.zoetrope.app.files.Exporting;
import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.app.player.Film;
import dev.zoetrope.app.player.Transport;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The clip that is being made, or was made last: how it emerges, and what came of it. Every method
 * is called on the JavaFX thread and returns at once; every property changes on that thread.
 */
public final class RenderViewModel implements AutoCloseable {
    static final Optional<Duration> BETWEEN_PREVIEWS = Optional.of(Duration.ofMillis(100));

    private static final int NONE = -1;

    private final CompletableFuture<ModelRuntime> runtime;
    private final Executor background;
    private final Executor fx;
    private final Consumer<Problem> report;
    private final ReadOnlyObjectWrapper<GenerateState> state =
            new ReadOnlyObjectWrapper<>(this, "state", new GenerateState.Idle());
    private final ReadOnlyObjectWrapper<Optional<GenerationPlan>> made =
            new ReadOnlyObjectWrapper<>(this, "made", Optional.empty());
    private final ObservableList<Notice> notices = FXCollections.observableArrayList();
    private final ObservableList<Look> looks = FXCollections.observableArrayList();
    private final IntegerProperty shownLook = new SimpleIntegerProperty(this, "shownLook", NONE);
    private final ReadOnlyObjectWrapper<Optional<Path>> output =
            new ReadOnlyObjectWrapper<>(this, "output", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<GenerationRequest>> finished =
            new ReadOnlyObjectWrapper<>(this, "finished", Optional.empty());
    private final Transport transport = new Transport();
    private final Exporting exporting;
    private Optional<Run> run = Optional.empty();

    /** How a job is begun, or come to. */
    @FunctionalInterface
    interface Beginning {
        Job of(ModelRuntime models, JobListener<GenerationEvent> listener);
    }

    /**
     * Nothing has been made.
     *
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param metadata whether exports are to say how they were made
     * @param report is told what went wrong, on that thread
     */
    RenderViewModel(
            CompletableFuture<ModelRuntime> runtime,
            Executor background,
            Executor fx,
            BooleanSupplier metadata,
            Consumer<Problem> report) {
        this.runtime = runtime;
        this.background = background;
        this.fx = fx;
        this.report = report;
        this.exporting = new Exporting(background, fx, metadata, report);
    }

    public GenerateState state() {
        return state.get();
    }

    public ReadOnlyObjectProperty<GenerateState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** What the clip that is being made, or was made last, comes to. */
    public ReadOnlyObjectProperty<Optional<GenerationPlan>> madeProperty() {
        return made.getReadOnlyProperty();
    }

    /** What was done otherwise than asked with that clip, a sentence each. */
    public ObservableList<Notice> notices() {
        return notices;
    }

    /** How the clip emerged, the finished one last. */
    public ObservableList<Look> looks() {
        return looks;
    }

    /** Index of the look that is shown; stays at the newest until somebody chooses another. */
    public IntegerProperty shownLookProperty() {
        return shownLook;
    }

    /** The look that is shown. */
    public Optional<Look> shownLook() {
        int index = shownLook.get();
        return index >= 0 && index < looks.size()
                ? Optional.of(looks.get(index))
                : Optional.empty();
    }

    /** Which frame of the clip is shown, whatever it looks like. */
    public Transport transport() {
        return transport;
    }

    /** Where the finished clip is whose looks these are. */
    public ReadOnlyObjectProperty<Optional<Path>> outputProperty() {
        return output.getReadOnlyProperty();
    }

    /** The clip on its way to one more place. */
    public Exporting exporting() {
        return exporting;
    }

    /** What was asked for of the finished clip whose looks these are. */
    ReadOnlyObjectProperty<Optional<GenerationRequest>> finishedProperty() {
        return finished.getReadOnlyProperty();
    }

    /** Whether it is none, neither being made nor made. */
    boolean isIdle() {
        return run.isEmpty();
    }

    /**
     * Makes a clip in the place of the one before, which is shown until there is something of it.
     */
    void begin(Beginning how) {
        notices.clear();
        exporting.forget();
        state.set(new GenerateState.Waiting());
        submit(new Run(true), how);
    }

    /** Shows what is known of the clip that was begun, before it tells anything. */
    void show(Look look, GenerationPlan plan) {
        run.ifPresent(begun -> begun.begin(look, plan));
    }

    /** Shows a clip that somebody else began; one that is long there waits to be played. */
    void follow(Status status, Beginning how) {
        if (!status.isEnd()) {
            state.set(new GenerateState.Waiting());
        }
        submit(new Run(!status.isEnd()), how);
    }

    private void submit(Run started, Beginning how) {
        run = Optional.of(started);
        var _ =
                runtime.thenApplyAsync(models -> how.of(models, started), background)
                        .whenComplete((job, failure) ->
                                fx.execute(() -> started.submitted(job, failure)));
    }

    /** It could not be made. */
    void fail(Problem arisen) {
        state.set(new GenerateState.Failed(arisen));
        report.accept(arisen);
    }

    /** Stops at once; what the clip looked like until then stays. */
    public void stop() {
        if (!state.get().busy()) {
            return;
        }
        run.ifPresent(Run::cancel);
        if (run.filter(Run::submitted).isEmpty()) {
            // Nothing has begun that could tell of its end.
            run = Optional.empty();
            state.set(new GenerateState.Stopped());
        }
    }

    /** Ends with the step that is being taken, and keeps the clip that those until then make. */
    public void finishEarly() {
        if (state.get().busy()) {
            run.ifPresent(Run::finishEarly);
        }
    }

    /**
     * Writes what is played of the clip to one more place, in the format that the extension names.
     */
    public void export(Path target) {
        output.get().ifPresent(clip -> exporting.begin(clip, transport.part(), target));
    }

    /** What runs goes on without this window, or ends with the runtime. */
    @Override
    public void close() {
        run = Optional.empty();
        transport.pause();
    }

    /** Sizes and lengths are on the page as they will be. */
    static boolean isNews(Notice notice) {
        return !(notice instanceof Notice.SizeSnapped || notice instanceof Notice.LengthSnapped);
    }

    private void show(List<Look> more) {
        boolean newest = shownLook.get() == looks.size() - 1;
        looks.addAll(more);
        if (newest) {
            shownLook.set(looks.size() - 1);
        }
    }

    /** One generation, from the wish to its end. What it tells after a newer one is ignored. */
    private final class Run implements JobListener<GenerationEvent> {
        private final boolean plays;
        private final Batches<GenerationEvent> events = new Batches<>(fx, this::heard);
        private final CompletableFuture<Job> job = new CompletableFuture<>();
        private final List<Look> fresh = new ArrayList<>();
        private Optional<GenerationPlan> plan = Optional.empty();
        private Optional<GenerationEvent.Saved> saved = Optional.empty();
        private boolean looked;
        private int firstStep = NONE;
        private long firstStepNanos;

        /**
         * @param plays whether what there is to see plays by itself
         */
        Run(boolean plays) {
            this.plays = plays;
        }

        @Override
        public void onEvent(GenerationEvent event) {
            events.accept(event);
        }

        @Override
        public void onState(JobState reached) {
            fx.execute(() -> {
                if (current()) {
                    reached(reached);
                }
            });
        }

        private void heard(List<GenerationEvent> gathered) {
            if (current()) {
                gathered.forEach(this::heard);
                look();
            }
        }

        private void heard(GenerationEvent event) {
            switch (event) {
                case GenerationEvent.Planned(GenerationPlan planned) -> {
                    plan = Optional.of(planned);
                    planned.notices().forEach(this::say);
                }
                case GenerationEvent.Adjusted(Notice notice) -> say(notice);
                case GenerationEvent.Stepped stepped -> stepped(stepped);
                case GenerationEvent.Decoded(int index, _) ->
                        plan.ifPresent(planned ->
                                state.set(new GenerateState.Decoding(index + 1, planned.frames())));
                case GenerationEvent.Saved result -> {
                    saved = Optional.of(result);
                    plan = plan.or(() -> Optional.of(result.summary().plan()));
                }
            }
        }

        /** An engine that goes on for another tells everything again. */
        private void say(Notice notice) {
            if (isNews(notice) && !notices.contains(notice)) {
                notices.add(notice);
            }
        }

        private void stepped(GenerationEvent.Stepped stepped) {
            long now = System.nanoTime();
            // The first step has the model to load.
            if (firstStep == NONE || stepped.step() < firstStep) {
                firstStep = stepped.step();
                firstStepNanos = now;
            }
            int measured = stepped.step() - firstStep;
            state.set(
                    new GenerateState.Sampling(
                            stepped.step(),
                            stepped.steps(),
                            measured == 0 ? 0 : (now - firstStepNanos) / 1e9 / measured));
            if (!stepped.preview().isEmpty()) {
                fresh.add(Look.of(stepped, plan.orElseThrow()));
            }
        }

        /** Shows what is known of it before it tells anything. */
        void begin(Look look, GenerationPlan known) {
            plan = Optional.of(known);
            fresh.add(look);
            look();
        }

        /** The clip before stays in the window until there is something of this one. */
        private void look() {
            if (fresh.isEmpty()) {
                return;
            }
            if (!looked) {
                looked = true;
                output.set(Optional.empty());
                finished.set(Optional.empty());
                looks.clear();
                shownLook.set(NONE);
                made.set(plan);
                plan.ifPresent(planned -> load(planned.frames(), planned.fps()));
            }
            show(fresh);
            fresh.clear();
        }

        private void load(int frames, double fps) {
            transport.load(frames, fps);
            if (!plays) {
                transport.pause();
            }
        }

        private void reached(JobState reached) {
            switch (reached) {
                case JobState.Queued _ when state.get().busy() ->
                        state.set(new GenerateState.Waiting());
                case JobState.Queued _, JobState.Running _ -> {}
                case JobState.Succeeded _ -> saved.ifPresent(this::read);
                case JobState.Cancelled _ -> state.set(new GenerateState.Stopped());
                case JobState.Failed(Problem arisen) -> fail(arisen);
            }
        }

        private void read(GenerationEvent.Saved result) {
            Path clip = result.request().output();
            var _ =
                    CompletableFuture.supplyAsync(() -> Film.read(clip), background)
                            .whenComplete((film, failure) ->
                                    fx.execute(() -> finished(result, film, failure)));
        }

        private void finished(
                GenerationEvent.Saved result, @Nullable Film film, @Nullable Throwable failure) {
            if (!current()) {
                return;
            }
            if (film == null) {
                report.accept(Failures.explained(failure));
            } else {
                fresh.add(new Look(OptionalInt.empty(), film));
                look();
                if (film.pictures().size() != transport.lengthProperty().get()) {
                    load(film.pictures().size(), film.fps());
                }
            }
            Path clip = result.request().output();
            output.set(Optional.of(clip));
            finished.set(Optional.of(result.request()));
            state.set(new GenerateState.Finished(clip, result.summary()));
        }

        private void submitted(@Nullable Job submitted, @Nullable Throwable failure) {
            if (submitted != null) {
                job.complete(submitted);
            } else if (current()) {
                fail(Failures.explained(failure));
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

        void finishEarly() {
            var _ = job.thenAccept(Job::finishEarly);
        }
    }
}
