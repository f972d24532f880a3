package dev.zoetrope.runtime.media;

import org.jspecify.annotations.Nullable;

/** A clip being read; {@link FrameReader} says what each method promises. */
interface FrameSource extends AutoCloseable {
    ClipInfo info();

    /** The next frame at this size, or null at the end. */
    @Nullable Frame read(int width, int height);

    void seekFrame(long index);

    void seekMicros(long micros);

    long skippedFrames();

    @Override
    void close();
}
