package dev.zoetrope.app.queue;

import static java.util.stream.Collectors.toCollection;

import com.google.common.collect.Comparators;

import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.app.problem.Failures;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The queue as its panel shows it. Of the JavaFX thread; whatever asks the engine is not. */
public final class QueueViewModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueViewModel.class);

    /** What the ledger tells. */
    private sealed interface News {
        record Changed(QueuedJob job) implements News {}

        record Removed(String job) implements News {}
    }

    private final CompletableFuture<Optional<JobLedger>> ledger;
    private final Function<GenerationRequest, Forecast> foresee;
    private final Executor background;
    private final Executor fx;
    private final InstantSource clock;
    private final Map<String, JobRow> known = new HashMap<>();

    /** By what of a clip they depend on; empty until the answer has come. */
    private final Map<List<Object>, Optional<Forecast>> forecasts = new HashMap<>();

    private final ObservableList<JobRow> rows = FXCollections.observableArrayList();
    private final ReadOnlyIntegerWrapper open = new ReadOnlyIntegerWrapper(this, "open", 0);
    private final ReadOnlyObjectWrapper<Optional<Duration>> left =
            new ReadOnlyObjectWrapper<>(this, "left", Optional.empty());
    private final ReadOnlyIntegerWrapper succeeded =
            new ReadOnlyIntegerWrapper(this, "succeeded", 0);
    private final ReadOnlyBooleanWrapper pausable =
            new ReadOnlyBooleanWrapper(this, "pausable", false);
    private final ReadOnlyBooleanWrapper resumable =
            new ReadOnlyBooleanWrapper(this, "resumable", false);
    private final ReadOnlyObjectWrapper<Optional<Problem>> problem =
            new ReadOnlyObjectWrapper<>(this, "problem", Optional.empty());
    private final CompletableFuture<Optional<JobLedger.Subscription>> following;

    /**
     * A queue that nothing is known of yet.
     *
     * @param ledger completes when the queue can be asked, empty where there is none
     * @param foresee says what a clip is expected to take; may take a while
     * @param background runs what may take a while
     * @param fx runs later on the JavaFX thread, in order
     */
    public QueueViewModel(
            CompletableFuture<Optional<JobLedger>> ledger,
            Function<GenerationRequest, Forecast> foresee,
            Executor background,
            Executor fx,
            InstantSource clock) {
        this.ledger = ledger;
        this.foresee = foresee;
        this.background = background;
        this.fx = fx;
        this.clock = clock;
        var news = new Batches<News>(fx, this::take);
        following =
                ledger.thenApplyAsync(
                        queue -> queue.map(some -> some.follow(new Hearing(news))), background);
    }

    private record Hearing(Batches<News> news) implements JobLedger.Listener {
        @Override
        public void onChanged(QueuedJob job) {
            news.accept(new News.Changed(job));
        }

        @Override
        public void onRemoved(String job) {
            news.accept(new News.Removed(job));
        }
    }

    /** All jobs: what runs, what is to come in its order, what ended, the newest first. */
    public ObservableList<JobRow> rows() {
        return rows;
    }

    /** How many jobs run or have a turn to come, of those that give way to no other. */
    public ReadOnlyIntegerProperty openProperty() {
        return open.getReadOnlyProperty();
    }

    /** What those take together; empty while that is not known of each of them. */
    ReadOnlyObjectProperty<Optional<Duration>> leftProperty() {
        return left.getReadOnlyProperty();
    }

    /** How many have ended well; more, each time that something new was made. */
    public ReadOnlyIntegerProperty succeededProperty() {
        return succeeded.getReadOnlyProperty();
    }

    /** Whether there is something to pause. */
    ReadOnlyBooleanProperty pausableProperty() {
        return pausable.getReadOnlyProperty();
    }

    /** Whether something is paused. */
    ReadOnlyBooleanProperty resumableProperty() {
        return resumable.getReadOnlyProperty();
    }

    /** What went wrong last and was not dismissed yet. */
    public ReadOnlyObjectProperty<Optional<Problem>> problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** The person has read it. */
    public void dismissProblem() {
        problem.set(Optional.empty());
    }

    void pause(List<JobRow> which) {
        command(which, JobRow::canPause, JobLedger::pause);
    }

    void resume(List<JobRow> which) {
        command(which, JobRow::canResume, JobLedger::resume);
    }

    void stop(List<JobRow> which) {
        command(which, JobRow::canStop, JobLedger::stop);
    }

    void finishEarly(List<JobRow> which) {
        command(which, JobRow::canFinishEarly, JobLedger::finishEarly);
    }

    void remove(List<JobRow> which) {
        command(which, _ -> true, JobLedger::remove);
    }

    /** Keeps all from having their turn. */
    void pauseAll() {
        pause(rows);
    }

    /** Lets all that are paused have their turn again. */
    void resumeAll() {
        command(rows, QueueViewModel::isPaused, JobLedger::resume);
    }

    /** A draft waits for somebody to want it, not for everything to go on. */
    private static boolean isPaused(JobRow row) {
        return row.get().status() == Status.PAUSED && !row.get().isDraft();
    }

    void removeEnded() {
        command(rows, row -> row.get().status().isEnd(), JobLedger::remove);
    }

    /** Lines the same work up again, at the end. */
    void duplicate(List<JobRow> which) {
        List<JobRequest> requests = which.stream().map(row -> row.get().request()).toList();
        Set<Path> taken =
                rows.stream()
                        .flatMap(row -> outputs(row.get().request()))
                        .collect(toCollection(HashSet::new));
        ask(queue -> {
            var copies = new Copies(taken);
            queue.submit(requests.stream().map(copies::of).toList());
        });
    }

    private static Stream<Path> outputs(JobRequest request) {
        return switch (request) {
            case GenerationRequest r -> Stream.of(r.output());
            case ReconstructionRequest r ->
                    Stream.concat(Stream.of(r.output()), r.sideBySide().stream());
            default -> Stream.empty();
        };
    }

    /**
     * Gives a job that waits its turn before another one, or after all.
     *
     * @param before one that waits, too
     */
    void move(JobRow row, Optional<JobRow> before) {
        if (row.isWaiting() && !before.equals(Optional.of(row))) {
            String id = row.get().id();
            Optional<String> other = before.map(one -> one.get().id());
            ask(queue -> queue.move(id, other));
        }
    }

    /** Gives it its turn one sooner, or one later. */
    void moveBy(JobRow row, int places) {
        List<JobRow> waiting = rows.stream().filter(JobRow::isWaiting).toList();
        int to = waiting.indexOf(row) + places;
        if (row.isWaiting() && to >= 0 && to < waiting.size()) {
            // What comes after the one that it changes places with.
            int before = places > 0 ? to + 1 : to;
            move(
                    row,
                    before < waiting.size() ? Optional.of(waiting.get(before)) : Optional.empty());
        }
    }

    /** Lets go of the queue, without waiting for one that is not there yet. */
    @Override
    public void close() {
        var _ = following.thenAccept(some -> some.ifPresent(JobLedger.Subscription::close));
    }

    private void command(
            List<JobRow> which,
            Predicate<JobRow> fitting,
            BiConsumer<JobLedger, List<String>> what) {
        List<String> ids = which.stream().filter(fitting).map(row -> row.get().id()).toList();
        if (!ids.isEmpty()) {
            ask(queue -> what.accept(queue, ids));
        }
    }

    @FunctionalInterface
    private interface Asking {
        void of(JobLedger queue);
    }

    private void ask(Asking asking) {
        var _ =
                ledger.thenAcceptAsync(queue -> queue.ifPresent(asking::of), background)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                Problem explained = Failures.explained(failure);
                                fx.execute(() -> problem.set(Optional.of(explained)));
                            }
                        });
    }

    private void take(List<News> batch) {
        for (News news : batch) {
            switch (news) {
                case News.Changed(var job) -> {
                    JobRow row = known.get(job.id());
                    if (row == null) {
                        known.put(job.id(), new JobRow(job, clock));
                    } else {
                        row.set(job);
                    }
                }
                case News.Removed(var id) -> known.remove(id);
            }
        }
        arrange();
        open.set(count(QueueViewModel::isOpen));
        int well = count(row -> row.get().status() == Status.SUCCEEDED);
        if (well > succeeded.get()) {
            // From what they have taken it is known better what the others will take.
            forecasts.clear();
        }
        succeeded.set(well);
        foreseeAll();
        pausable.set(count(JobRow::canPause) > 0);
        resumable.set(count(QueueViewModel::isPaused) > 0);
    }

    /** Whether it runs or has a turn to come, whatever else is wanted. */
    private static boolean isOpen(JobRow row) {
        return row.canPause() && !row.givesWay();
    }

    private void foreseeAll() {
        rows.stream().filter(JobRow::canPause).forEach(this::foresee);
        Optional<Duration> all = Optional.of(Duration.ZERO);
        for (JobRow row : rows) {
            if (isOpen(row)) {
                all = all.flatMap(some -> row.left().map(some::plus));
            }
        }
        left.set(all);
    }

    private void foresee(JobRow row) {
        if (!(row.get().request() instanceof GenerationRequest clip)) {
            return;
        }
        List<Object> alike =
                List.of(
                        clip.model(),
                        clip.aspect(),
                        clip.resolution(),
                        clip.length(),
                        clip.fps(),
                        clip.steps(),
                        clip.guidance(),
                        clip.sampler(),
                        clip.precision());
        if (forecasts.containsKey(alike)) {
            forecasts.get(alike).ifPresent(row::expect);
            return;
        }
        forecasts.put(alike, Optional.empty());
        var _ =
                CompletableFuture.supplyAsync(() -> foresee.apply(clip), background)
                        .whenComplete((forecast, failure) -> {
                            if (failure == null) {
                                fx.execute(() -> {
                                    forecasts.put(alike, Optional.of(forecast));
                                    foreseeAll();
                                });
                            } else {
                                LOG.info("a clip cannot be foreseen", failure);
                            }
                        });
    }

    private int count(Predicate<JobRow> which) {
        return (int) rows.stream().filter(which).count();
    }

    /** In one permutation, so that what is selected stays so. */
    private void arrange() {
        rows.removeIf(row -> known.get(row.get().id()) != row);
        if (rows.size() < known.size()) {
            Set<JobRow> there = new HashSet<>(rows);
            rows.addAll(known.values().stream().filter(row -> !there.contains(row)).toList());
        }
        if (!Comparators.isInOrder(rows, JobRow.ORDER)) {
            FXCollections.sort(rows, JobRow.ORDER);
        }
    }
}
