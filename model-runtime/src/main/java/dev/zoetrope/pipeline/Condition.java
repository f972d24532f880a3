package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;

import org.jspecify.annotations.Nullable;

/** What a denoiser is told of the clip it is to make. */
public sealed interface Condition {
    /** Nothing: for models without conditions, and as the other side of guidance by label. */
    record None() implements Condition {}

    /**
     * One of the classes.
     *
     * @param label from 0
     */
    record Label(long label) implements Condition {}

    /**
     * A prompt as its encoder reads it.
     *
     * @param states (1, L, C), fp32
     * @param mask (1, L), 1 for words and 0 for padding; null where all are words
     */
    record Text(NDArray states, @Nullable NDArray mask) implements Condition {}
}
