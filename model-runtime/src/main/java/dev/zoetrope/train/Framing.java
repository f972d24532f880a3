package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.media.FrameSize;

/**
 * A rule by which frames of any size become frames that a model learns from. These are the rules of
 * the reference's data sets, equal to the last pixel: where a size falls between two, each release
 * has its own way of computing it.
 *
 * <p>March 2024 ({@code src/sora/dataset/videodata.py} at 5a56c372) pads what {@link LongSideScale}
 * gives. v1.1 ({@code opensora/dataset/transform.py} at 2a8b2328) uses {@link LongSideResize} and
 * {@link StrideCrop}, or a square {@link CentreCrop}. v1.3 (the same file at c41050ae) uses {@link
 * AreaResize} or {@link BoxResize} and a centred {@link StrideCrop}, or a {@link CentreCrop}.
 */
public sealed interface Framing {

    /**
     * What of a frame is kept, in whole pixels, and the size that becomes.
     *
     * @param window within the frame
     */
    record Cutout(Window window, FrameSize size) {
        private static Cutout whole(FrameSize frame, FrameSize size) {
            return new Cutout(new Window(0, 0, frame.width(), frame.height()), size);
        }
    }

    /** What becomes of frames of this size. */
    Cutout of(FrameSize frame);

    /** Frames (..., C, H, W) so framed; a view of them where nothing is scaled. */
    default NDArray apply(NDArray frames, Kernels k) {
        Shape shape = frames.getShape();
        int rows = shape.dimension() - 2;
        int columns = shape.dimension() - 1;
        Cutout cutout = of(new FrameSize((int) shape.get(rows), (int) shape.get(columns)));
        Window window = cutout.window();
        FrameSize size = cutout.size();
        NDArray kept = k.narrow(frames, rows, (long) window.y(), (long) window.height());
        kept = k.narrow(kept, columns, (long) window.x(), (long) window.width());
        return size.height() == window.height() && size.width() == window.width()
                ? kept
                : scaled(kept, size, k);
    }

    /** Frames (..., C, H, W) at another size. */
    default NDArray scaled(NDArray frames, FrameSize size, Kernels k) {
        return k.scaleFrames(frames, size.height(), size.width());
    }

    /** March 2024: the longer side becomes {@code size}; not antialiased, as all others are. */
    record LongSideScale(int size) implements Framing {
        @Override
        public Cutout of(FrameSize frame) {
            double h = frame.height();
            double w = frame.width();
            return Cutout.whole(
                    frame,
                    w < h
                            ? new FrameSize(size, truncated(w / h * size))
                            : new FrameSize(truncated(h / w * size), size));
        }

        @Override
        public NDArray scaled(NDArray frames, FrameSize size, Kernels k) {
            return k.sampleFrames(frames, size.height(), size.width());
        }
    }

    /**
     * v1.1: the longer side becomes {@code size}.
     *
     * @param keepsSmaller whether frames that are smaller stay as they are
     */
    record LongSideResize(int size, boolean keepsSmaller) implements Framing {
        @Override
        public Cutout of(FrameSize frame) {
            double h = frame.height();
            double w = frame.width();
            if (keepsSmaller && Math.max(h, w) <= size) {
                return Cutout.whole(frame, frame);
            }
            return Cutout.whole(
                    frame,
                    h > w
                            ? new FrameSize(size, truncated(w * size / h))
                            : new FrameSize(truncated(h * size / w), size));
        }
    }

    /**
     * v1.3: as large as fits into a box.
     *
     * @param keepsSmaller whether frames that fit already stay as they are
     */
    record BoxResize(FrameSize box, boolean keepsSmaller) implements Framing {
        @Override
        public Cutout of(FrameSize frame) {
            double h = frame.height();
            double w = frame.width();
            if (keepsSmaller && frame.isWithin(box)) {
                return Cutout.whole(frame, frame);
            }
            boolean tall = h / w > (double) box.height() / box.width();
            return Cutout.whole(
                    frame,
                    tall
                            ? new FrameSize(box.height(), truncated(box.height() / h * w))
                            : new FrameSize(truncated(box.width() / w * h), box.width()));
        }
    }

    /** v1.3: no more than so many pixels. */
    record AreaResize(long pixels) implements Framing {
        @Override
        public Cutout of(FrameSize frame) {
            if (frame.pixels() <= pixels) {
                return Cutout.whole(frame, frame);
            }
            double scale = Math.sqrt((double) pixels / frame.pixels());
            return Cutout.whole(
                    frame,
                    new FrameSize(
                            truncated(frame.height() * scale), truncated(frame.width() * scale)));
        }
    }

    /** As much of the middle as has the shape of {@code size}, scaled to it. */
    record CentreCrop(FrameSize size) implements Framing {
        @Override
        public Cutout of(FrameSize frame) {
            int h = frame.height();
            int w = frame.width();
            double ratio = (double) size.height() / size.width();
            if ((double) h / w > ratio) {
                h = truncated(w * ratio);
            } else {
                w = truncated(h / ratio);
            }
            // Half pixels go to the even side, as Python rounds.
            double x = Math.rint((frame.width() - w) / 2.0);
            double y = Math.rint((frame.height() - h) / 2.0);
            return new Cutout(new Window(x, y, w, h), size);
        }
    }

    /**
     * Whole multiples of {@code stride} pixels. Frames with a shorter side have none.
     *
     * @param centred whether the middle is kept, as since v1.3, or the upper left
     */
    record StrideCrop(int stride, boolean centred) implements Framing {
        /**
         * @throws IllegalArgumentException when a side is shorter than the stride
         */
        @Override
        public Cutout of(FrameSize frame) {
            FrameSize size =
                    new FrameSize(
                            frame.height() / stride * stride, frame.width() / stride * stride);
            int x = centred ? (frame.width() - size.width()) / 2 : 0;
            int y = centred ? (frame.height() - size.height()) / 2 : 0;
            return new Cutout(new Window(x, y, size.width(), size.height()), size);
        }
    }

    /** The reference fails where a side would vanish. */
    private static int truncated(double side) {
        return Math.max(1, (int) side);
    }
}
