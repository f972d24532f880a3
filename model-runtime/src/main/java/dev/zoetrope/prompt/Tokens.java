package dev.zoetrope.prompt;

import java.util.Arrays;
import java.util.Optional;

/** A prompt as an encoder reads it: {@code L} token ids, filled up with padding. */
public final class Tokens {
    private final long[] ids;
    private final int used;
    private final int whole;
    private final int[] lastCharacters;
    private final Optional<String> cut;

    /**
     * @param ids (L), padding included
     * @param used how many of them are no padding
     * @param whole how many the text has with what found no place
     * @param lastCharacters per token where in the text its last character is, -1 for those that
     *     stand for none
     * @param cut what of the text found no place
     */
    Tokens(long[] ids, int used, int whole, int[] lastCharacters, Optional<String> cut) {
        this.ids = ids;
        this.used = used;
        this.whole = whole;
        this.lastCharacters = lastCharacters;
        this.cut = cut;
    }

    /** (L), padding included. */
    public long[] ids() {
        return ids.clone();
    }

    /** (L), 1 for tokens and 0 for padding. */
    public long[] mask() {
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 0, used, 1);
        return mask;
    }

    /** How many the whole text has, those that found no place and special ones included. */
    public int whole() {
        return whole;
    }

    /** The end of the text, if it was too long. */
    public Optional<String> cut() {
        return cut;
    }

    /**
     * How strongly each token is meant: as its last character is, since a token may begin with the
     * space before its word.
     *
     * @param prompt whose text these are the tokens of
     * @return (L), 1 for special tokens and padding
     */
    public float[] weights(PromptWeights prompt) {
        float[] weights = new float[ids.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = lastCharacters[i] < 0 ? 1 : prompt.at(lastCharacters[i]);
        }
        return weights;
    }
}
