package dev.zoetrope.cli;

import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.media.FrameWriter;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for a job. Ctrl-C cancels it and waits until it has tidied up, or, when the step it is in
 * takes longer, ends the process in the middle of it without leaving half a file.
 */
final class Foreground {
    private static final long MILLIS_TO_DISCARD = 200;

    private final long secondsToTidy;

    /**
     * @param secondsToTidy after which the process has ended at the latest, at least 1
     */
    Foreground(long secondsToTidy) {
        this.secondsToTidy = secondsToTidy;
    }

    /** The exit code of the job's end; a failure is explained on stderr. */
    int await(Job job) throws InterruptedException {
        Thread onSignal = new Thread(() -> stop(job), "ctrl-c");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            return switch (job.end().get()) {
                case JobState.Succeeded _ -> 0;
                case JobState.Failed(var problem) -> Zoetrope.print(problem);
                case JobState.Cancelled _ -> Zoetrope.CANCELLED;
                case JobState.Queued _, JobState.Running _ ->
                        throw new IllegalStateException("a job ended in a state that is no end");
            };
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(onSignal);
            } catch (IllegalStateException _) {
                // Already shutting down: the hook is what ended the job.
            }
        }
    }

    /** What Ctrl-C does. */
    void stop(Job job) {
        job.cancel();
        try {
            long millis = TimeUnit.SECONDS.toMillis(secondsToTidy) - MILLIS_TO_DISCARD;
            job.end().get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            FrameWriter.discardUnfinished();
            System.err.println("Stopped in the middle of a step.");
        }
    }
}
