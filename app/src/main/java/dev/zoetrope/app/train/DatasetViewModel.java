package dev.zoetrope.app.train;

import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipFile;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;

/**
 * What the chosen data set holds, by the readers that trainings have. Every method is called on the
 * JavaFX thread and returns at once; every property changes on that thread.
 */
public final class DatasetViewModel implements AutoCloseable {
    /** Files that are looked into; those of a larger folder take a disk for minutes. */
    private static final int MOST_LOOKS = 2000;

    /** Clips of a source without end. */
    private static final int MADE_UP = 60;

    /** A caption does not depend on the size of its clip. */
    private static final ClipShape LEAST = new ClipShape(1, 1, 1);

    /** Which of the examples are shown. */
    public enum Selection {
        ALL,
        UNCAPTIONED,
        LEFT_OUT
    }

    private final ObservableValue<String> dataset;
    private final Executor background;
    private final Executor fx;
    private final Executor paced;

    private final ReadOnlyObjectWrapper<Contents> contents =
            new ReadOnlyObjectWrapper<>(this, "contents", new Contents.Unknown());
    private final ObjectProperty<Selection> selection =
            new SimpleObjectProperty<>(this, "selection", Selection.ALL);
    private final ReadOnlyObjectWrapper<List<Example>> shown =
            new ReadOnlyObjectWrapper<>(this, "shown", List.of());
    private final Map<Example, Sight> sights = new HashMap<>();
    private Optional<Reading> reading = Optional.empty();
    private boolean open;

    /**
     * @param dataset name of an installed source, a folder or a list of clips; null while nothing
     *     is chosen
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     * @param paced runs on the JavaFX thread a moment later: as often as counts are shown
     */
    DatasetViewModel(
            ObservableValue<String> dataset, Executor background, Executor fx, Executor paced) {
        this.dataset = dataset;
        this.background = background;
        this.fx = fx;
        this.paced = paced;
        selection.subscribe(_ -> select());
        contents.subscribe(_ -> select());
    }

    /** Reads what is chosen, now and whenever something else is; before, nothing is read. */
    public void open() {
        if (!open) {
            open = true;
            dataset.subscribe(_ -> read());
        }
    }

    /** Reads it once more, since files come and captions are written. */
    public void reload() {
        read();
    }

    public ReadOnlyObjectProperty<Contents> contentsProperty() {
        return contents.getReadOnlyProperty();
    }

    public ObjectProperty<Selection> selectionProperty() {
        return selection;
    }

    /** Those of the examples that are selected. */
    public ReadOnlyObjectProperty<List<Example>> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** What is known of an example's file; changes with {@link #contentsProperty}. */
    public Optional<Sight> sight(Example example) {
        return Optional.ofNullable(sights.get(example));
    }

    @Override
    public void close() {
        reading.ifPresent(one -> one.stop.request());
        reading = Optional.empty();
    }

    private void read() {
        close();
        sights.clear();
        selection.set(Selection.ALL);
        String name = dataset.getValue();
        if (name == null) {
            contents.set(new Contents.Unknown());
            return;
        }
        contents.set(new Contents.Reading());
        var begun = new Reading();
        reading = Optional.of(begun);
        var _ =
                CompletableFuture.runAsync(() -> begun.run(name), background)
                        .whenComplete((_, failure) -> fx.execute(() -> begun.ended(failure)));
    }

    private void select() {
        List<? extends Example> all =
                switch (contents.get()) {
                    case Contents.Files files -> files.examples();
                    case Contents.MadeUp(var examples) -> examples;
                    case Contents.Unknown _, Contents.Reading _, Contents.Unusable _ -> List.of();
                };
        shown.set(
                switch (selection.get()) {
                    // Not copied, however many there are.
                    case ALL -> List.copyOf(all);
                    case UNCAPTIONED ->
                            List.copyOf(
                                    all.stream()
                                            .filter(one -> one.caption().isEmpty())
                                            .filter(one -> !isLeftOut(one))
                                            .toList());
                    case LEFT_OUT -> List.copyOf(all.stream().filter(this::isLeftOut).toList());
                });
    }

    private boolean isLeftOut(Example example) {
        return sights.get(example) instanceof Sight.LeftOut;
    }

    private static Sight look(ClipFile clip) {
        try {
            ClipInfo info = clip.info();
            return info.frames() <= 1
                    ? new Sight.Picture()
                    : new Sight.Video(Duration.of(info.durationMicros(), ChronoUnit.MICROS));
        } catch (ProblemException e) {
            return new Sight.LeftOut(e.problem());
        }
    }

    /** One data set on its way, on a thread of its own. */
    private final class Reading {
        private final Cancellation stop = new Cancellation();
        private final Batches<Seen> looks = new Batches<>(paced, this::seen);

        private record Seen(Example.OfFile file, Sight sight) {}

        void run(String name) {
            for (ClipSource source : ClipSource.installed()) {
                if (source.name().equals(name)) {
                    List<Example.MadeUp> first =
                            LongStream.range(0, MADE_UP)
                                    .mapToObj(index -> madeUp(source, index))
                                    .toList();
                    fx.execute(() -> listed(new Contents.MadeUp(first)));
                    return;
                }
            }
            List<Example.OfFile> files =
                    ClipFile.in(Path.of(name), stop).stream().map(this::ofFile).toList();
            fx.execute(() -> listed(Contents.Files.of(files)));
            for (Example.OfFile file : files.subList(0, Math.min(MOST_LOOKS, files.size()))) {
                stop.check();
                looks.accept(new Seen(file, look(file.clip())));
            }
        }

        private Example.MadeUp madeUp(ClipSource source, long index) {
            stop.check();
            return new Example.MadeUp(source, index, source.clip(index, LEAST).caption());
        }

        private Example.OfFile ofFile(ClipFile clip) {
            stop.check();
            try {
                return new Example.OfFile(clip, Files.getLastModifiedTime(clip.file()).toInstant());
            } catch (IOException e) {
                // The look into it will tell.
                return new Example.OfFile(clip, Instant.EPOCH);
            }
        }

        private boolean isWanted() {
            return reading.equals(Optional.of(this));
        }

        private void listed(Contents found) {
            if (isWanted()) {
                contents.set(found);
            }
        }

        private void seen(List<Seen> batch) {
            if (isWanted() && contents.get() instanceof Contents.Files files) {
                Contents.Files counted = files;
                for (Seen one : batch) {
                    sights.put(one.file, one.sight);
                    counted = counted.with(one.file, one.sight);
                }
                contents.set(counted);
            }
        }

        private void ended(@Nullable Throwable failure) {
            boolean givenUp =
                    failure instanceof CompletionException
                            && failure.getCause() instanceof CancelledException;
            if (failure != null && !givenUp && isWanted()) {
                contents.set(new Contents.Unusable(Failures.explained(failure)));
            }
        }
    }
}
