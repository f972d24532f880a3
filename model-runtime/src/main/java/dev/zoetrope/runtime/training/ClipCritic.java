package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.media.Frame;

import java.util.List;
import java.util.Map;

/**
 * Tells what clips of a data set show. What it says are values of traits, such as {@code colour} is
 * {@code red}, always of the same traits in the same order. Used by one thread at a time.
 */
public interface ClipCritic {
    /** What the clip at an index of the data set was made to show. */
    Map<String, String> meant(long index);

    /** What a clip shows, from its frames alone. */
    Map<String, String> seen(List<Frame> clip);
}
