package dev.zoetrope.app.models;

import dev.zoetrope.app.fx.Latest;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.device.Memory;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * The installed models, and one that is being imported. Every method is called on the JavaFX thread
 * and returns at once; every property changes on that thread.
 */
public final class ModelsViewModel {
    private final CompletableFuture<ModelRuntime> runtime;
    private final CheckpointStore store;
    private final Runnable changed;
    private final Executor background;
    private final Executor fx;

    private final ObservableList<InstalledModel> models = FXCollections.observableArrayList();
    private final ReadOnlyBooleanWrapper listed = new ReadOnlyBooleanWrapper(this, "listed", false);
    private final ReadOnlyObjectWrapper<Importing> importing =
            new ReadOnlyObjectWrapper<>(this, "importing", new Importing.Idle());
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private Cancellation stop = new Cancellation();

    /**
     * @param runtime completes when the models can be used, or with the {@link ProblemException}
     *     that prevents it
     * @param changed is told that a model has come or gone
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     */
    public ModelsViewModel(
            CompletableFuture<ModelRuntime> runtime,
            CheckpointStore store,
            Runnable changed,
            Executor background,
            Executor fx) {
        this.runtime = runtime;
        this.store = store;
        this.changed = changed;
        this.background = background;
        this.fx = fx;
    }

    /** Those that came with Zoetrope first. */
    public ObservableList<InstalledModel> models() {
        return models;
    }

    /** Whether {@link #models} has been filled. */
    public ReadOnlyBooleanProperty listedProperty() {
        return listed.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<Importing> importingProperty() {
        return importing.getReadOnlyProperty();
    }

    /** What went wrong last and was not dismissed yet. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Whether a model is being imported. */
    public boolean busy() {
        return switch (importing.get()) {
            case Importing.Checking _, Importing.Copying _ -> true;
            case Importing.Idle _, Importing.Done _ -> false;
        };
    }

    /** Looks at what is installed; what came with Zoetrope stays packed until it is used. */
    public void list() {
        var _ =
                runtime.thenApplyAsync(
                                known ->
                                        store.names().stream()
                                                .map(name -> look(name, known))
                                                .toList(),
                                background)
                        .whenComplete((found, failure) -> fx.execute(() -> show(found, failure)));
    }

    /** Copies a model folder or a weight file to the installed models, once it is known whole. */
    public void importFrom(Path place) {
        if (busy()) {
            return;
        }
        problem.set(Optional.empty());
        var cancellation = new Cancellation();
        stop = cancellation;
        importing.set(new Importing.Checking(place));
        var progress = new Latest<Importing>(fx, this::advance);
        var _ =
                runtime.thenApplyAsync(
                                known -> install(place, known, progress, cancellation), background)
                        .whenComplete((name, failure) -> fx.execute(() -> ended(name, failure)));
    }

    /** Gives the import up; nothing of it stays. */
    public void cancel() {
        stop.request();
    }

    /** Deletes a model that was imported. */
    public void remove(String name) {
        problem.set(Optional.empty());
        var _ =
                CompletableFuture.runAsync(() -> store.remove(name), background)
                        .whenComplete((_, failure) -> fx.execute(() -> removed(name, failure)));
    }

    /** Takes the problem off the page. */
    public void dismissProblem() {
        problem.set(Optional.empty());
    }

    private String install(
            Path place, ModelRuntime known, Latest<Importing> progress, Cancellation cancellation) {
        Inspection found = known.inspect(place);
        cancellation.check();
        String name = store.freeName(place);
        progress.accept(new Importing.Copying(name, 0));
        store.install(
                name,
                found,
                fraction -> progress.accept(new Importing.Copying(name, fraction)),
                cancellation);
        return name;
    }

    private void advance(Importing step) {
        if (busy()) {
            importing.set(step);
        }
    }

    private void ended(@Nullable String name, @Nullable Throwable failure) {
        if (name != null) {
            importing.set(new Importing.Done(name));
            list();
            changed.run();
            return;
        }
        importing.set(new Importing.Idle());
        boolean givenUp =
                failure instanceof CompletionException
                        && failure.getCause() instanceof CancelledException;
        if (!givenUp) {
            problem.set(Optional.of(Failures.explained(failure)));
        }
    }

    private void removed(String name, @Nullable Throwable failure) {
        if (failure != null) {
            problem.set(Optional.of(Failures.explained(failure)));
            return;
        }
        models.removeIf(model -> model.name().equals(name));
        if (importing.get() instanceof Importing.Done) {
            importing.set(new Importing.Idle());
        }
        changed.run();
    }

    private void show(@Nullable List<InstalledModel> found, @Nullable Throwable failure) {
        if (found == null) {
            problem.set(Optional.of(Failures.explained(failure)));
        } else {
            models.setAll(found);
            listed.set(true);
        }
    }

    private InstalledModel look(String name, ModelRuntime known) {
        InstalledModel.Condition condition;
        Optional<String> licence = store.licence(name);
        try {
            Path place = store.outline(name);
            Inspection content = known.inspect(place);
            Optional<ModelAbilities> abilities = content.abilities();
            licence = licence.or(() -> abilities.flatMap(ModelAbilities::licence));
            condition =
                    new InstalledModel.Condition.Usable(
                            content, abilities.flatMap(able -> fit(place, able, known)));
        } catch (ProblemException e) {
            condition = new InstalledModel.Condition.Damaged(e.problem());
        }
        return new InstalledModel(
                name, store.kind(name).isEmpty(), store.bytes(name), licence, condition);
    }

    /** By an estimate of a clip of the size that the model was trained on. */
    private Optional<InstalledModel.Fit> fit(Path place, ModelAbilities able, ModelRuntime known) {
        try {
            double needed = known.estimate(usual(place, able)).memory().high();
            return Optional.of(new InstalledModel.Fit(needed, Memory.totalBytes()));
        } catch (ProblemException unknown) {
            // What is wrong with a clip of this model is told where clips are made.
            return Optional.empty();
        }
    }

    private static GenerationRequest usual(Path model, ModelAbilities able) {
        return GenerationRequest.usual(
                able.prompting() instanceof Prompting.ByClass ? "0" : "",
                model.toString(),
                0,
                Path.of("clip.mp4"),
                Optional.empty());
    }
}
