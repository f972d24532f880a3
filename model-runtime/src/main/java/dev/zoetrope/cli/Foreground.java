package dev.zoetrope.cli;

import dev.zoetrope.runtime.job.Job;
import dev.zoetrope.runtime.job.JobState;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a job; Ctrl-C cancels it and waits until it has tidied up. */
final class Foreground {
    private final long secondsToTidy;

    /**
     * @param secondsToTidy how long a cancelled job may take to save or remove its files
     */
    Foreground(long secondsToTidy) {
        this.secondsToTidy = secondsToTidy;
    }

    /** The exit code of the job's end; a failure is explained on stderr. */
    int await(Job job) throws InterruptedException {
        Thread onSignal =
                new Thread(
                        () -> {
                            job.cancel();
                            waitToTidy(job);
                        },
                        "ctrl-c");
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

    private void waitToTidy(Job job) {
        try {
            job.end().get(secondsToTidy, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            System.err.println("Stopped before everything was tidied up.");
        }
    }
}
