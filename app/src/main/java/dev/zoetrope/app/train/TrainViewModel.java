package dev.zoetrope.app.train;

import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent.Extracted;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingRequest;

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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * What the training page shows and does. Every method is called on the JavaFX thread and returns at
 * once; every property changes on that thread.
 */
public final class TrainViewModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainViewModel.class);

    private final CompletableFuture<ModelRuntime> runtime;
    private final Runs runs;
    private final Path cache;
    private final Executor background;
    private final Executor fx;
    private final Executor paced;

    private final ObservableList<String> datasets = FXCollections.observableArrayList();
    private final ObservableList<String> codecs = FXCollections.observableArrayList();
    private final ObservableList<Optional<String>> textEncoders =
            FXCollections.observableArrayList();
    private final ObservableList<Beginning> beginnings =
            FXCollections.observableArrayList(new Beginning.Small());
    private final ObservableList<String> runNames = FXCollections.observableArrayList();

    private final ObjectProperty<Subject> subject =
            new SimpleObjectProperty<>(this, "subject", Subject.CODEC);
    private final StringProperty dataset = new SimpleStringProperty(this, "dataset");
    private final StringProperty codec = new SimpleStringProperty(this, "codec");
    private final ObjectProperty<Optional<String>> textEncoder =
            new SimpleObjectProperty<>(this, "textEncoder", Optional.empty());
    private final ObjectProperty<Beginning> beginning =
            new SimpleObjectProperty<>(this, "beginning", new Beginning.Small());
    private final StringProperty runName = new SimpleStringProperty(this, "runName", "");
    private final StringProperty steps = new SimpleStringProperty(this, "steps", "400");
    private final StringProperty clip = new SimpleStringProperty(this, "clip", "16 × 64 × 64");

    private final ReadOnlyObjectWrapper<Optional<TrainingRequest>> resumable =
            new ReadOnlyObjectWrapper<>(this, "resumable", Optional.empty());
    private final ReadOnlyObjectWrapper<TrainState> state =
            new ReadOnlyObjectWrapper<>(this, "state", TrainState.IDLE);
    private final ReadOnlyObjectWrapper<Pace> pace =
            new ReadOnlyObjectWrapper<>(this, "pace", Pace.NONE);
    private final ObservableList<LossPoint> losses = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<Extracted>> extracted =
            new ReadOnlyObjectWrapper<>(this, "extracted", Optional.empty());
    private final ObservableList<SkippedFile> leftOut = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Optional<SampleSheet>> sheet =
            new ReadOnlyObjectWrapper<>(this, "sheet", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<SavedModel>> saved =
            new ReadOnlyObjectWrapper<>(this, "saved", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());

    /** The name that nobody chose; empty once one is in use. */
    private Optional<String> suggestion = Optional.of("");

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
        this.runs = runs;
        this.cache = cache;
        this.background = background;
        this.fx = fx;
        this.paced = paced;
        var _ =
                runtime.thenApplyAsync(Offer::of, background)
                        .whenComplete((offer, failure) -> fx.execute(() -> show(offer, failure)));
        subject.subscribe(this::suggestName);
        runName.subscribe(this::lookForRun);
        listRuns();
    }

    /** What a training can be made of. */
    private record Offer(
            List<String> datasets,
            List<String> codecs,
            List<String> textEncoders,
            List<String> generators) {
        static Offer of(ModelRuntime models) {
            return new Offer(
                    models.datasets(), models.codecs(), models.textEncoders(), models.generators());
        }
    }

    private void show(@Nullable Offer offer, @Nullable Throwable failure) {
        if (offer == null) {
            problem.set(Optional.of(explained(failure)));
            return;
        }
        datasets.addAll(0, offer.datasets());
        codecs.setAll(offer.codecs());
        offer.textEncoders().forEach(name -> textEncoders.add(Optional.of(name)));
        textEncoders.add(Optional.empty());
        offer.generators().forEach(name -> beginnings.add(new Beginning.Model(name)));
        if (dataset.get() == null) {
            dataset.set(datasets.stream().findFirst().orElse(null));
        }
        codec.set(codecs.stream().findFirst().orElse(null));
        textEncoder.set(textEncoders.getFirst());
    }

    /** Installed sources of clips, and folders that were chosen. */
    public ObservableList<String> datasets() {
        return datasets;
    }

    /** Codecs whose latents a denoiser can learn; empty until the models can be used. */
    public ObservableList<String> codecs() {
        return codecs;
    }

    /** Text encoders that can tell a denoiser of prompts, and none; at first empty. */
    public ObservableList<Optional<String>> textEncoders() {
        return textEncoders;
    }

    /** What a denoiser can begin as. */
    public ObservableList<Beginning> beginnings() {
        return beginnings;
    }

    /** Runs that have a folder. */
    public ObservableList<String> runNames() {
        return runNames;
    }

    public ObjectProperty<Subject> subjectProperty() {
        return subject;
    }

    /** One of {@link #datasets()}; null while there is none. */
    public StringProperty datasetProperty() {
        return dataset;
    }

    /** One of {@link #codecs()}; null while there is none. */
    public StringProperty codecProperty() {
        return codec;
    }

    public ObjectProperty<Optional<String>> textEncoderProperty() {
        return textEncoder;
    }

    public ObjectProperty<Beginning> beginningProperty() {
        return beginning;
    }

    /** Name of the run's folder, as typed. */
    public StringProperty runNameProperty() {
        return runName;
    }

    /** Length of the run, as typed. */
    public StringProperty stepsProperty() {
        return steps;
    }

    /** Frames, height and width of the clips, as typed. */
    public StringProperty clipProperty() {
        return clip;
    }

    /** What the named run was asked for, if it can go on. */
    public ReadOnlyObjectProperty<Optional<TrainingRequest>> resumableProperty() {
        return resumable.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<TrainState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Pace> paceProperty() {
        return pace.getReadOnlyProperty();
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

    /** The newest picture of what the model makes. */
    public ReadOnlyObjectProperty<Optional<SampleSheet>> sheetProperty() {
        return sheet.getReadOnlyProperty();
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

    /** Learns from the clips of a folder, or of a list of files. */
    public void useClips(Path place) {
        String name = place.toString();
        if (!datasets.contains(name)) {
            datasets.add(name);
        }
        dataset.set(name);
    }

    /** Lets a denoiser begin as one that is not offered yet. */
    public void beginWith(Beginning chosen) {
        if (!beginnings.contains(chosen)) {
            beginnings.add(chosen);
        }
        beginning.set(chosen);
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
            run = runs.of(runName.get());
            recipe = recipe();
        } catch (ProblemException e) {
            fail(e.problem());
            return;
        }
        pace.set(Pace.NONE);
        losses.clear();
        extracted.set(Optional.empty());
        leftOut.clear();
        sheet.set(Optional.empty());
        saved.set(Optional.empty());
        suggestion = Optional.empty();
        var started = new Training(run);
        training = Optional.of(started);
        state.set(TrainState.PREPARING);
        var _ =
                runtime.thenApplyAsync(models -> started.submit(models, recipe), background)
                        .whenComplete((job, failure) ->
                                fx.execute(() -> started.submitted(job, failure)));
    }

    private Recipe recipe() {
        return new Recipe(
                subject.get(),
                chosen(dataset.get(), "No clips to learn from were chosen."),
                subject.get() == Subject.CODEC
                        ? ""
                        : chosen(codec.get(), "No codec is installed to learn the latents of."),
                textEncoder.get(),
                beginning.get(),
                Recipe.clip(clip.get()),
                Recipe.steps(steps.get()));
    }

    private static String chosen(@Nullable String value, String otherwise) {
        if (value == null) {
            throw new Problem.ImpossibleRequest(
                            otherwise, "Choose one, or wait until the models are loaded.")
                    .asException();
        }
        return value;
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

    /** Lets what runs save its state and stop; waits for neither. */
    @Override
    public void close() {
        training.ifPresent(Training::cancel);
        training = Optional.empty();
    }

    private void fail(Problem arisen) {
        state.set(TrainState.FAILED);
        problem.set(Optional.of(arisen));
    }

    private void listRuns() {
        var _ =
                CompletableFuture.supplyAsync(runs::names, background)
                        .whenComplete((names, failure) -> fx.execute(() -> listed(names, failure)));
    }

    private void listed(@Nullable List<String> names, @Nullable Throwable failure) {
        if (names == null) {
            problem.set(Optional.of(explained(failure)));
            return;
        }
        runNames.setAll(names);
        suggestName();
    }

    /** Names a new run, unless the person has named one. */
    private void suggestName() {
        if (suggestion.filter(runName.get()::equals).isPresent()) {
            String free = Runs.freeName(subject.get(), runNames);
            suggestion = Optional.of(free);
            runName.set(free);
        }
    }

    /** Asks whether there is a run of that name to go on with. */
    private void lookForRun() {
        String name = runName.get();
        Path run;
        try {
            run = runs.of(name);
        } catch (ProblemException halfTyped) {
            resumable.set(Optional.empty());
            return;
        }
        var _ =
                runtime.thenApplyAsync(models -> models.training(run), background)
                        .exceptionally(_ -> Optional.empty())
                        .thenAccept(found ->
                                fx.execute(() -> {
                                    if (name.equals(runName.get())) {
                                        resumable.set(found);
                                        found.ifPresent(this::showSubject);
                                    }
                                }));
    }

    private void showSubject(TrainingRequest found) {
        subject.set(
                switch (found) {
                    case CodecTrainingRequest _ -> Subject.CODEC;
                    case DenoiserTrainingRequest _ -> Subject.DENOISER;
                });
    }

    private static Problem explained(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ProblemException expected) {
            return expected.problem();
        }
        LOG.error("unexpected failure", cause);
        return new Problem.Unexpected(String.valueOf(cause));
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
            return switch (request) {
                case CodecTrainingRequest codecs -> {
                    trained = Subject.CODEC;
                    yield models.trainCodec(codecs, News.ofCodec(news));
                }
                case DenoiserTrainingRequest denoisers -> {
                    trained = Subject.DENOISER;
                    yield models.trainDenoiser(denoisers, News.ofDenoiser(news));
                }
            };
        }

        void submitted(@Nullable Job submitted, @Nullable Throwable failure) {
            if (submitted != null) {
                job.complete(submitted);
            } else {
                fail(explained(failure));
            }
        }

        void cancel() {
            var _ = job.thenAccept(Job::cancel);
        }

        /** The newest of each kind is what is shown; of losses all are. */
        private void show(List<News> batch) {
            List<LossPoint> points = new ArrayList<>();
            Optional<Pace> newest = Optional.empty();
            for (News one : batch) {
                switch (one) {
                    case News.Gathered(Extracted progress) -> extracted.set(Optional.of(progress));
                    case News.LeftOut(var files) -> leftOut.setAll(files);
                    case News.Stepped(Pace told) -> {
                        newest = Optional.of(told);
                        points.add(new LossPoint(told.step(), told.loss()));
                    }
                    case News.Saved(long step) ->
                            saved.set(Optional.of(new SavedModel(run, trained, step)));
                    case News.Sampled(SampleSheet picture) -> sheet.set(Optional.of(picture));
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
                case JobState.Succeeded _ -> {
                    state.set(TrainState.FINISHED);
                    // There is nothing left of it, so the next is another.
                    suggestion = Optional.of(runName.get());
                }
                case JobState.Cancelled _ -> state.set(TrainState.STOPPED);
                case JobState.Failed(Problem arisen) -> fail(arisen);
            }
            listRuns();
            lookForRun();
        }
    }
}
