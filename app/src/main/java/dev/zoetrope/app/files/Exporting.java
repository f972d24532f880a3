package dev.zoetrope.app.files;

import dev.zoetrope.app.fx.Latest;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.problem.Problem;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The export that a page does, one at a time. Of the JavaFX thread but for the writing; what of an
 * earlier one is still told is ignored.
 */
public final class Exporting {
    /** How far it is. */
    public sealed interface State {
        /** Nothing was exported since the page shows what it shows. */
        record None() implements State {}

        /**
         * A file is being written.
         *
         * @param fraction how much of it is, 0 to 1
         */
        record Writing(Path target, double fraction) implements State {}

        /** The file is there. */
        record Written(Path target) implements State {}
    }

    private final ReadOnlyObjectWrapper<State> state =
            new ReadOnlyObjectWrapper<>(this, "state", new State.None());
    private final Executor background;
    private final Executor fx;
    private final BooleanSupplier metadata;
    private final Consumer<Problem> report;
    private Cancellation cancellation = new Cancellation();

    /**
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param metadata whether files are to say how they were made, asked on the JavaFX thread
     * @param report is told what went wrong, on the JavaFX thread
     */
    public Exporting(
            Executor background, Executor fx, BooleanSupplier metadata, Consumer<Problem> report) {
        this.background = background;
        this.fx = fx;
        this.metadata = metadata;
        this.report = report;
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /**
     * Writes a clip to one more place, in the format that the extension names.
     *
     * @param part the frames to write; all of them when empty
     */
    public void begin(Path clip, Optional<FrameRange> part, Path target) {
        cancellation.request();
        var current = new Cancellation();
        cancellation = current;
        state.set(new State.Writing(target, 0));
        var news =
                new Latest<Double>(
                        fx,
                        fraction -> {
                            if (current == cancellation && state.get() instanceof State.Writing) {
                                state.set(new State.Writing(target, fraction));
                            }
                        });
        boolean told = metadata.getAsBoolean();
        var _ =
                CompletableFuture.runAsync(
                                () ->
                                        ClipExport.write(
                                                clip, part, target, told, news::accept, current),
                                background)
                        .whenComplete(
                                (_, failure) -> fx.execute(() -> ended(target, failure, current)));
    }

    /** Stops what is being written; no file appears. */
    public void cancel() {
        cancellation.request();
    }

    /** The page shows something else now. */
    public void forget() {
        if (state.get() instanceof State.Written) {
            state.set(new State.None());
        }
    }

    private void ended(Path target, @Nullable Throwable failure, Cancellation ended) {
        if (ended != cancellation) {
            return;
        }
        if (failure == null) {
            state.set(new State.Written(target));
            return;
        }
        state.set(new State.None());
        if (!ended.isRequested()) {
            report.accept(Failures.explained(failure));
        }
    }
}
