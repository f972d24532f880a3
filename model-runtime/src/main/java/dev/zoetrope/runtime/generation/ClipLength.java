package dev.zoetrope.runtime.generation;

/** How long a clip is to be. */
public sealed interface ClipLength {
    /**
     * In frames.
     *
     * @param count at least 1
     */
    record Frames(int count) implements ClipLength {}

    /**
     * In time.
     *
     * @param count above 0
     */
    record Seconds(double count) implements ClipLength {}
}
