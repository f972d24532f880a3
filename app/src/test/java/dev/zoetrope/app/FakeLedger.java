package dev.zoetrope.app;

import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A queue whose jobs are where a test says they are. */
public final class FakeLedger implements JobLedger {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final Map<String, QueuedJob> jobs = new LinkedHashMap<>();
    private int added;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** What has been asked for with {@link #finishEarly}. */
    public final List<String> finished = new CopyOnWriteArrayList<>();

    /** How often a job was asked to {@link #giveWay}. */
    public int gaveWay;

    /** Adds a job that is at some point already. */
    public QueuedJob add(JobRequest request, Status status, long done, long total) {
        return add(request, status, done, total, OptionalInt.empty());
    }

    /** Adds a job that may be a draft. */
    public synchronized QueuedJob add(
            JobRequest request, Status status, long done, long total, OptionalInt pauseAfter) {
        String id = String.valueOf(++added);
        boolean waiting = status == Status.PENDING || status == Status.PAUSED;
        var job =
                new QueuedJob(
                        id,
                        request,
                        status,
                        done,
                        total,
                        NOON,
                        waiting ? Optional.empty() : Optional.of(NOON.plusSeconds(jobs.size())),
                        status.isEnd()
                                ? Optional.of(NOON.plusSeconds(jobs.size() + 95))
                                : Optional.empty(),
                        Optional.empty(),
                        added - 1,
                        0,
                        pauseAfter);
        tell(job);
        return job;
    }

    /** Lets something happen to a job. */
    public synchronized void happen(
            String id,
            Status status,
            long done,
            long total,
            Optional<Problem> problem,
            int losses) {
        QueuedJob job = job(id);
        tell(
                new QueuedJob(
                        id,
                        job.request(),
                        status,
                        done,
                        total,
                        NOON,
                        status == Status.RUNNING ? Optional.of(NOON) : job.started(),
                        status.isEnd() ? Optional.of(NOON.plusSeconds(95)) : Optional.empty(),
                        problem,
                        job.place(),
                        losses,
                        status == Status.PENDING ? OptionalInt.empty() : job.pauseAfter()));
    }

    public void run(String id, long done, long total) {
        happen(id, Status.RUNNING, done, total, Optional.empty(), 0);
    }

    private void tell(QueuedJob job) {
        jobs.put(job.id(), job);
        listeners.forEach(listener -> listener.onChanged(job));
    }

    @Override
    public synchronized List<QueuedJob> jobs() {
        return jobs.values().stream()
                .sorted(
                        Comparator.comparing((QueuedJob job) -> job.status().isWaiting())
                                .thenComparingDouble(QueuedJob::place))
                .toList();
    }

    /** Ids of those that are to come, in their order. */
    public List<String> waiting() {
        return jobs().stream()
                .filter(job -> !job.status().isEnd() && job.status() != Status.RUNNING)
                .map(QueuedJob::id)
                .toList();
    }

    public synchronized QueuedJob job(String id) {
        QueuedJob job = jobs.get(id);
        if (job == null) {
            throw new Impossible.JobUnknown(id).asException();
        }
        return job;
    }

    @Override
    public synchronized Subscription follow(Listener listener) {
        jobs.values().forEach(listener::onChanged);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** How many follow it. */
    public int followers() {
        return listeners.size();
    }

    @Override
    public synchronized List<String> submit(List<? extends JobRequest> requests) {
        List<String> ids = new ArrayList<>();
        requests.forEach(request -> ids.add(add(request, Status.PENDING, 0, 0).id()));
        return ids;
    }

    @Override
    public synchronized List<String> draft(List<? extends JobRequest> requests, int steps) {
        List<String> ids = new ArrayList<>();
        requests.forEach(
                request -> ids.add(add(request, Status.PENDING, 0, 0, OptionalInt.of(steps)).id()));
        return ids;
    }

    @Override
    public synchronized void edit(String id, JobRequest request) {
        QueuedJob job = job(id);
        if (job.status().isWaiting()) {
            tell(
                    new QueuedJob(
                            id,
                            request,
                            job.status(),
                            0,
                            0,
                            job.submitted(),
                            job.started(),
                            job.ended(),
                            job.problem(),
                            job.place(),
                            job.losses(),
                            job.pauseAfter()));
        }
    }

    @Override
    public synchronized void move(String id, Optional<String> before) {
        double place =
                before.map(other -> job(other).place() - 0.5).orElse(1 + jobs().getLast().place());
        QueuedJob job = job(id);
        tell(
                new QueuedJob(
                        id,
                        job.request(),
                        job.status(),
                        job.done(),
                        job.total(),
                        job.submitted(),
                        job.started(),
                        job.ended(),
                        job.problem(),
                        place,
                        job.losses(),
                        job.pauseAfter()));
    }

    @Override
    public void pause(List<String> ids) {
        change(ids, status -> status == Status.PENDING || status == Status.RUNNING, Status.PAUSED);
    }

    @Override
    public void resume(List<String> ids) {
        change(ids, status -> status != Status.SUCCEEDED, Status.PENDING);
    }

    @Override
    public void stop(List<String> ids) {
        change(ids, status -> !status.isEnd(), Status.CANCELLED);
    }

    private synchronized void change(List<String> ids, Predicate<Status> which, Status to) {

        ids.stream()
                .map(this::job)
                .filter(job -> which.test(job.status()))
                .forEach(job -> happen(job.id(), to, job.done(), job.total(), Optional.empty(), 0));
    }

    @Override
    public void finishEarly(List<String> ids) {
        finished.addAll(ids);
    }

    @Override
    public void giveWay(List<String> ids) {
        gaveWay += ids.size();
        change(ids, status -> status == Status.RUNNING, Status.PENDING);
    }

    @Override
    public synchronized void remove(List<String> ids) {
        for (String id : ids) {
            job(id);
            jobs.remove(id);
            listeners.forEach(listener -> listener.onRemoved(id));
        }
    }
}
