package dev.zoetrope.app.train;

import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.TrainingRequest;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.Property;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What can be trained on what, and what is chosen of it. Every method is called on the JavaFX
 * thread and returns at once; every property changes on that thread.
 */
public final class ChoicesViewModel {
    private final CompletableFuture<ModelRuntime> runtime;
    private final Runs runs;
    private final Executor background;
    private final Executor fx;
    private final Consumer<Problem> report;

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
    private final ObservableList<Double> firstFrames =
            FXCollections.observableArrayList(0.0, 0.25, 0.5, 0.75);
    private final ObjectProperty<Double> firstFrame =
            new SimpleObjectProperty<>(this, "firstFrame", 0.0);
    private final StringProperty runName = new SimpleStringProperty(this, "runName", "");
    private final StringProperty steps = new SimpleStringProperty(this, "steps", "400");
    private final StringProperty clip = new SimpleStringProperty(this, "clip", "16 × 64 × 64");

    private final ReadOnlyObjectWrapper<Optional<TrainingRequest>> resumable =
            new ReadOnlyObjectWrapper<>(this, "resumable", Optional.empty());

    /** What was chosen for a new run, while one that goes on is named. */
    private Optional<Chosen> own = Optional.empty();

    /** The name that nobody chose; empty once one is in use. */
    private Optional<String> suggestion = Optional.of("");

    /**
     * What is offered first.
     *
     * @param runtime completes when the models can be used, or with the {@link ProblemException}
     *     that prevents it
     * @param runs where trainings are kept
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param report is told what keeps something from being offered
     */
    ChoicesViewModel(
            CompletableFuture<ModelRuntime> runtime,
            Runs runs,
            Executor background,
            Executor fx,
            Consumer<Problem> report) {
        this.runtime = runtime;
        this.runs = runs;
        this.background = background;
        this.fx = fx;
        this.report = report;
        var _ =
                runtime.thenApplyAsync(Offer::of, background)
                        .whenComplete((offer, failure) -> fx.execute(() -> show(offer, failure)));
        subject.subscribe(this::suggestName);
        runName.subscribe(this::lookForRun);
        listRuns();
    }

    /** All that is chosen but the name, as it is shown. */
    private record Chosen(
            Subject subject,
            @Nullable String dataset,
            @Nullable String codec,
            Optional<String> textEncoder,
            Beginning beginning,
            double firstFrame,
            String clip,
            String steps) {
        /**
         * @param before what a training of that kind does not ask for
         */
        static Chosen of(TrainingRequest asked, Chosen before) {
            String dataset = asked.datasets().getFirst();
            String clip = Recipe.typed(asked.shapes().getFirst());
            String steps = Long.toString(asked.steps());
            return switch (asked) {
                case CodecTrainingRequest _ ->
                        new Chosen(
                                Subject.CODEC,
                                dataset,
                                before.codec,
                                before.textEncoder,
                                before.beginning,
                                before.firstFrame,
                                clip,
                                steps);
                case DenoiserTrainingRequest denoiser ->
                        new Chosen(
                                Subject.DENOISER,
                                dataset,
                                denoiser.codec(),
                                Optional.ofNullable(denoiser.textEncoder()),
                                Recipe.beginning(denoiser),
                                denoiser.firstFrame(),
                                clip,
                                steps);
            };
        }
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
            report.accept(Failures.explained(failure));
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

    /** Shares of the clips that can be given their first frame. */
    public ObservableList<Double> firstFrames() {
        return firstFrames;
    }

    /**
     * Share of a denoiser's clips, from 0 to 1, that are shown with their first frame given; above
     * 0 it learns to go on from a picture.
     */
    public ObjectProperty<Double> firstFrameProperty() {
        return firstFrame;
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

    /** Learns from the clips of a folder, or of a list of files. */
    public void useClips(Path place) {
        choose(datasets, dataset, place.toString());
    }

    /** Lets a denoiser begin as one that is not offered yet. */
    public void beginWith(Beginning chosen) {
        choose(beginnings, beginning, chosen);
    }

    /**
     * Folder of the run that is named.
     *
     * @throws ProblemException for what cannot be a folder's name
     */
    Path run() {
        return runs.of(runName.get());
    }

    /**
     * All that is chosen.
     *
     * @throws ProblemException for what is missing or was mistyped
     */
    Recipe recipe() {
        return new Recipe(
                subject.get(),
                chosen(dataset.get(), new Impossible.ClipsUnchosen()),
                subject.get() == Subject.CODEC
                        ? ""
                        : chosen(codec.get(), new Impossible.CodecMissing()),
                textEncoder.get(),
                beginning.get(),
                firstFrame.get(),
                Recipe.clip(clip.get()),
                Recipe.steps(steps.get()));
    }

    private static String chosen(@Nullable String value, Problem otherwise) {
        if (value == null) {
            throw otherwise.asException();
        }
        return value;
    }

    /** The run that is named has begun: its name is no suggestion any more. */
    void begun() {
        suggestion = Optional.empty();
    }

    /** The run that is named has ended. */
    void ended(boolean allStepsDone) {
        if (allStepsDone) {
            // There is nothing left of it, so the next is another.
            suggestion = Optional.of(runName.get());
        }
        listRuns();
        lookForRun();
    }

    private void listRuns() {
        var _ =
                CompletableFuture.supplyAsync(runs::names, background)
                        .whenComplete((names, failure) -> fx.execute(() -> listed(names, failure)));
    }

    private void listed(@Nullable List<String> names, @Nullable Throwable failure) {
        if (names == null) {
            report.accept(Failures.explained(failure));
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
                                        show(found);
                                    }
                                }));
    }

    /** A run that goes on does so with what it was asked for; for a new one all is as it was. */
    private void show(Optional<TrainingRequest> asked) {
        if (asked.isPresent()) {
            own = own.or(() -> Optional.of(chosen()));
            choose(Chosen.of(asked.get(), chosen()));
        } else {
            own.ifPresent(this::choose);
            own = Optional.empty();
        }
    }

    private Chosen chosen() {
        return new Chosen(
                subject.get(),
                dataset.get(),
                codec.get(),
                textEncoder.get(),
                beginning.get(),
                firstFrame.get(),
                clip.get(),
                steps.get());
    }

    private void choose(Chosen all) {
        subject.set(all.subject);
        choose(datasets, dataset, all.dataset);
        choose(codecs, codec, all.codec);
        choose(textEncoders, textEncoder, all.textEncoder);
        choose(beginnings, beginning, all.beginning);
        choose(firstFrames, firstFrame, all.firstFrame);
        clip.set(all.clip);
        steps.set(all.steps);
    }

    private static <T> void choose(
            ObservableList<T> offered, Property<T> choice, @Nullable T chosen) {
        if (chosen != null && !offered.contains(chosen)) {
            offered.add(chosen);
        }
        choice.setValue(chosen);
    }
}
