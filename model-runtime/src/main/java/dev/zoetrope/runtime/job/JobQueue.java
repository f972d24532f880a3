package dev.zoetrope.runtime.job;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work one piece at a time on the thread of one device, in the order submitted, and is the
 * only place where a failure of the work is caught: a job that fails never takes the thread with
 * it.
 */
public final class JobQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);

    private final ExecutorService device =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("device").daemon().factory());
    private final Set<Submitted> open = ConcurrentHashMap.newKeySet();

    /** What a job does. It asks {@code stop} between its steps. */
    @FunctionalInterface
    public interface Work<E> {
        void run(JobListener<E> listener, Cancellation stop) throws Exception;
    }

    /** Lines work up; its states and events go to the listener, from the device's thread. */
    public <E> Job submit(Work<E> work, JobListener<E> listener) {
        Submitted job = new Submitted();
        open.add(job);
        listener.onState(new JobState.Queued());
        try {
            device.execute(() -> run(job, work, listener));
        } catch (RejectedExecutionException _) {
            end(job, new JobState.Cancelled(), listener);
        }
        return job;
    }

    private <E> void run(Submitted job, Work<E> work, JobListener<E> listener) {
        long start = System.nanoTime();
        JobState end;
        try {
            job.stop.check();
            listener.onState(new JobState.Running());
            work.run(listener, job.stop);
            end = new JobState.Succeeded(Duration.ofNanos(System.nanoTime() - start));
        } catch (CancelledException | InterruptedException _) {
            end = new JobState.Cancelled();
        } catch (ProblemException e) {
            LOG.debug("a job failed", e);
            end = new JobState.Failed(e.problem());
        } catch (OutOfMemoryError e) {
            LOG.warn("a job ran out of memory", e);
            end = new JobState.Failed(new Problem.OutOfMemory("this job"));
        } catch (Throwable e) {
            // Errors too: a native library that does not load must not leave a job without an end.
            end = new JobState.Failed(unexpected(e));
        }
        end(job, end, listener);
    }

    private static Problem unexpected(Throwable e) {
        if (e instanceof RuntimeException failure && Problem.OutOfMemory.isSaidBy(failure)) {
            LOG.warn("the device ran out of memory", e);
            return new Problem.OutOfMemory("this job");
        }
        String message = String.valueOf(e.getMessage());
        LOG.error("a job failed unexpectedly", e);
        return new Problem.Unexpected(message.lines().findFirst().orElse(message));
    }

    private <E> void end(Submitted job, JobState end, JobListener<E> listener) {
        open.remove(job);
        try {
            listener.onState(end);
        } finally {
            job.end.complete(end);
        }
    }

    /** Cancels all jobs and waits for the one that runs. */
    @Override
    public void close() {
        open.forEach(Submitted::cancel);
        device.close();
    }

    private static final class Submitted implements Job {
        private final Cancellation stop = new Cancellation();
        private final CompletableFuture<JobState> end = new CompletableFuture<>();

        @Override
        public void cancel() {
            stop.request();
        }

        @Override
        public void finishEarly() {
            stop.finishEarly();
        }

        @Override
        public CompletableFuture<JobState> end() {
            return end.copy();
        }
    }
}
