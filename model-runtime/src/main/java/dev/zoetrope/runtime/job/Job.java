package dev.zoetrope.runtime.job;

import java.util.concurrent.CompletableFuture;

/** A submitted piece of work. */
public interface Job {
    /** Asks the work to stop at its next check; returns at once and may be called again. */
    void cancel();

    /** Has work that is done in steps make the best of those it has taken, and end so. */
    void finishEarly();

    /** Completes, never exceptionally, with the job's final state. */
    CompletableFuture<JobState> end();
}
