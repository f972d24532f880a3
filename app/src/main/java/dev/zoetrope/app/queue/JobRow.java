package dev.zoetrope.app.queue;

import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;
import dev.zoetrope.runtime.training.TrainingRequest;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;

/** A job for as long as it is in the queue, whatever happens to it. */
public final class JobRow {
    /** What runs, then what is to come in its order, then what ended, the newest first. */
    static final Comparator<JobRow> ORDER =
            Comparator.comparingInt(JobRow::rank)
                    .thenComparing(row -> row.isWaiting() && row.givesWay())
                    .thenComparingDouble(row -> row.isWaiting() ? row.get().place() : 0)
                    .thenComparing(
                            row -> row.get().ended().orElse(Instant.MAX), Comparator.reverseOrder())
                    .thenComparing(row -> row.get().id());

    private final InstantSource clock;
    private final ReadOnlyObjectWrapper<QueuedJob> job;
    private final ReadOnlyObjectWrapper<Optional<Forecast>> forecast =
            new ReadOnlyObjectWrapper<>(this, "forecast", Optional.empty());
    private Instant since;
    private long sinceDone;
    private boolean starting;

    JobRow(QueuedJob first, InstantSource clock) {
        this.clock = clock;
        job = new ReadOnlyObjectWrapper<>(this, "job", first);
        since = clock.instant();
        sinceDone = first.done();
    }

    void set(QueuedJob now) {
        if (!now.request().equals(get().request())) {
            forecast.set(Optional.empty());
        }
        if (now.status() == Status.RUNNING && get().status() != Status.RUNNING) {
            measureFrom(now.done());
            starting = true;
        } else if (starting && forecast.get().isPresent() && now.done() > sinceDone) {
            // Before the first step the model was loaded.
            measureFrom(now.done());
            starting = false;
        }
        job.set(now);
    }

    private void measureFrom(long done) {
        since = clock.instant();
        sinceDone = done;
    }

    /** From now on it is known what it should take. */
    void expect(Forecast expected) {
        Optional<Forecast> now = Optional.of(expected);
        if (!now.equals(forecast.get())) {
            forecast.set(now);
        }
    }

    /** What it should take, as soon as that is known. */
    ReadOnlyObjectProperty<Optional<Forecast>> forecastProperty() {
        return forecast.getReadOnlyProperty();
    }

    QueuedJob get() {
        return job.get();
    }

    ReadOnlyObjectProperty<QueuedJob> jobProperty() {
        return job.getReadOnlyProperty();
    }

    /** Whether its turn is still to come. */
    boolean isWaiting() {
        return get().status().isWaiting();
    }

    /** Whether it comes after all others, wherever it is put. */
    boolean givesWay() {
        return get().request().givesWay();
    }

    boolean canPause() {
        return get().status() == Status.PENDING || get().status() == Status.RUNNING;
    }

    boolean canResume() {
        return switch (get().status()) {
            case PAUSED, PARKED, CANCELLED, FAILED -> true;
            case PENDING, RUNNING, SUCCEEDED -> false;
        };
    }

    /** Whether it can be asked for something else. */
    boolean canEdit() {
        return isWaiting() && get().request() instanceof GenerationRequest;
    }

    boolean canStop() {
        return !get().status().isEnd();
    }

    boolean canFinishEarly() {
        JobRequest request = get().request();
        return get().status() == Status.RUNNING
                && (request instanceof GenerationRequest || request instanceof TrainingRequest);
    }

    /** From 0 to 1. */
    double fraction() {
        if (get().total() == 0) {
            return 0;
        }
        return forecast.get()
                .map(some -> some.fraction(get().done(), get().total()))
                .orElseGet(() -> Math.min(1, (double) get().done() / get().total()));
    }

    /**
     * What it will take when it has its turn, or while it has it the rest: at the pace since it was
     * begun, or first seen; else as expected.
     */
    Optional<Duration> left() {
        boolean runs = get().status() == Status.RUNNING;
        if (!runs && get().status() != Status.PENDING) {
            return Optional.empty();
        }
        if (get().total() == 0) {
            return forecast.get().map(Forecast::whole);
        }
        if (!runs) {
            return forecast.get()
                    .map(some -> some.left(get().done(), get().total(), Optional.empty()));
        }
        long rest = get().total() - get().done();
        return forecast.get()
                .map(some -> some.left(get().done(), get().total(), pace()))
                .or(() -> pace().map(one -> one.multipliedBy(rest)));
    }

    /** What one of its steps takes. */
    private Optional<Duration> pace() {
        long steps = get().done() - sinceDone;
        return steps > 0
                ? Optional.of(Duration.between(since, clock.instant()).dividedBy(steps))
                : Optional.empty();
    }

    /** What there is to see of it: what it made, or else what it makes it from. */
    Optional<Path> picture() {
        boolean made = get().status() == Status.SUCCEEDED;
        return switch (get().request()) {
            case GenerationRequest r -> made ? Optional.of(r.output()) : r.image();
            case ReconstructionRequest r -> Optional.of(made ? r.output() : r.input());
            default -> Optional.empty();
        };
    }

    private int rank() {
        return get().status() == Status.RUNNING ? 0 : isWaiting() ? 1 : 2;
    }
}
