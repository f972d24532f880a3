package dev.zoetrope.app.fx;

import javafx.beans.value.ObservableValue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What was listened to and has to be let go of again, in the opposite order. */
public final class Subscriptions implements AutoCloseable {
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /** Calls {@code sink} with the current value and with every later one. */
    public <T> void follow(ObservableValue<T> value, Consumer<? super T> sink) {
        var subscription = value.subscribe(sink);
        undo.push(subscription::unsubscribe);
    }

    /** Remembers how to undo something that was just done. */
    public void add(Runnable undoing) {
        undo.push(undoing);
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
