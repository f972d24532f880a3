package dev.zoetrope.app;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.device.Computing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * An engine whose work is a runtime's of a test, and that remembers what it was to compute with.
 */
final class FakeEngine implements Composition.Engine {
    final List<Computing> starts = new CopyOnWriteArrayList<>();
    private final Supplier<ModelRuntime> runtime;
    private volatile Supplier<Computing> wanted = () -> Computing.BEST;

    FakeEngine(Supplier<ModelRuntime> runtime) {
        this.runtime = runtime;
    }

    @Override
    public ModelRuntime open(Supplier<Computing> computing) {
        wanted = computing;
        restart();
        return runtime.get();
    }

    @Override
    public void restart() {
        starts.add(wanted.get());
    }
}
