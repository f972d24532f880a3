package dev.zoetrope.runtime.job;

import java.util.concurrent.CompletableFuture;

/** A submitted piece of work. */
public interface Job {
    /** Asks the work to stop at its next check; returns at once and may be called again. */
    void cancel();

    /** Completes, never exceptionally, with the job's final state. */
    CompletableFuture<JobState> end();
}
