package dev.zoetrope.app.fx;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Hands values over to another thread, all of them and in order, as many at once as have gathered:
 * a thousand events cost the receiving thread a few calls instead of a thousand.
 */
public final class Batches<T> implements Consumer<T> {
    private final Executor executor;
    private final Consumer<? super List<T>> sink;

    @GuardedBy("this") private List<T> pending = new ArrayList<>();

    /** A hand-over to {@code sink}, which runs on {@code executor} and owns the lists it gets. */
    public Batches(Executor executor, Consumer<? super List<T>> sink) {
        this.executor = executor;
        this.sink = sink;
    }

    @Override
    public void accept(T value) {
        boolean first;
        synchronized (this) {
            first = pending.isEmpty();
            pending.add(value);
        }
        if (first) {
            executor.execute(this::deliver);
        }
    }

    private void deliver() {
        List<T> batch;
        synchronized (this) {
            batch = pending;
            pending = new ArrayList<>();
        }
        sink.accept(batch);
    }
}
