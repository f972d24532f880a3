package dev.zoetrope.app.settings;

import dev.zoetrope.app.fx.Latest;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.gpu.GpuSupport;
import dev.zoetrope.runtime.gpu.LibraryProgress;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.problem.ProblemException;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Whether models can compute on this machine's GPU, and bringing what that takes, once a person has
 * agreed to it. Every method is called on the JavaFX thread and returns at once; every property
 * changes on that thread.
 */
public final class GpuViewModel {
    private static final double NANOS = 1e9;

    private final GpuSupport support;
    private final Supplier<URI> repository;
    private final Runnable changed;
    private final Executor background;
    private final Executor fx;
    private final Executor paced;
    private final ReadOnlyObjectWrapper<GpuStep> step =
            new ReadOnlyObjectWrapper<>(this, "step", new GpuStep.Unknown());
    private Cancellation stop = new Cancellation();

    /**
     * @param repository where the libraries come from; throws where something else is named
     * @param changed called after models compute on something else
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param paced likewise, as often as something can be read
     */
    public GpuViewModel(
            GpuSupport support,
            Supplier<URI> repository,
            Runnable changed,
            Executor background,
            Executor fx,
            Executor paced) {
        this.support = support;
        this.repository = repository;
        this.changed = changed;
        this.background = background;
        this.fx = fx;
        this.paced = paced;
    }

    public ReadOnlyObjectProperty<GpuStep> stepProperty() {
        return step.getReadOnlyProperty();
    }

    /** Asks the driver, unless something is going on. */
    public void look() {
        if (step.get() instanceof GpuStep.Unknown || step.get() instanceof GpuStep.Found) {
            find();
        }
    }

    private void find() {
        var _ =
                CompletableFuture.supplyAsync(support::state, background)
                        .thenAcceptAsync(state -> step.set(new GpuStep.Found(state)), fx);
    }

    /** Shows what would be downloaded. */
    public void ask() {
        if (!(step.get().known().orElse(null) instanceof GpuState.Missing missing)) {
            return;
        }
        try {
            step.set(new GpuStep.Asked(missing, repository.get()));
        } catch (ProblemException e) {
            step.set(new GpuStep.Failed(missing, e.problem()));
        }
    }

    /** Leaves it. */
    public void decline() {
        if (step.get() instanceof GpuStep.Asked(var missing, _)) {
            step.set(new GpuStep.Found(missing));
        }
    }

    /** Agrees to what is shown, and begins. */
    public void accept() {
        if (!(step.get() instanceof GpuStep.Asked(var missing, var repository))) {
            return;
        }
        stop = new Cancellation();
        Cancellation mine = stop;
        var start = new LibraryProgress(missing.came(), missing.came() + missing.left(), "", false);
        step.set(new GpuStep.Bringing(missing, start, 0));
        long began = System.nanoTime();
        var news =
                new Latest<LibraryProgress>(
                        paced, now -> advance(missing, now, (System.nanoTime() - began) / NANOS));
        var _ =
                CompletableFuture.runAsync(() -> support.bring(repository, news, mine), background)
                        .whenCompleteAsync((_, failure) -> ended(failure), fx);
    }

    private void advance(GpuState.Missing missing, LibraryProgress now, double seconds) {
        if (step.get() instanceof GpuStep.Bringing) {
            double rate = (now.came() - missing.came()) / seconds;
            step.set(new GpuStep.Bringing(missing, now, rate));
        }
    }

    /** Stops the download; what came is kept. */
    public void stop() {
        stop.request();
    }

    /** Deletes the libraries. */
    public void remove() {
        step.get().known().ifPresent(before -> step.set(new GpuStep.Removing(before)));
        var _ =
                CompletableFuture.runAsync(support::remove, background)
                        .whenCompleteAsync((_, failure) -> ended(failure), fx);
    }

    private void ended(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (failure != null && !(cause instanceof CancelledException)) {
            var why = Failures.explained(failure);
            var _ =
                    CompletableFuture.supplyAsync(support::state, background)
                            .thenAcceptAsync(state -> step.set(new GpuStep.Failed(state, why)), fx);
            return;
        }
        find();
        if (failure == null) {
            changed.run();
        }
    }

    /** Stops what is going on. */
    public void close() {
        stop.request();
    }
}
