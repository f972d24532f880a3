package dev.zoetrope.app.generate;

import dev.zoetrope.app.files.Results;
import dev.zoetrope.app.fx.Latest;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.app.settings.SettingsViewModel;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the generation page shows and does. Every method is called on the JavaFX thread and returns
 * at once; every property changes on that thread.
 */
public final class GenerateViewModel implements AutoCloseable {
    /** What a first start invites to make. */
    static final String EXAMPLE = "a red fish swimming to the left in the deep sea";

    private final CompletableFuture<ModelRuntime> runtime;
    private final Function<String, Path> folderOf;
    private final SettingsViewModel settings;
    private final PromptHistory history;
    private final Executor background;
    private final Executor fx;

    private final ObservableList<String> models = FXCollections.observableArrayList();
    private final ObjectProperty<Optional<String>> model =
            new SimpleObjectProperty<>(this, "model", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Stops>> stops =
            new ReadOnlyObjectWrapper<>(this, "stops", Optional.empty());
    private final StringProperty prompt = new SimpleStringProperty(this, "prompt", "");
    private final StringProperty negative = new SimpleStringProperty(this, "negative", "");
    private final IntegerProperty aspect = new SimpleIntegerProperty(this, "aspect");
    private final IntegerProperty side = new SimpleIntegerProperty(this, "side");
    private final IntegerProperty length = new SimpleIntegerProperty(this, "length");
    private final StringProperty steps = new SimpleStringProperty(this, "steps", "");
    private final StringProperty guidance = new SimpleStringProperty(this, "guidance", "");
    private final ObjectProperty<Optional<String>> sampler =
            new SimpleObjectProperty<>(this, "sampler", Optional.empty());
    private final StringProperty seed = new SimpleStringProperty(this, "seed", "");
    private final BooleanProperty seedLocked = new SimpleBooleanProperty(this, "seedLocked");

    private final ReadOnlyObjectWrapper<Optional<ClipForm>> form =
            new ReadOnlyObjectWrapper<>(this, "form", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Appraisal>> appraisal =
            new ReadOnlyObjectWrapper<>(this, "appraisal", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());

    private final ReadOnlyObjectWrapper<Optional<FirstFrame>> firstFrame =
            new ReadOnlyObjectWrapper<>(this, "firstFrame", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Editing>> editing =
            new ReadOnlyObjectWrapper<>(this, "editing", Optional.empty());

    private final SnippetsViewModel snippets;
    private final DraftsViewModel drafts;
    private final CalibrationViewModel calibration;
    private final RenderViewModel render;
    private final PromptRecall recall = new PromptRecall();
    private final Latest<Boolean> changes;
    private boolean appraising;
    private boolean changedSince;
    private Optional<GenerationRequest> again = Optional.empty();
    private Optional<Path> wantedFrame = Optional.empty();
    private Optional<Before> before = Optional.empty();

    /** What was on the page before a job was edited. */
    private record Before(GenerationRequest request, String seed, boolean seedLocked) {}

    /**
     * A page on which nothing has been made.
     *
     * @param runtime completes when the models can be used, or with the {@link ProblemException}
     *     that prevents it
     * @param folderOf where the model of a name is; may take a while
     * @param settings where clips go, and how they are made
     * @param history the prompts of earlier starts
     * @param snippets what has been given names to
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param paced runs on the JavaFX thread a moment later: as often as what is changed is looked
     *     at
     */
    public GenerateViewModel(
            CompletableFuture<ModelRuntime> runtime,
            Function<String, Path> folderOf,
            SettingsViewModel settings,
            PromptHistory history,
            Snippets snippets,
            Executor background,
            Executor fx,
            Executor paced) {
        this.runtime = runtime;
        this.folderOf = folderOf;
        this.settings = settings;
        this.history = history;
        this.background = background;
        this.fx = fx;
        this.render =
                new RenderViewModel(
                        runtime,
                        background,
                        fx,
                        () -> settings.settings().making().metadata(),
                        this::report);
        this.changes = new Latest<>(paced, _ -> appraise());
        this.calibration =
                new CalibrationViewModel(
                        runtime,
                        settings,
                        background,
                        fx,
                        this::report,
                        () -> changes.accept(true));
        this.snippets = new SnippetsViewModel(snippets, background, fx, this::report);
        this.drafts = new DraftsViewModel(runtime, background, fx, this::report, this::finish);
        model.subscribe(calibration::choose);
        model.subscribe(this::inspect);
        List<ObservableValue<? extends Number>> sliders = List.of(aspect, side, length);
        sliders.forEach(slider -> slider.subscribe(_ -> reshape()));
        List<ObservableValue<?>> rest =
                List.of(prompt, negative, firstFrame, steps, guidance, sampler);
        rest.forEach(value -> value.subscribe(_ -> changes.accept(true)));
        var _ =
                CompletableFuture.supplyAsync(history::read, background)
                        .whenComplete(
                                (prompts, failure) -> fx.execute(() -> begin(prompts, failure)));
        var _ =
                runtime.thenApplyAsync(ModelRuntime::generators, background)
                        .whenComplete(
                                (names, failure) -> fx.execute(() -> showModels(names, failure)));
        // What prevents it is told of the models already.
        var _ =
                runtime.thenApplyAsync(GenerateViewModel::clips, background)
                        .thenAcceptAsync(clips -> clips.ifPresent(this::follow), fx);
    }

    /** Names of the models there are; empty until they can be used. */
    public ObservableList<String> models() {
        return models;
    }

    /** The model to use; empty as long as none can be chosen. */
    public ObjectProperty<Optional<String>> modelProperty() {
        return model;
    }

    /** Where the sliders can stand; empty until the model is known. */
    public ReadOnlyObjectProperty<Optional<Stops>> stopsProperty() {
        return stops.getReadOnlyProperty();
    }

    public StringProperty promptProperty() {
        return prompt;
    }

    public StringProperty negativeProperty() {
        return negative;
    }

    /** Index of the stop of the aspect. */
    public IntegerProperty aspectProperty() {
        return aspect;
    }

    /** Index of the stop of the shorter side. */
    public IntegerProperty sideProperty() {
        return side;
    }

    /** Index of the stop of the length. */
    public IntegerProperty lengthProperty() {
        return length;
    }

    /** Steps of the sampler, as typed; blank is as the model was published. */
    public StringProperty stepsProperty() {
        return steps;
    }

    /** Strength of the guidance, as typed; blank is as the model was published. */
    public StringProperty guidanceProperty() {
        return guidance;
    }

    /** The sampler to use; empty until the model is known. */
    public ObjectProperty<Optional<String>> samplerProperty() {
        return sampler;
    }

    /** Seed of the noise, as typed; the one that was used last unless it was changed. */
    public StringProperty seedProperty() {
        return seed;
    }

    /** Whether the next clip has the seed that is shown, rather than a new one. */
    public BooleanProperty seedLockedProperty() {
        return seedLocked;
    }

    /** What the stops come to; empty until the model is known. */
    public ReadOnlyObjectProperty<Optional<ClipForm>> formProperty() {
        return form.getReadOnlyProperty();
    }

    /** What is known of the clip as it is set now; the one before until that is known. */
    public ReadOnlyObjectProperty<Optional<Appraisal>> appraisalProperty() {
        return appraisal.getReadOnlyProperty();
    }

    /** What the clip begins with, where its model begins with a picture and it is still there. */
    public ReadOnlyObjectProperty<Optional<FirstFrame>> firstFrameProperty() {
        return firstFrame.getReadOnlyProperty();
    }

    /** The job of the queue whose settings are on the page, to be changed. */
    public ReadOnlyObjectProperty<Optional<Editing>> editingProperty() {
        return editing.getReadOnlyProperty();
    }

    /** The clip that is being made, or was made last. */
    public RenderViewModel render() {
        return render;
    }

    /** How the machine is measured with the model that is chosen. */
    public CalibrationViewModel calibration() {
        return calibration;
    }

    SnippetsViewModel snippets() {
        return snippets;
    }

    /** Clips that are begun to see what they come to. */
    public DraftsViewModel drafts() {
        return drafts;
    }

    /** What went wrong last and was not dismissed yet. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Brings back the prompt before this one. */
    public void olderPrompt() {
        prompt.set(recall.older(prompt.get()));
    }

    /** Goes on to the prompt after this one. */
    public void newerPrompt() {
        prompt.set(recall.newer(prompt.get()));
    }

    /** Sets everything as it was for a clip, as near as its model's stops are. */
    public void use(GenerationRequest made) {
        again = Optional.of(made);
        begin(made.image());
        prompt.set(made.prompt());
        negative.set(made.negative());
        seed.set(String.valueOf(made.seed()));
        seedLocked.set(true);
        Optional<String> wanted = Optional.of(made.model());
        if (!wanted.equals(model.get())) {
            model.set(wanted);
        } else {
            stops.get().ifPresent(this::offer);
        }
    }

    /** Makes clips with the model of a folder, as it is there now. */
    public void makeWith(Path folder) {
        String name = folder.toString();
        if (!models.contains(name)) {
            models.add(name);
        }
        model.set(Optional.empty());
        model.set(Optional.of(name));
    }

    /** Has the clip begin with a picture, or with the first frame of a video, if it is there. */
    public void beginWith(Path picture) {
        begin(Optional.of(picture));
    }

    /** Has the clip begin as the model likes. */
    void beginWithNothing() {
        begin(Optional.empty());
    }

    private void begin(Optional<Path> picture) {
        wantedFrame = picture;
        firstFrame.set(Optional.empty());
        picture.ifPresent(file -> {
            var _ =
                    CompletableFuture.supplyAsync(() -> FirstFrame.at(file), background)
                            .thenAcceptAsync(this::looked, fx);
        });
    }

    private void looked(FirstFrame found) {
        if (wantedFrame.equals(Optional.of(found.file()))) {
            firstFrame.set(Optional.of(found));
        }
    }

    /** Draws a seed. */
    public void drawSeed() {
        seed.set(String.valueOf(newSeed()));
    }

    private static int newSeed() {
        return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    }

    /** Makes a clip as everything is set now; nothing while one is made, or no model is known. */
    public void generate() {
        if (render.state().busy() || stops.get().isEmpty()) {
            return;
        }
        problem.set(Optional.empty());
        GenerationRequest request;
        try {
            if (!seedLocked.get() || Typed.seed(seed.get()).isEmpty()) {
                drawSeed();
            }
            request = request();
        } catch (ProblemException e) {
            render.fail(e.problem());
            return;
        }
        remember(request.prompt());
        drafts.shownProperty().set(false);
        var results = new Results(settings.results());
        render.begin((models, listener) ->
                models.generate(
                        placed(request, results), RenderViewModel.BETWEEN_PREVIEWS, listener));
    }

    private static GenerationRequest placed(GenerationRequest request, Results results) {
        return request.withOutput(results.free(ClipName.of(request)));
    }

    /** Begins clips of all seeds as everything is set now, to see what they come to. */
    public void draft() {
        if (stops.get().isEmpty()) {
            return;
        }
        problem.set(Optional.empty());
        try {
            GenerationRequest request = request();
            boolean kept = seedLocked.get() && Typed.seed(seed.get()).isPresent();
            remember(request.prompt());
            draft(request, kept ? Optional.of(request.seed()) : Optional.empty());
        } catch (ProblemException e) {
            report(e.problem());
        }
    }

    /** Begins clips as the finished one is but for their seeds; nothing while there is none. */
    public void vary() {
        render.finishedProperty().get().ifPresent(made -> draft(made, Optional.empty()));
    }

    private void draft(GenerationRequest like, Optional<Long> first) {
        int count = drafts.countProperty().get();
        List<Long> seeds =
                Stream.concat(
                                first.stream(),
                                Stream.generate(() -> (long) newSeed())
                                        .filter(one -> one != like.seed()))
                        .distinct()
                        .limit(count)
                        .toList();
        var results = new Results(settings.results());
        drafts.begin(() -> seeds.stream().map(one -> placed(like.withSeed(one), results)).toList());
    }

    /** Goes on with a draft; until there is more of it, it is what the page shows. */
    private void finish(Draft draft) {
        render.begin((models, listener) -> {
            models.ledger().orElseThrow().resume(List.of(draft.job()));
            return models.watch(draft.job(), RenderViewModel.BETWEEN_PREVIEWS, listener);
        });
        draft.plan()
                .ifPresent(plan ->
                        draft.lookProperty().get().ifPresent(look -> render.show(look, plan)));
    }

    /** Shows what the engine makes already, or made last, and the drafts that it keeps. */
    private void follow(List<QueuedJob> clips) {
        drafts.restore(clips.stream().filter(GenerateViewModel::isOpenDraft).toList());
        Optional<QueuedJob> running =
                clips.stream()
                        .filter(job -> job.status() == Status.RUNNING)
                        .filter(job -> job.pauseAfter().isEmpty())
                        .findFirst();
        Optional<QueuedJob> last =
                clips.stream()
                        .filter(job -> job.status() == Status.SUCCEEDED)
                        .max(Comparator.comparing(job -> job.ended().orElse(Instant.MIN)));
        if (render.isIdle()) {
            running.or(() -> last)
                    .ifPresent(job ->
                            render.follow(
                                    job.status(),
                                    (models, listener) ->
                                            models.watch(
                                                    job.id(),
                                                    RenderViewModel.BETWEEN_PREVIEWS,
                                                    listener)));
            drafts.shownProperty().set(running.isEmpty() && !drafts.drafts().isEmpty());
        }
    }

    private static boolean isOpenDraft(QueuedJob job) {
        return job.pauseAfter().isPresent() && !job.status().isEnd();
    }

    /** Clips that are still there, are made or are to come; none where no queue keeps them. */
    private static Optional<List<QueuedJob>> clips(ModelRuntime models) {
        return models.ledger()
                .map(ledger ->
                        ledger.jobs().stream()
                                .filter(job ->
                                        job.request() instanceof GenerationRequest r
                                                && (job.status() != Status.SUCCEEDED
                                                        || Files.exists(r.output())))
                                .toList());
    }

    /** Puts the settings of a job of the queue on the page, to be changed. */
    public void edit(String job, GenerationRequest request) {
        if (editing.get().isEmpty()) {
            before = asSet();
        }
        editing.set(Optional.of(new Editing(job, request)));
        use(request);
    }

    /** Has the job that is edited be as everything is set now; it keeps its place. */
    public void saveChanges() {
        if (editing.get().isEmpty() || stops.get().isEmpty()) {
            return;
        }
        Editing edited = editing.get().get();
        problem.set(Optional.empty());
        try {
            if (Typed.seed(seed.get()).isEmpty()) {
                drawSeed();
            }
            GenerationRequest page = request();
            remember(page.prompt());
            var _ =
                    runtime.thenAcceptAsync(
                                    models -> change(models.ledger().orElseThrow(), edited, page),
                                    background)
                            .whenComplete((_, failure) -> fx.execute(() -> changed(failure)));
        } catch (ProblemException e) {
            report(e.problem());
        }
    }

    private static void change(JobLedger ledger, Editing edited, GenerationRequest page) {
        GenerationRequest wanted = edited.changedTo(page);
        ledger.edit(edited.job(), wanted);
        boolean taken =
                ledger.jobs().stream()
                        .anyMatch(job ->
                                job.id().equals(edited.job()) && job.request().equals(wanted));
        if (!taken) {
            throw new Impossible.ClipBegun().asException();
        }
    }

    private void changed(@Nullable Throwable failure) {
        if (failure == null) {
            leaveChanges();
        } else {
            report(Failures.explained(failure));
        }
    }

    /** Leaves the job that is edited as it was, and puts back what was on the page before. */
    public void leaveChanges() {
        if (editing.get().isEmpty()) {
            return;
        }
        editing.set(Optional.empty());
        before.ifPresent(was -> {
            use(was.request);
            seed.set(was.seed);
            seedLocked.set(was.seedLocked);
        });
        before = Optional.empty();
    }

    /** The page as it is; empty while a number on it is none. */
    private Optional<Before> asSet() {
        try {
            return stops.get().map(_ -> new Before(request(), seed.get(), seedLocked.get()));
        } catch (ProblemException mistyped) {
            return Optional.empty();
        }
    }

    private void report(Problem arisen) {
        problem.set(Optional.of(arisen));
    }

    /** Takes the problem off the page. */
    public void dismissProblem() {
        problem.set(Optional.empty());
    }

    /** What runs goes on without this window, or ends with the runtime. */
    @Override
    public void close() {
        render.close();
        calibration.close();
    }

    private void begin(@Nullable List<String> prompts, @Nullable Throwable failure) {
        if (prompts == null) {
            report(Failures.explained(failure));
            return;
        }
        recall.remember(prompts);
        if (prompt.get().isEmpty()) {
            prompt.set(prompts.isEmpty() ? EXAMPLE : prompts.getLast());
        }
    }

    private void remember(String made) {
        if (made.isBlank()) {
            return;
        }
        recall.add(made);
        var _ =
                CompletableFuture.runAsync(() -> history.add(made), background)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                fx.execute(() -> report(Failures.explained(failure)));
                            }
                        });
    }

    private void showModels(@Nullable List<String> names, @Nullable Throwable failure) {
        if (names == null) {
            report(Failures.explained(failure));
            return;
        }
        List<String> offered = new ArrayList<>(names);
        // The folder of a training is not among those that are installed.
        model.get()
                .filter(name -> !names.contains(name) && Path.of(name).isAbsolute())
                .ifPresent(offered::add);
        models.setAll(offered);
        if (model.get().isEmpty()) {
            model.set(names.stream().findFirst());
        }
    }

    private void inspect(Optional<String> chosen) {
        stops.set(Optional.empty());
        form.set(Optional.empty());
        appraisal.set(Optional.empty());
        chosen.ifPresent(name -> {
            var _ =
                    runtime.thenApplyAsync(
                                    models -> models.inspect(folderOf.apply(name)), background)
                            .whenComplete((found, failure) ->
                                    fx.execute(() -> inspected(name, found, failure)));
        });
    }

    private void inspected(String name, @Nullable Inspection found, @Nullable Throwable failure) {
        if (!model.get().equals(Optional.of(name))) {
            return;
        }
        if (found == null) {
            report(Failures.explained(failure));
            return;
        }
        found.abilities().map(Stops::of).ifPresent(this::offer);
    }

    /** A model begins as it was trained, or as it was for the clip whose settings are wanted. */
    private void offer(Stops offered) {
        Optional<GenerationRequest> made =
                again.filter(one -> model.get().filter(one.model()::equals).isPresent());
        again = Optional.empty();
        steps.set(made.flatMap(one -> text(one.steps())).orElse(""));
        guidance.set(made.flatMap(one -> text(one.guidance())).orElse(""));
        sampler.set(
                made.flatMap(GenerationRequest::sampler)
                        .or(() -> Optional.of(offered.model().sampler())));
        aspect.set(
                made.flatMap(GenerationRequest::aspect)
                        .map(offered::nearest)
                        .orElseGet(offered::trainedAspect));
        side.set(
                made.map(GenerationRequest::resolution)
                        .filter(OptionalInt::isPresent)
                        .map(one -> offered.nearest(one.getAsInt()))
                        .orElseGet(offered::trainedSide));
        length.set(
                made.flatMap(GenerationRequest::length)
                        .map(offered::nearest)
                        .orElseGet(offered::trainedLength));
        stops.set(Optional.of(offered));
        reshape();
    }

    private static Optional<String> text(OptionalInt number) {
        return number.isPresent()
                ? Optional.of(String.valueOf(number.getAsInt()))
                : Optional.empty();
    }

    private static Optional<String> text(OptionalDouble number) {
        return number.isPresent()
                ? Optional.of(String.valueOf(number.getAsDouble()))
                : Optional.empty();
    }

    private void reshape() {
        form.set(stops.get().map(s -> s.form(aspect.get(), side.get(), length.get())));
        changes.accept(true);
    }

    /** Asks what the clip would take, once at a time; of what changed meanwhile the newest. */
    private void appraise() {
        if (stops.get().isEmpty()) {
            return;
        }
        if (appraising) {
            changedSince = true;
            return;
        }
        GenerationRequest request;
        try {
            request = request();
        } catch (ProblemException mistyped) {
            // It is explained when a clip is asked for.
            appraisal.set(Optional.empty());
            return;
        }
        appraising = true;
        var _ =
                runtime.thenApplyAsync(
                                models ->
                                        new Appraisal(
                                                models.plan(request), models.estimate(request)),
                                background)
                        .whenComplete((known, failure) ->
                                fx.execute(() -> appraised(request.model(), known)));
    }

    private void appraised(String name, @Nullable Appraisal known) {
        appraising = false;
        if (changedSince) {
            changedSince = false;
            appraise();
        }
        if (model.get().equals(Optional.of(name))) {
            // What cannot be made is explained when it is asked for.
            appraisal.set(Optional.ofNullable(known));
            appraisal.get().ifPresent(one -> calibration.consider(name, one.estimate()));
        }
    }

    /**
     * Everything as it is set now, with a place that the clip does not get.
     *
     * @throws ProblemException for what was typed and is no number
     */
    private GenerationRequest request() {
        Stops offered = stops.get().orElseThrow();
        boolean text = offered.model().prompting() instanceof Prompting.ByText;
        OptionalLong chosenSeed = Typed.seed(seed.get());
        return new GenerationRequest(
                offered.model().prompting() instanceof Prompting.Nothing ? "" : prompt.get(),
                text ? negative.get() : "",
                offered.model().firstFrame()
                        ? firstFrame.get().filter(FirstFrame::isThere).map(FirstFrame::file)
                        : Optional.empty(),
                model.get().orElseThrow(),
                Optional.of(offered.aspects().get(aspect.get())),
                OptionalInt.of(offered.sides().get(side.get())),
                Optional.of(new ClipLength.Frames(offered.lengths().get(length.get()))),
                OptionalDouble.empty(),
                Typed.steps(steps.get()),
                offered.model().prompting() instanceof Prompting.Nothing
                        ? OptionalDouble.empty()
                        : Typed.guidance(guidance.get()),
                sampler.get(),
                chosenSeed.orElse(0),
                settings.results().resolve("clip.mp4"),
                settings.settings().making().precision(),
                settings.settings().making().metadata());
    }
}
