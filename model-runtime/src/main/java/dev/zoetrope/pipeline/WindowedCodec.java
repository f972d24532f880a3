package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.reconstruction.CodebookUse;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A codec over a clip of any length, in memory for one window.
 *
 * <p>The clip is cut into windows of the length the codec was trained on, each overlapping the one
 * before, and the overlap is cross-faded: a frame at a window's edge, which the codec knows less
 * of, weighs less the nearer it is to that edge. That also hides where a causal codec begins anew,
 * with a frame that it codes as an image. Sizes that the codec's factors do not divide, and clips
 * shorter than a window, are filled up by repeating the last row, column or frame; what was filled
 * up is cut off again.
 */
final class WindowedCodec implements AutoCloseable {
    private final Codec codec;
    private final Kernels k = Kernels.inference();
    private final NDManager manager;
    private final int window;
    private final int overlap;
    private final List<Frame> pending = new ArrayList<>();
    private final CodeCount codes;

    /** The window before, of the pending frames it shared: pixels (1, 3, overlap, H, W). */
    private @Nullable NDArray tail;

    private long numbers;
    private long nanos;

    /**
     * @param window frames coded at once, as many as the codec's grid allows
     * @param overlap frames shared by neighbouring windows, less than half of {@code window}
     */
    WindowedCodec(Codec codec, NDManager parent, int window, int overlap) {
        CodecGrid grid = codec.grid();
        if (grid.lengths().nearest(window) != window || overlap < 0 || 2 * overlap >= window) {
            throw new IllegalArgumentException(
                    "windows of %d frames that share %d, for %s frames"
                            .formatted(window, overlap, grid.lengths().rule()));
        }
        this.codec = codec;
        this.codes = new CodeCount(codec.codebookSize());
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
            return new Rebuilt(originals, FrameTensors.unstack(codec.bytes(tail), originals));
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
            NDArray x = codec.pixels(bytes); // (1, 3, T, H, W)
            CodecGrid grid = codec.grid();
            int coded = grid.causal() ? grid.lengths().atLeast(length) : window;
            x =
                    k.padEdge(
                            x,
                            coded - length,
                            missing(height, grid.stride()),
                            missing(width, grid.stride()));
            NDArray z = codec.encode(x); // (1, D, T', H', W')
            numbers += z.size();
            NDArray y = codec.decode(z, codes::add); // (1, 3, T, H, W), padded as x
            y = k.narrow(k.narrow(k.narrow(y, 2, 0, length), 3, 0, height), 4, 0, width);
            if (tail != null) {
                k.crossFade(y, tail);
            }
            frames = FrameTensors.unstack(codec.bytes(k.narrow(y, 2, 0, ready)), originals);
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

    private static int missing(int size, int factor) {
        return Math.floorMod(-size, factor);
    }

    /** Of overlaps and of filled-up parts as well; empty without a codebook. */
    Optional<CodebookUse> codebook() {
        return codes.use();
    }

    /** Of all codes so far or, without a codebook, of all latents as 16-bit numbers. */
    double bits() {
        return codec.codebookSize().isPresent()
                ? codes.total() * Math.log(codec.codebookSize().getAsInt()) / Math.log(2)
                : 16.0 * numbers;
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
