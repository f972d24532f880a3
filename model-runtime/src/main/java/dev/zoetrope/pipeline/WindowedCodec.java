package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.KeptWindows.CodedWindow;
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
    private final KeptWindows kept;
    private final List<Frame> pending = new ArrayList<>();
    private final CodeCount codes;

    /** How many windows there were. */
    private int windows;

    /** The window before, of the pending frames it shared: pixels (1, 3, overlap, H, W). */
    private @Nullable NDArray tail;

    /** The frames of the window before, where that was kept and its tail is not known. */
    private List<Frame> before = List.of();

    private long numbers;
    private long nanos;

    /**
     * @param window frames coded at once, as many as the codec's grid allows
     * @param overlap frames shared by neighbouring windows, less than half of {@code window}
     * @param kept windows that need not be coded, of this codec, window and overlap
     */
    WindowedCodec(Codec codec, NDManager parent, int window, int overlap, KeptWindows kept) {
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
        this.kept = kept;
    }

    /** Originals and what became of them. */
    record Rebuilt(List<Frame> originals, List<Frame> reconstructions) {}

    /** Takes the next frame; gives finished ones when a window is full, otherwise none. */
    Rebuilt add(Frame frame) {
        pending.add(frame);
        if (pending.size() < window) {
            return new Rebuilt(List.of(), List.of());
        }
        return next(window - overlap);
    }

    /** The frames still held, after the last {@link #add}. */
    Rebuilt finish() {
        return pending.isEmpty() ? new Rebuilt(List.of(), List.of()) : next(pending.size());
    }

    /**
     * The pending frames as a window, kept or coded.
     *
     * @param ready how many of them will not be part of another window
     */
    private Rebuilt next(int ready) {
        List<Frame> originals = List.copyOf(pending.subList(0, ready));
        CodedWindow result = kept.find(windows, originals).orElse(null);
        if (result == null) {
            long start = System.nanoTime();
            result = code(originals);
            nanos += System.nanoTime() - start;
            before = List.of();
            kept.keep(windows, result);
        } else {
            before = ready < pending.size() ? List.copyOf(pending) : List.of();
            forgetTail();
        }
        windows++;
        codes.add(result.codes());
        numbers += result.numbers();
        pending.subList(0, ready).clear();
        return new Rebuilt(originals, result.frames());
    }

    /**
     * Codes the pending frames.
     *
     * @param originals those of them that will not be part of another window
     */
    private CodedWindow code(List<Frame> originals) {
        int ready = originals.size();
        CodeCount used = new CodeCount(codec.codebookSize());
        try (NDManager scratch = manager.newSubManager()) {
            NDArray shared = tail(scratch);
            if (shared != null && pending.size() == overlap) { // nothing new since
                List<Frame> frames = FrameTensors.unstack(codec.bytes(shared), originals);
                return new CodedWindow(frames, used, 0);
            }
            Coded coded = code(scratch, pending, used);
            NDArray y = coded.pixels;
            if (shared != null) {
                k.crossFade(y, shared);
            }
            List<Frame> frames =
                    FrameTensors.unstack(codec.bytes(k.narrow(y, 2, 0, ready)), originals);
            forgetTail();
            if (ready < pending.size()) {
                tail = k.copy(k.narrow(y, 2, ready, overlap));
                tail.attach(manager);
            }
            return new CodedWindow(frames, used, coded.numbers);
        }
    }

    /** The tail of the window before; one that was kept is coded again for it. */
    private @Nullable NDArray tail(NDManager scratch) {
        if (tail != null || before.isEmpty()) {
            return tail;
        }
        NDArray y = code(scratch, before, new CodeCount(codec.codebookSize())).pixels;
        return k.copy(k.narrow(y, 2, window - overlap, overlap));
    }

    private void forgetTail() {
        if (tail != null) {
            tail.close();
            tail = null;
        }
    }

    /**
     * Frames after the codec.
     *
     * @param pixels (1, 3, T, H, W)
     * @param numbers of their latents
     */
    private record Coded(NDArray pixels, long numbers) {}

    private Coded code(NDManager scratch, List<Frame> frames, CodeCount used) {
        int length = frames.size();
        int height = frames.getFirst().height();
        int width = frames.getFirst().width();
        NDArray x = codec.pixels(FrameTensors.stack(scratch, frames)); // (1, 3, T, H, W)
        CodecGrid grid = codec.grid();
        int coded = grid.causal() ? grid.lengths().atLeast(length) : window;
        x =
                k.padEdge(
                        x,
                        coded - length,
                        missing(height, grid.stride()),
                        missing(width, grid.stride()));
        NDArray z = codec.encode(x); // (1, D, T', H', W')
        NDArray y = codec.decode(z, used::add); // (1, 3, T, H, W), padded as x
        y = k.narrow(k.narrow(k.narrow(y, 2, 0, length), 3, 0, height), 4, 0, width);
        return new Coded(y, z.size());
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
