package dev.zoetrope.app.train;

import dev.zoetrope.runtime.training.ClipFile;
import dev.zoetrope.runtime.training.ClipSource;

import java.time.Instant;

/** One of what a data set has to learn from. */
public sealed interface Example {
    /** What it shows; empty when nobody says. */
    String caption();

    /**
     * A video or a picture.
     *
     * @param changed when it got what it holds now
     */
    record OfFile(ClipFile clip, Instant changed) implements Example {
        @Override
        public String caption() {
            return clip.caption();
        }
    }

    /** One of the clips without end that a source makes up. */
    record MadeUp(ClipSource source, long index, String caption) implements Example {}
}
