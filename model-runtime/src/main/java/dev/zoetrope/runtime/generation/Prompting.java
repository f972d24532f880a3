package dev.zoetrope.runtime.generation;

import java.util.List;

/** What a model is told of the clip that it is to make. */
public sealed interface Prompting {
    /** Nothing. */
    record Nothing() implements Prompting {}

    /**
     * One of the classes it was trained on.
     *
     * @param count of the classes
     * @param names the first of class 0; may be fewer than there are classes
     */
    record ByClass(int count, List<String> names) implements Prompting {
        public ByClass {
            names = List.copyOf(names);
        }
    }

    /**
     * A text.
     *
     * @param tokens of the longest that it reads to the end
     */
    record ByText(int tokens) implements Prompting {}
}
