package dev.zoetrope.runtime.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** Turns RGB pictures into what an encoder takes, possibly some pictures later. */
interface PictureFilter extends AutoCloseable {
    /** Takes a picture, which stays the caller's, or null for the end. */
    void push(@Nullable AVFrame picture);

    /**
     * A picture that is ready, valid until the next call of either method, or null for none yet.
     */
    @Nullable AVFrame pull();

    @Override
    void close();
}
