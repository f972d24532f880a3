package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.runtime.media.Frame;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A codec over a clip of any length, in memory for one window.
 *
 * <p>The clip is cut into windows of the length the codec was trained on, each overlapping the one
 * before, and the overlap is cross-faded: a frame at a window's edge, which the codec knows less
 * of, weighs less the nearer it is to that edge. Sizes that the codec's factors do not divide, and
 * clips shorter than a window, are filled up by repeating the last row, column or frame; what was
 * filled up is cut off again.
 */
final class WindowedCodec implements AutoCloseable {
    private final VideoGptVqVae codec;
    private final Kernels k = Kernels.inference();
    private final NDManager manager;
    private final int window;
    private final int overlap;
    private final List<Frame> pending = new ArrayList<>();
    private final BitSet codesUsed = new BitSet();

    /** The window before, of the pending frames it shared: pixels (1, 3, overlap, H, W). */
    private @Nullable NDArray tail;

    private long codes;
    private long nanos;

    /**
     * @param window frames coded at once, a multiple of the codec's temporal factor
     * @param overlap frames shared by neighbouring windows, less than half of {@code window}
     */
    WindowedCodec(VideoGptVqVae codec, NDManager parent, int window, int overlap) {
        int factor = codec.config().downsample().getFirst();
        if (window % factor != 0 || overlap < 0 || 2 * overlap >= window) {
            throw new IllegalArgumentException(
                    "windows of %d frames that share %d, factor %d"
                            .formatted(window, overlap, factor));
        }
        this.codec = codec;
        this.manager = parent.newSubManager();
        this.window = window;
        this.overlap = overlap;
    }

    /** Originals and what became of them. */
    record Rebuilt(List<Frame> originals, List<Frame> reconstructions) {}

    /** Takes the next frame; gives finished ones when a window is full, otherwise none. */
    Rebuilt add(Frame frame) {
        pending.add(frame);
        if (pending.size() < window) {
            return new Rebuilt(List.of(), List.of());
        }
        return code(window, window - overlap);
    }

    /** The frames still held, after the last {@link #add}. */
    Rebuilt finish() {
        if (tail != null && pending.size() == overlap) {
            List<Frame> originals = List.copyOf(pending);
            pending.clear();
            return new Rebuilt(
                    originals, FrameTensors.unstack(k.bytesFromPixels(tail, -0.5, 0.5), originals));
        }
        return pending.isEmpty()
                ? new Rebuilt(List.of(), List.of())
                : code(pending.size(), pending.size());
    }

    /**
     * Codes the pending frames.
     *
     * @param length how many there are
     * @param ready how many of them will not be part of another window
     */
    private Rebuilt code(int length, int ready) {
        long start = System.nanoTime();
        List<Frame> originals = List.copyOf(pending.subList(0, ready));
        List<Frame> frames;
        try (NDManager scratch = manager.newSubManager()) {
            NDArray bytes = FrameTensors.stack(scratch, pending);
            int height = pending.getFirst().height();
            int width = pending.getFirst().width();
            NDArray x = k.pixelsFromBytes(bytes, 1 / 255.0, -0.5); // (1, 3, T, H, W)
            List<Integer> factors = codec.config().downsample();
            x =
                    k.padEdge(
                            x,
                            window - length,
                            missing(height, factors.get(1)),
                            missing(width, factors.get(2)));
            NDArray z = codec.encode(x); // (1, T', H', W')
            count(z);
            NDArray y = codec.decode(z); // (1, 3, window, H, W), padded as x
            y = k.narrow(k.narrow(k.narrow(y, 2, 0, length), 3, 0, height), 4, 0, width);
            if (tail != null) {
                k.crossFade(y, tail);
            }
            frames =
                    FrameTensors.unstack(
                            k.bytesFromPixels(k.narrow(y, 2, 0, ready), -0.5, 0.5), originals);
            if (ready < length) {
                NDArray next = k.copy(k.narrow(y, 2, ready, length - ready));
                next.attach(manager);
                if (tail != null) {
                    tail.close();
                }
                tail = next;
            }
        }
        pending.subList(0, ready).clear();
        nanos += System.nanoTime() - start;
        return new Rebuilt(originals, frames);
    }

    private void count(NDArray z) {
        for (long code : z.toLongArray()) {
            codesUsed.set((int) code);
            codes++;
        }
    }

    private static int missing(int size, int factor) {
        return Math.floorMod(-size, factor);
    }

    /** Different codes so far. */
    int codesUsed() {
        return codesUsed.cardinality();
    }

    /** Codes so far, those of overlaps and of filled-up parts included. */
    long codes() {
        return codes;
    }

    /** Time spent in the codec. */
    long nanos() {
        return nanos;
    }

    @Override
    public void close() {
        manager.close();
    }
}
