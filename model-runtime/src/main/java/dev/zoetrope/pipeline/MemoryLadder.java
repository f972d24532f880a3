package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.device.Memory;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Work that goes on where the device's memory runs out: what failed is tried again after memory
 * that is no longer needed was let go of, then in smaller portions, then in a lower precision, and
 * each step down is said. It stays on the step that it came to.
 *
 * @param <T> what does the work, a model loaded for one step of the ladder
 */
final class MemoryLadder<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryLadder.class);

    /** How libtorch says what it could not have. */
    private static final Pattern TRIED = Pattern.compile("tried to allocate (\\d+) bytes");

    private final NDManager parent;
    private final Loader<T> loader;
    private final Work work;
    private final Consumer<? super Notice> say;
    private final List<Rung> rungs = new ArrayList<>();
    private int at;
    private @Nullable NDManager manager;
    private @Nullable T loaded;

    /** Loads what does the work. */
    @FunctionalInterface
    interface Loader<T> {
        /**
         * Loads it for one step.
         *
         * @param manager owns it
         */
        T load(NDManager manager, Portion portion, Precision precision);
    }

    /**
     * What is done.
     *
     * @param name the end of "there was not enough memory for"
     * @param remedy what would need a share of the memory, of all that the work needs, at most
     */
    record Work(String name, DoubleFunction<String> remedy) {}

    private record Rung(Portion portion, Precision precision, String text) {}

    /**
     * @param parent owns what is loaded
     * @param precision asked for
     * @param portions smaller than usual, that there are
     * @param say hears of each step down
     */
    MemoryLadder(
            NDManager parent,
            Precision precision,
            List<Portion> portions,
            Loader<T> loader,
            Work work,
            Consumer<? super Notice> say) {
        this.parent = parent;
        this.loader = loader;
        this.work = work;
        this.say = say;
        rungs.add(new Rung(Portion.USUAL, precision, Portion.USUAL.text()));
        rungs.add(new Rung(Portion.USUAL, precision, "it is tried again with all that is free"));
        portions.forEach(portion -> rungs.add(new Rung(portion, precision, portion.text())));
        Portion smallest = rungs.getLast().portion;
        lower(precision)
                .ifPresent(lower ->
                        rungs.add(
                                new Rung(
                                        smallest,
                                        lower,
                                        "it is computed in %s instead of %s"
                                                .formatted(lower, precision))));
    }

    /** Half of fp32, in the format that the device is best at. */
    private static Optional<Precision> lower(Precision precision) {
        if (precision != Precision.FP32) {
            return Optional.empty();
        }
        Precision best = Kernels.precision(Optional.empty());
        return Optional.of(best == Precision.FP32 ? Precision.BF16 : best);
    }

    /**
     * Does a piece of the work, as often as it takes.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Problem.OutOfMemory} when there
     *     is no step left
     */
    <R> R get(Function<? super T, R> piece) {
        while (true) {
            try {
                return piece.apply(loaded());
            } catch (RuntimeException e) {
                if (!Problem.OutOfMemory.isSaidBy(e)) {
                    throw e;
                }
                stepDown(e);
            }
        }
    }

    /** As {@link #get}. */
    void run(Consumer<? super T> piece) {
        boolean _ =
                get(model -> {
                    piece.accept(model);
                    return true;
                });
    }

    private T loaded() {
        T ready = loaded;
        if (ready == null) {
            close();
            manager = parent.newSubManager();
            Rung rung = rungs.get(at);
            ready = loader.load(manager, rung.portion, rung.precision);
            loaded = ready;
        }
        return ready;
    }

    private void stepDown(RuntimeException failure) {
        LOG.warn("not enough memory for {}", work.name, failure);
        if (at + 1 == rungs.size()) {
            throw new Problem.OutOfMemory(work.name, work.remedy.apply(share(failure)))
                    .asException(failure);
        }
        close();
        at++;
        // Frames that nobody refers to hold memory outside the heap until they are collected.
        System.gc();
        say.accept(new Notice.MemoryShort(work.name, rungs.get(at).text));
    }

    /**
     * How much of the work fits: half of it, or less where what could not be had at once is more
     * than half of all memory.
     */
    private static double share(RuntimeException failure) {
        Matcher tried = TRIED.matcher(String.valueOf(failure.getMessage()));
        return tried.find()
                ? Math.min(0.5, 0.5 * Memory.totalBytes() / Double.parseDouble(tried.group(1)))
                : 0.5;
    }

    /** Lets go of what is loaded; it is loaded anew when it is needed. */
    @Override
    public void close() {
        loaded = null;
        if (manager != null) {
            manager.close();
            manager = null;
        }
    }
}
