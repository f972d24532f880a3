package dev.zoetrope.app;

import javafx.application.Platform;

import java.util.concurrent.CountDownLatch;

/**
 * Asks the JavaFX thread for a sign of life again and again, and remembers the longest time that
 * one took: how long a person's click could have gone unanswered.
 */
final class PulseWatchdog implements AutoCloseable {
    private static final long PAUSE_MILLIS = 5;

    private final Thread watcher = Thread.ofPlatform().daemon().name("watchdog").start(this::watch);
    private volatile long longestNanos;
    private volatile boolean closed;

    /** Milliseconds of the longest wait so far, one that still lasts included. */
    long longestWaitMillis() {
        close();
        return longestNanos / 1_000_000;
    }

    private void watch() {
        try {
            while (!closed) {
                var answered = new CountDownLatch(1);
                long asked = System.nanoTime();
                Platform.runLater(answered::countDown);
                answered.await();
                longestNanos = Math.max(longestNanos, System.nanoTime() - asked);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            watcher.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
