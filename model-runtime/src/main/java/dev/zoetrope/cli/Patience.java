package dev.zoetrope.cli;

import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Says so when a job has to wait for others, or was paused by somebody. */
final class Patience<E> implements JobListener<E> {
    private static final int SECONDS = 1;

    private final JobListener<E> listener;
    private volatile boolean waiting;

    Patience(JobListener<E> listener) {
        this.listener = listener;
    }

    @Override
    public void onEvent(E event) {
        listener.onEvent(event);
    }

    @Override
    public void onState(JobState state) {
        waiting = state instanceof JobState.Queued;
        if (waiting) {
            CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS)
                    .execute(() -> {
                        if (waiting) {
                            System.err.println(
                                    "Waiting for its turn. In another terminal, zoetrope jobs list shows the"
                                            + " queue; Ctrl-C gives it up.");
                        }
                    });
        }
        listener.onState(state);
    }
}
