package dev.zoetrope.pipeline;

import dev.zoetrope.prompt.PromptCleaner;

import java.util.Optional;

/** Which {@link Condition} a denoiser was trained with. */
public sealed interface Conditioning {
    record None() implements Conditioning {}

    /**
     * By label.
     *
     * @param classes how many there are
     */
    record ByLabel(int classes) implements Conditioning {}

    /**
     * By a text encoder's states.
     *
     * @param channels of the states
     * @param words longest prompt
     * @param cleaner what its captions went through; empty for captions as they were
     */
    record ByText(int channels, int words, Optional<PromptCleaner> cleaner)
            implements Conditioning {}
}
