package dev.zoetrope.pipeline;

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
     */
    record ByText(int channels, int words) implements Conditioning {}
}
