package dev.zoetrope.app.settings;

import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.device.Equipment;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The settings as they change. Every method is called on the JavaFX thread and returns at once;
 * every property changes on that thread.
 */
public final class SettingsViewModel {
    private static final int SECONDS_TO_MAKE_WAY = 4;

    private final SettingsStore store;
    private final Folders folders;
    private final CompletableFuture<ModelRuntime> runtime;
    private final Executor background;
    private final Executor fx;

    private final ReadOnlyObjectWrapper<Settings> settings;
    private final ReadOnlyObjectWrapper<Optional<Equipment>> equipment =
            new ReadOnlyObjectWrapper<>(this, "equipment", Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private boolean asked;

    /**
     * Where things are kept.
     *
     * @param results where clips go while nothing else is chosen
     * @param models where the installed ones are
     */
    public record Folders(Path results, Path models) {}

    /**
     * @param runtime completes when the models can be used
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     */
    public SettingsViewModel(
            SettingsStore store,
            Folders folders,
            CompletableFuture<ModelRuntime> runtime,
            Executor background,
            Executor fx) {
        this.store = store;
        this.folders = folders;
        this.runtime = runtime;
        this.background = background;
        this.fx = fx;
        settings = new ReadOnlyObjectWrapper<>(this, "settings", store.settings());
    }

    public Settings settings() {
        return settings.get();
    }

    public ReadOnlyObjectProperty<Settings> settingsProperty() {
        return settings.getReadOnlyProperty();
    }

    /** Changes the settings now and their file soon. */
    public void change(UnaryOperator<Settings> change) {
        store.update(change);
        settings.set(store.settings());
    }

    /** Where clips go that were not given a place. */
    public Path results() {
        return settings().making().results().orElse(folders.results());
    }

    /** Where the installed models are. */
    public Path models() {
        return folders.models();
    }

    /** What there is to compute with; empty until it was asked for and the engine has said it. */
    public ReadOnlyObjectProperty<Optional<Equipment>> equipmentProperty() {
        return equipment.getReadOnlyProperty();
    }

    /** What kept the equipment from being told. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Takes the problem off the page. */
    public void dismissProblem() {
        problem.set(Optional.empty());
    }

    /** Finds out what there is to compute with, once: it takes an engine a second or two. */
    public void askForEquipment() {
        if (!asked) {
            asked = true;
            askForEquipment(background);
        }
    }

    /** Finds it out again, once the engine has made way for one that computes otherwise. */
    public void askAgain() {
        asked = true;
        askForEquipment(
                CompletableFuture.delayedExecutor(
                        SECONDS_TO_MAKE_WAY, TimeUnit.SECONDS, background));
    }

    private void askForEquipment(Executor when) {
        var _ =
                runtime.thenApplyAsync(ModelRuntime::equipment, when)
                        .whenComplete((found, failure) ->
                                fx.execute(() -> showEquipment(found, failure)));
    }

    private void showEquipment(@Nullable Equipment found, @Nullable Throwable failure) {
        if (found == null) {
            problem.set(Optional.of(Failures.explained(failure)));
            asked = false;
        } else {
            equipment.set(Optional.of(found));
        }
    }
}
