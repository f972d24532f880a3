package dev.zoetrope.runtime.media;

import java.nio.file.Path;

/** A clip being written to its partial file; {@link FrameWriter} says what each method promises. */
interface FrameSink extends AutoCloseable {
    /**
     * Adds a frame of the clip's size.
     *
     * @param micros from the first frame, above that of the frame before
     */
    void write(Frame frame, long micros);

    SoundTrack keepAudioOf(Path source, double startSeconds, double durationSeconds);

    /** Completes the partial file and lets go of it. */
    void finish();

    /** Lets go of the partial file in whatever state it is. */
    @Override
    void close();
}
