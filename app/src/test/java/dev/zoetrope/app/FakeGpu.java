package dev.zoetrope.app;

import dev.zoetrope.runtime.gpu.Gpu;
import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.gpu.GpuSupport;
import dev.zoetrope.runtime.gpu.LibraryProgress;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A GPU whose libraries come a tenth at a time, as the test lets them. */
final class FakeGpu implements GpuSupport {
    static final Gpu CARD =
            new Gpu("NVIDIA GeForce RTX 4090", 24L << 30, OptionalInt.of(89), "550.54.15");

    static final long DOWNLOAD = 2_200_000_000L;
    private static final long ON_DISK = 3_600_000_000L;
    private static final int TENTH = 10;

    /** As many tenths as may come. */
    final Semaphore tenths = new Semaphore(0);

    /** What bringing ends with, once nothing more may come. */
    volatile Optional<Problem> fault = Optional.empty();

    volatile GpuState state = new GpuState.Hindered(Optional.empty(), new Impossible.GpuNotFound());

    final AtomicInteger brought = new AtomicInteger();

    static GpuState missing(long came) {
        return new GpuState.Missing(CARD, DOWNLOAD - came, came, ON_DISK);
    }

    @Override
    public GpuState state() {
        return state;
    }

    @Override
    public void bring(URI repository, Consumer<LibraryProgress> listener, Cancellation stop) {
        brought.incrementAndGet();
        for (int i = 1; i <= TENTH; ) {
            stop.check();
            if (tryTenth()) {
                long came = i++ * DOWNLOAD / TENTH;
                state = missing(came);
                listener.accept(
                        new LibraryProgress(came, DOWNLOAD, "libtorch_cuda.so", i == TENTH));
            } else if (fault.isPresent()) {
                throw fault.get().asException();
            }
        }
        state = new GpuState.Ready(CARD, Path.of("gpu"));
    }

    private boolean tryTenth() {
        try {
            return tenths.tryAcquire(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void remove() {
        state = missing(0);
    }
}
