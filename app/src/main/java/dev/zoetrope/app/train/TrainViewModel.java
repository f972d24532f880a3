package dev.zoetrope.app.train;

import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent.Extracted;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.LossPoint;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingRequest;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The page's training: how it goes, and its start and end. Every method is called on the JavaFX
 * thread and returns at once; every property changes on that thread.
 */
public final class TrainViewModel implements AutoCloseable {
    /** What can be looked at. */
    public enum View {
        /** What is learned from. */
        CLIPS,
        /** How it goes, once one has begun. */
        PROGRESS
    }

    private final CompletableFuture<ModelRuntime> runtime;
    private final Runs runs;
    private final Path cache;
    private final Executor background;
    private final Executor fx;
    private final Executor paced;
    private final ChoicesViewModel choices;
    private final DatasetViewModel dataset;

    private final ReadOnlyObjectWrapper<TrainState> state =
            new ReadOnlyObjectWrapper<>(this, "state", TrainState.IDLE);
    private final ReadOnlyBooleanWrapper begun = new ReadOnlyBooleanWrapper(this, "begun", false);
    private final ReadOnlyObjectWrapper<View> view =
            new ReadOnlyObjectWrapper<>(this, "view", View.CLIPS);
    private final ReadOnlyObjectWrapper<Pace> pace =
            new ReadOnlyObjectWrapper<>(this, "pace", Pace.NONE);
    private final ReadOnlyObjectWrapper<Optional<Double>> heldOutLoss =
            new ReadOnlyObjectWrapper<>(this, "heldOutLoss", Optional.empty());
    private final ObservableList<LossPoint> losses = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<Extracted>> extracted =
            new ReadOnlyObjectWrapper<>(this, "extracted", Optional.empty());
    private final ObservableList<SkippedFile> leftOut = FXCollections.observableArrayList();
    private final ObservableList<SampleSheet> sheets = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<SampleSheet>> sheet =
            new ReadOnlyObjectWrapper<>(this, "sheet", Optional.empty());
    private final ObjectProperty<Optional<String>> comparedRun =
            new SimpleObjectProperty<>(this, "comparedRun", Optional.empty());
    private final ObservableList<LossPoint> comparedLosses = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<SavedModel>> saved =
            new ReadOnlyObjectWrapper<>(this, "saved", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());

    private Optional<Training> training = Optional.empty();

    /**
     * A page on which nothing has been trained.
     *
     * @param runtime completes when the models can be used, or with the {@link ProblemException}
     *     that prevents it
     * @param runs where trainings are kept
     * @param cache a folder for files that may be lost
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param paced runs on the JavaFX thread a moment later: as often as figures are shown
     */
    public TrainViewModel(
            CompletableFuture<ModelRuntime> runtime,
            Runs runs,
            Path cache,
            Executor background,
            Executor fx,
            Executor paced) {
        this.runtime = runtime;
        this.cache = cache;
        this.background = background;
        this.fx = fx;
        this.paced = paced;
        this.runs = runs;
        this.choices = new ChoicesViewModel(runtime, runs, background, fx, this::report);
        this.dataset = new DatasetViewModel(choices.datasetProperty(), background, fx, paced);
        comparedRun.subscribe(this::compare);
        begun.bind(Bindings.createBooleanBinding(() -> busy() || !losses.isEmpty(), state, losses));
        begun.subscribe(now -> view.set(now ? View.PROGRESS : View.CLIPS));
    }

    /** What is trained on what. */
    public ChoicesViewModel choices() {
        return choices;
    }

    /** What the chosen data set holds. */
    public DatasetViewModel dataset() {
        return dataset;
    }

    public ReadOnlyObjectProperty<TrainState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Whether there is progress to look at. */
    public ReadOnlyBooleanProperty begunProperty() {
        return begun.getReadOnlyProperty();
    }

    /** The one that is looked at: the progress, once there is any, until another is chosen. */
    public ReadOnlyObjectProperty<View> viewProperty() {
        return view.getReadOnlyProperty();
    }

    /** Looks at something; at progress only where there is some. */
    public void show(View chosen) {
        view.set(begun.get() ? chosen : View.CLIPS);
    }

    public ReadOnlyObjectProperty<Pace> paceProperty() {
        return pace.getReadOnlyProperty();
    }

    /** The saved model's, of clips that nothing is learned from. */
    public ReadOnlyObjectProperty<Optional<Double>> heldOutLossProperty() {
        return heldOutLoss.getReadOnlyProperty();
    }

    /** The loss over the steps, in their order; grows a few times a second at most. */
    public ObservableList<LossPoint> losses() {
        return losses;
    }

    /** How far the clips are, before a denoiser's first step. */
    public ReadOnlyObjectProperty<Optional<Extracted>> extractedProperty() {
        return extracted.getReadOnlyProperty();
    }

    /** Files of the data set that no clip could be made of. */
    public ObservableList<SkippedFile> leftOut() {
        return leftOut;
    }

    /** Another run, by its name, whose curve is shown beside this one's. */
    public ObjectProperty<Optional<String>> comparedRunProperty() {
        return comparedRun;
    }

    /** The loss of {@link #comparedRunProperty} over its steps. */
    public ObservableList<LossPoint> comparedLosses() {
        return comparedLosses;
    }

    /** Pictures of what the model made as it learned, the newest last. */
    public ObservableList<SampleSheet> sheets() {
        return sheets;
    }

    /** The one that is looked at: the newest, until an earlier one is chosen. */
    public ReadOnlyObjectProperty<Optional<SampleSheet>> sheetProperty() {
        return sheet.getReadOnlyProperty();
    }

    /** Looks at one of the sheets; at the newest, also at those to come. */
    public void look(SampleSheet chosen) {
        sheet.set(Optional.of(chosen));
    }

    /** The model of the run, once it can be used. */
    public ReadOnlyObjectProperty<Optional<SavedModel>> savedProperty() {
        return saved.getReadOnlyProperty();
    }

    /** What went wrong last and was not dismissed yet. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether a training is under way. */
    public boolean busy() {
        return switch (state.get()) {
            case PREPARING, RUNNING, STOPPING -> true;
            case IDLE, STOPPED, FAILED, FINISHED -> false;
        };
    }

    /** Begins the run that is named, or goes on with it. */
    public void start() {
        if (busy()) {
            return;
        }
        problem.set(Optional.empty());
        Recipe recipe;
        Path run;
        try {
            run = choices.run();
            recipe = choices.recipe();
        } catch (ProblemException e) {
            fail(e.problem());
            return;
        }
        pace.set(Pace.NONE);
        heldOutLoss.set(Optional.empty());
        losses.clear();
        extracted.set(Optional.empty());
        leftOut.clear();
        sheets.clear();
        sheet.set(Optional.empty());
        saved.set(Optional.empty());
        choices.begun();
        var started = new Training(run);
        training = Optional.of(started);
        state.set(TrainState.PREPARING);
        view.set(View.PROGRESS);
        var _ =
                runtime.thenApplyAsync(models -> started.submit(models, recipe), background)
                        .whenComplete((job, failure) ->
                                fx.execute(() -> started.submitted(job, failure)));
    }

    /** Asks the training to save its state and stop. */
    public void stop() {
        if (state.get() == TrainState.PREPARING || state.get() == TrainState.RUNNING) {
            state.set(TrainState.STOPPING);
            training.ifPresent(Training::cancel);
        }
    }

    /** Takes the problem off the page. */
    public void dismissProblem() {
        problem.set(Optional.empty());
    }

    /** What runs goes on without this window, or saves its state and ends with the runtime. */
    @Override
    public void close() {
        training = Optional.empty();
        dataset.close();
    }

    private void compare(Optional<String> name) {
        comparedLosses.clear();
        if (name.isEmpty()) {
            return;
        }
        var _ =
                runtime.thenApplyAsync(models -> models.losses(runs.of(name.get())), background)
                        .whenComplete((told, failure) ->
                                fx.execute(() -> {
                                    if (failure != null) {
                                        report(Failures.explained(failure));
                                    } else if (comparedRun.get().equals(name)) {
                                        comparedLosses.setAll(told);
                                    }
                                }));
    }

    private void fail(Problem arisen) {
        state.set(TrainState.FAILED);
        report(arisen);
    }

    private void report(Problem arisen) {
        problem.set(Optional.of(arisen));
    }

    /** One training, from the wish to its end. */
    private final class Training {
        private final Path run;
        private final Batches<News> news = new Batches<>(paced, this::show);
        private final CompletableFuture<Job> job = new CompletableFuture<>();

        /** Known before the first news. */
        private volatile Subject trained = Subject.CODEC;

        Training(Path run) {
            this.run = run;
        }

        Job submit(ModelRuntime models, Recipe recipe) {
            TrainingRequest request =
                    models.training(run).orElseGet(() -> recipe.request(run, cache));
            Subject subject =
                    request instanceof CodecTrainingRequest ? Subject.CODEC : Subject.DENOISER;
            trained = subject;
            news.accept(new News.GoesOn(models.losses(run), SampleSheet.of(run, subject)));
            return switch (request) {
                case CodecTrainingRequest codecs -> models.trainCodec(codecs, News.ofCodec(news));
                case DenoiserTrainingRequest denoisers ->
                        models.trainDenoiser(denoisers, News.ofDenoiser(news));
            };
        }

        void submitted(@Nullable Job submitted, @Nullable Throwable failure) {
            if (submitted != null) {
                job.complete(submitted);
            } else {
                fail(Failures.explained(failure));
            }
        }

        void cancel() {
            var _ = job.thenAccept(Job::cancel);
        }

        /** The newest of each kind is what is shown; of losses all are. */
        private void show(List<News> batch) {
            if (!training.equals(Optional.of(this))) {
                // The window was closed, and nobody looks.
                return;
            }
            List<LossPoint> points = new ArrayList<>();
            Optional<Pace> newest = Optional.empty();
            for (News one : batch) {
                switch (one) {
                    case News.Gathered(Extracted progress) -> extracted.set(Optional.of(progress));
                    case News.LeftOut(var files) -> leftOut.setAll(files);
                    case News.GoesOn(var earlier, var pictures) -> {
                        points.addAll(earlier);
                        pictures.forEach(this::sampled);
                    }
                    case News.Stepped(Pace told) -> {
                        newest = Optional.of(told);
                        points.add(new LossPoint(told.step(), told.loss()));
                    }
                    case News.Saved(long step) ->
                            saved.set(Optional.of(new SavedModel(run, trained, step)));
                    case News.Judged(double loss) -> heldOutLoss.set(Optional.of(loss));
                    case News.Sampled(SampleSheet picture) -> sampled(picture);
                    case News.Reached(JobState reached) -> {
                        newest.ifPresent(this::stepped);
                        newest = Optional.empty();
                        reached(reached);
                    }
                }
            }
            losses.addAll(points);
            newest.ifPresent(this::stepped);
        }

        private void sampled(SampleSheet picture) {
            boolean newest = sheets.isEmpty() || sheet.get().equals(Optional.of(sheets.getLast()));
            // A step that is done again, after a run went on from before it, has its picture again.
            sheets.removeIf(earlier -> earlier.step() >= picture.step());
            sheets.add(picture);
            if (newest || sheet.get().filter(sheets::contains).isEmpty()) {
                sheet.set(Optional.of(picture));
            }
        }

        private void stepped(Pace told) {
            pace.set(told);
            extracted.set(Optional.empty());
            if (state.get() == TrainState.PREPARING) {
                state.set(TrainState.RUNNING);
            }
        }

        private void reached(JobState reached) {
            switch (reached) {
                case JobState.Queued _, JobState.Running _ -> {
                    return;
                }
                case JobState.Succeeded _ -> state.set(TrainState.FINISHED);
                case JobState.Cancelled _ -> state.set(TrainState.STOPPED);
                case JobState.Failed(Problem arisen) -> fail(arisen);
            }
            choices.ended(reached instanceof JobState.Succeeded);
        }
    }
}
