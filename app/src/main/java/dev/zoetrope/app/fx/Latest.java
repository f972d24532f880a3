package dev.zoetrope.app.fx;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Hands values over to another thread, the newest only: a value that has not been delivered when
 * the next one comes is dropped, so a slow consumer is never behind.
 */
public final class Latest<T> implements Consumer<T> {
    private final AtomicReference<@Nullable T> pending = new AtomicReference<>();
    private final Executor executor;
    private final Consumer<? super T> sink;

    /** A hand-over to {@code sink}, which runs on {@code executor}, one value at a time. */
    public Latest(Executor executor, Consumer<? super T> sink) {
        this.executor = executor;
        this.sink = sink;
    }

    @Override
    public void accept(T value) {
        if (pending.getAndSet(value) == null) {
            executor.execute(this::deliver);
        }
    }

    private void deliver() {
        T value = pending.getAndSet(null);
        if (value != null) {
            sink.accept(value);
        }
    }
}
