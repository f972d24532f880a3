package dev.zoetrope.train;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Consecutive frames of one size, kept outside the heap; a picture is a strip of one. Freed with
 * the last reference to it. Read by several threads at once.
 */
final class Strip {
    private final int width;
    private final int height;
    private final int frames;
    private final MemorySegment rgb;

    /**
     * @param rgb (F, H, W, 3) bytes
     */
    private Strip(int width, int height, int frames, MemorySegment rgb) {
        this.width = width;
        this.height = height;
        this.frames = frames;
        this.rgb = rgb;
    }

    static long bytes(int width, int height, long frames) {
        return 3L * width * height * frames;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int frames() {
        return frames;
    }

    /** Copies a row of a frame to the start of {@code line}. */
    void row(int frame, int row, byte[] line) {
        long offset = bytes(width, height, frame) + 3L * width * row;
        MemorySegment.copy(rgb, ValueLayout.JAVA_BYTE, offset, line, 0, 3 * width);
    }

    /** A strip while its frames arrive. */
    static final class Unfinished {
        private final int width;
        private final int height;
        private final MemorySegment rgb;
        private int frames;

        Unfinished(int width, int height, int capacity) {
            this.width = width;
            this.height = height;
            rgb = Arena.ofAuto().allocate(bytes(width, height, capacity));
        }

        void add(ByteBuffer frame) {
            long size = bytes(width, height, 1);
            MemorySegment.copy(MemorySegment.ofBuffer(frame), 0, rgb, size * frames, size);
            frames++;
        }

        boolean isEmpty() {
            return frames == 0;
        }

        Strip finish() {
            return new Strip(width, height, frames, rgb);
        }
    }
}
