package dev.zoetrope.engine;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.util.concurrent.RateLimiter;

import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobLedger;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobQueue;
import dev.zoetrope.runtime.job.JobQueue.Work;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.job.QueuedJob;
import dev.zoetrope.runtime.job.QueuedJob.Status;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The queue that outlives its process: every job is on disk before it is begun, and keeps what it
 * needs to go on in a folder of its own. Jobs that ran when the process ended go on by themselves;
 * one that ended it twice without getting any further is parked instead.
 */
final class DurableQueue implements JobLedger, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DurableQueue.class);

    private static final int LOSSES_TO_PARK = 2;
    private static final int SECONDS_TO_RETRY = 5;
    private static final int SECONDS_TO_LOOK = 5;
    private static final double PROGRESS_KEPT_A_SECOND = 1;

    private final Path folders;
    private final Workplace workplace;
    private final BooleanSupplier quiet;
    private final JobStore store;
    private final JobQueue device = new JobQueue();
    private final Set<Listener> listeners = new CopyOnWriteArraySet<>();
    private final SetMultimap<String, Watcher> watchers = LinkedHashMultimap.create();

    private @Nullable Run running;
    private boolean looking;
    private boolean closed;

    /** Where the work behind a request comes from. */
    @FunctionalInterface
    interface Workplace {
        /**
         * The work of one job.
         *
         * @param folder of this job alone, for what it needs to go on
         */
        Work<?> of(JobRequest request, Path folder);
    }

    /**
     * Goes on with what was there.
     *
     * @param data where the queue and the jobs' folders are
     * @param quiet whether nobody would mind a job that gives way
     */
    DurableQueue(Path data, Workplace workplace, BooleanSupplier quiet) {
        this.folders = data.resolve("jobs");
        this.workplace = workplace;
        this.quiet = quiet;
        store = JobStore.open(data.resolve("queue.db"));
        for (QueuedJob job : store.running()) {
            if (store.noteLoss(job.id()) < LOSSES_TO_PARK) {
                store.set(job.id(), Status.PENDING);
                store.front(job.id());
            } else {
                store.park(job.id(), new Problem.JobParked(LOSSES_TO_PARK));
            }
        }
    }

    /** Begins with the first job, if there is one. */
    synchronized void start() {
        next();
    }

    @Override
    public synchronized List<QueuedJob> jobs() {
        return store.jobs();
    }

    @Override
    public synchronized Subscription follow(Listener listener) {
        store.jobs().forEach(listener::onChanged);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Whether a job runs, or is to come whatever else is wanted. */
    synchronized boolean isBusy() {
        return running != null || store.next().filter(job -> !job.request().givesWay()).isPresent();
    }

    @Override
    public List<String> submit(List<? extends JobRequest> requests) {
        return submit(requests, OptionalInt.empty(), UUID.randomUUID().toString());
    }

    @Override
    public List<String> draft(List<? extends JobRequest> requests, int steps) {
        return submit(requests, OptionalInt.of(steps), UUID.randomUUID().toString());
    }

    /**
     * As without a ticket.
     *
     * @param pauseAfter steps of a draft
     * @param ticket used once; what comes with it again is there already
     */
    synchronized List<String> submit(
            List<? extends JobRequest> requests, OptionalInt pauseAfter, String ticket) {
        List<String> ids = store.add(requests, pauseAfter, ticket, Instant.now());
        ids.forEach(this::changed);
        next();
        return ids;
    }

    /** Lines a job up of which one who watches hears all. */
    synchronized Subscription run(
            JobRequest request, String ticket, Function<String, Watcher> watcher) {
        String id =
                store.add(List.of(request), OptionalInt.empty(), ticket, Instant.now()).getFirst();
        changed(id);
        Subscription watching = watch(id, watcher.apply(id));
        next();
        return watching;
    }

    @Override
    public synchronized void edit(String id, JobRequest request) {
        QueuedJob job = find(id);
        if (job.status().isWaiting()) {
            if (!request.equals(job.request())) {
                forgetFolder(id);
            }
            store.edit(id, request);
            store.progress(id, 0, 0);
            changed(id);
        }
    }

    @Override
    public synchronized void move(String id, Optional<String> before) {
        find(id);
        before.ifPresent(this::find);
        if (!before.equals(Optional.of(id))) {
            if (store.move(id, before)) {
                store.jobs().forEach(this::tell);
            } else {
                changed(id);
            }
        }
    }

    @Override
    public synchronized void pause(List<String> ids) {
        for (QueuedJob job : find(ids)) {
            if (job.status() == Status.PENDING) {
                store.set(job.id(), Status.PAUSED);
                changed(job.id());
            } else if (running != null && running.is(job.id())) {
                running.endAs(Status.PAUSED);
            }
        }
    }

    @Override
    public synchronized void resume(List<String> ids) {
        for (QueuedJob job : find(ids)) {
            switch (job.status()) {
                case PAUSED, PARKED, CANCELLED, FAILED -> {
                    store.resume(job.id());
                    changed(job.id());
                }
                case PENDING, RUNNING, SUCCEEDED -> {}
            }
        }
        next();
    }

    @Override
    public synchronized void stop(List<String> ids) {
        for (QueuedJob job : find(ids)) {
            if (job.status().isWaiting()) {
                store.end(
                        job.id(),
                        Status.CANCELLED,
                        Instant.now(),
                        Optional.empty(),
                        Optional.empty());
                changed(job.id());
                tell(job.id(), new JobState.Cancelled());
            } else if (running != null && running.is(job.id())) {
                running.endAs(Status.CANCELLED);
            }
        }
    }

    @Override
    public synchronized void finishEarly(List<String> ids) {
        for (QueuedJob job : find(ids)) {
            if (running != null && running.is(job.id())) {
                running.finishEarly();
            }
        }
    }

    @Override
    public synchronized void giveWay(List<String> ids) {
        for (QueuedJob job : find(ids)) {
            if (running != null && running.is(job.id())) {
                running.giveWay();
            }
        }
    }

    @Override
    public synchronized void remove(List<String> ids) {
        for (QueuedJob job : find(ids)) {
            if (running != null && running.is(job.id())) {
                running.removed = true;
                running.endAs(Status.CANCELLED);
            } else {
                forget(job.id());
            }
        }
    }

    private List<QueuedJob> find(List<String> ids) {
        return ids.stream().map(this::find).toList();
    }

    private QueuedJob find(String id) {
        return store.job(id).orElseThrow(() -> new Impossible.JobUnknown(id).asException());
    }

    private void changed(String id) {
        store.job(id).ifPresent(this::tell);
    }

    private void tell(QueuedJob job) {
        listeners.forEach(listener -> listener.onChanged(job));
    }

    private void forget(String id) {
        store.remove(id);
        forgetFolder(id);
        listeners.forEach(listener -> listener.onRemoved(id));
        tell(id, new JobState.Cancelled());
    }

    /** Those who watch a job hear no more of it after its end. */
    private void tell(String id, JobState state) {
        List.copyOf(watchers.get(id)).forEach(watcher -> watcher.onState(state));
        if (state.isEnd()) {
            watchers.removeAll(id);
        }
    }

    private void forgetFolder(String id) {
        Path folder = folders.resolve(id);
        if (Files.exists(folder)) {
            try {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            } catch (IOException e) {
                LOG.warn("{} could not be deleted", folder, e);
            }
        }
    }

    private void next() {
        keep(() -> {
            if (!closed) {
                store.next().ifPresent(this::next);
            }
        });
    }

    private void next(QueuedJob job) {
        boolean givesWay = job.request().givesWay();
        if (running != null) {
            if (!givesWay) {
                running.giveWay();
            }
        } else if (!givesWay || quiet.getAsBoolean()) {
            begin(job);
        } else {
            lookAgain();
        }
    }

    private void lookAgain() {
        if (!looking) {
            looking = true;
            CompletableFuture.delayedExecutor(SECONDS_TO_LOOK, TimeUnit.SECONDS)
                    .execute(() -> {
                        synchronized (this) {
                            looking = false;
                            next();
                        }
                    });
        }
    }

    /** Changes the store, if need be later: a disk is full until somebody makes room. */
    private void keep(Runnable change) {
        try {
            change.run();
        } catch (ProblemException e) {
            LOG.warn("the queue could not be kept; trying again in {} s", SECONDS_TO_RETRY, e);
            CompletableFuture.delayedExecutor(SECONDS_TO_RETRY, TimeUnit.SECONDS)
                    .execute(() -> {
                        synchronized (this) {
                            if (!closed) {
                                keep(change);
                            }
                        }
                    });
        }
    }

    private void begin(QueuedJob job) {
        store.begin(job.id(), Instant.now());
        Run run = new Run(job);
        running = run;
        changed(job.id());
        run.begin(workplace.of(job.request(), folders.resolve(job.id())));
    }

    /** Hears of one job, from the time it is added until the job's final state. */
    interface Watcher {
        /** Something that the job's work told. */
        void onEvent(PlainJson.Written event);

        void onState(JobState state);
    }

    /**
     * Tells of a job from now on, after the last thing it told of each kind so far. A parked job is
     * a failed one to those who watch it.
     */
    synchronized Subscription watch(String id, Watcher watcher) {
        QueuedJob job = find(id);
        if (running != null && running.is(id)) {
            watcher.onState(new JobState.Running());
            running.told().forEach(watcher::onEvent);
        } else {
            JobState state = state(job);
            Told.read(folders.resolve(id)).forEach(watcher::onEvent);
            store.outcome(id).ifPresent(text -> watcher.onEvent(new PlainJson.Written(text)));
            watcher.onState(state);
            if (state.isEnd()) {
                return () -> {};
            }
        }
        watchers.put(id, watcher);
        return () -> {
            synchronized (this) {
                watchers.remove(id, watcher);
            }
        };
    }

    private static JobState state(QueuedJob job) {
        return switch (job.status()) {
            case PENDING, PAUSED -> new JobState.Queued();
            case RUNNING -> new JobState.Running();
            case SUCCEEDED -> new JobState.Succeeded(took(job));
            case CANCELLED -> new JobState.Cancelled();
            case FAILED, PARKED -> new JobState.Failed(job.problem().orElseThrow());
        };
    }

    private static Duration took(QueuedJob job) {
        return Duration.between(job.started().orElseThrow(), job.ended().orElseThrow());
    }

    /** Puts what runs back at the front of the queue, and begins nothing more. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (running != null) {
                running.endAs(Status.PENDING);
            }
        }
        device.close();
        store.close();
    }

    /** A job on the device. */
    private final class Run implements JobListener<Object> {
        private final String id;
        private final boolean givesWay;
        private final Progress progress;
        private final List<PlainJson.Written> toldBefore;
        private final Map<Class<?>, PlainJson.Written> latest = new LinkedHashMap<>();
        private PlainJson.@Nullable Written preview;
        private OptionalInt pauseAfter;
        private boolean stopping;
        private Status ifStopped = Status.CANCELLED;
        private boolean removed;
        private final RateLimiter keeping = RateLimiter.create(PROGRESS_KEPT_A_SECOND);
        private PlainJson.@Nullable Written outcome;
        private @Nullable Job job;

        Run(QueuedJob job) {
            id = job.id();
            givesWay = job.request().givesWay();
            progress = new Progress(job.request());
            toldBefore = Told.read(folders.resolve(id));
            pauseAfter = job.pauseAfter();
        }

        <E> void begin(Work<E> work) {
            job = device.submit((events, stop) -> work.run(events::onEvent, stop), this);
        }

        boolean is(String other) {
            return id.equals(other);
        }

        void endAs(Status status) {
            ifStopped = status;
            stopping = true;
            Objects.requireNonNull(job).cancel();
        }

        /** Lets another have the device, unless it is ending anyway. */
        void giveWay() {
            if (givesWay && !stopping) {
                endAs(Status.PENDING);
            }
        }

        void finishEarly() {
            pauseAfter = OptionalInt.empty();
            Objects.requireNonNull(job).finishEarly();
        }

        /**
         * The last of each kind, and of its steps besides the last that had a preview. Until there
         * is a picture, the one from before goes first.
         */
        List<PlainJson.Written> told() {
            List<PlainJson.Written> told = new ArrayList<>();
            latest.forEach((kind, written) -> {
                if (kind == GenerationEvent.Stepped.class
                        && written.frames().isEmpty()
                        && preview != null) {
                    told.add(preview);
                }
                told.add(written);
            });
            if (told.stream().noneMatch(Run::isPictured)
                    && toldBefore.stream().anyMatch(Run::isPictured)) {
                told.addAll(0, toldBefore);
            }
            return told;
        }

        private static boolean isPictured(PlainJson.Written event) {
            return !event.frames().isEmpty();
        }

        @Override
        public void onEvent(Object event) {
            PlainJson.Written written = PlainJson.write(event);
            synchronized (DurableQueue.this) {
                latest.remove(event.getClass());
                latest.put(event.getClass(), written);
                if (written.frames().isEmpty()) {
                    outcome = written;
                } else if (event instanceof GenerationEvent.Stepped) {
                    preview = written;
                }
                watchers.get(id).forEach(watcher -> watcher.onEvent(written));
                if (progress.add(event)) {
                    if (!stopping && isDraft()) {
                        endAs(Status.PAUSED);
                    }
                    if (keeping.tryAcquire()) {
                        keepProgress();
                    }
                }
            }
        }

        private boolean isDraft() {
            return pauseAfter.isPresent() && progress.done() >= pauseAfter.getAsInt();
        }

        private void keepProgress() {
            try {
                store.progress(id, progress.done(), progress.total());
                changed(id);
            } catch (ProblemException e) {
                LOG.warn("the progress of job {} could not be kept", id, e);
            }
        }

        @Override
        public void onState(JobState state) {
            synchronized (DurableQueue.this) {
                switch (state) {
                    case JobState.Queued _ -> {}
                    case JobState.Running _ -> tell(id, state);
                    case JobState.Succeeded _ -> end(state, Status.SUCCEEDED, Optional.empty());
                    case JobState.Failed(var problem) ->
                            end(state, Status.FAILED, Optional.of(problem));
                    case JobState.Cancelled _ -> stopped();
                }
            }
        }

        private void stopped() {
            switch (ifStopped) {
                case PENDING -> postpone(Status.PENDING);
                case PAUSED -> postpone(Status.PAUSED);
                default -> end(new JobState.Cancelled(), Status.CANCELLED, Optional.empty());
            }
        }

        /** Not the end: it goes on from here later. */
        private void postpone(Status status) {
            running = null;
            Told.keep(folders.resolve(id), told());
            keepProgress();
            keep(() -> {
                store.set(id, status);
                if (status == Status.PENDING) {
                    store.front(id);
                }
                changed(id);
            });
            tell(id, new JobState.Queued());
            next();
        }

        private void end(JobState state, Status status, Optional<Problem> problem) {
            running = null;
            Instant now = Instant.now();
            keep(() -> {
                store.progress(id, progress.done(), progress.total());
                store.end(
                        id,
                        status,
                        now,
                        problem,
                        Optional.ofNullable(outcome).map(PlainJson.Written::text));
                if (removed) {
                    forget(id);
                } else {
                    changed(id);
                }
                if (status == Status.SUCCEEDED) {
                    forgetFolder(id);
                }
            });
            tell(id, state);
            next();
        }
    }
}
