package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.runtime.media.Frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/** Frames to tensors and back. */
final class FrameTensors {
    private FrameTensors() {}

    /** Frames of one size to bytes (T, H, W, 3). */
    static NDArray stack(NDManager manager, List<Frame> frames) {
        Frame first = frames.getFirst();
        int size = first.rgb().remaining();
        ByteBuffer all = ByteBuffer.allocateDirect(Math.multiplyExact(size, frames.size()));
        frames.forEach(frame -> all.put(frame.rgb()));
        Shape shape = new Shape(frames.size(), first.height(), first.width(), 3);
        return manager.create(all.flip(), shape, DataType.UINT8);
    }

    /** Bytes (T, H, W, 3) to frames with the times of {@code originals}. */
    static List<Frame> unstack(NDArray bytes, List<Frame> originals) {
        return unstack(bytes, i -> originals.get(i).timeMicros());
    }

    /** Bytes (T, H, W, 3) to frames at a steady rate, the first at 0. */
    static List<Frame> unstack(NDArray bytes, double fps) {
        return unstack(bytes, i -> Math.round(i * 1e6 / fps));
    }

    private static List<Frame> unstack(NDArray bytes, IntToLongFunction timeMicros) {
        Shape shape = bytes.getShape();
        int height = (int) shape.get(1);
        int width = (int) shape.get(2);
        ByteBuffer all = bytes.toByteBuffer();
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < shape.get(0); i++) {
            ByteBuffer rgb = ByteBuffer.allocateDirect(3 * height * width);
            rgb.put(all.slice(i * rgb.capacity(), rgb.capacity())).flip();
            frames.add(new Frame(width, height, rgb, timeMicros.applyAsLong(i)));
        }
        return frames;
    }
}
