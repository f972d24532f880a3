package dev.zoetrope.runtime.generation;

import java.util.Optional;

/**
 * What a model's text encoder makes of a text as it was typed.
 *
 * @param tokens that the text has, special ones included
 * @param limit of the tokens that are read; what is beyond is left out
 * @param variants ways in which all that is to be chosen in it can be; 1 without choices
 * @param slip the first one in it
 */
public record PromptReading(int tokens, int limit, long variants, Optional<Slip> slip) {
    /** Whether the end of the text is left out. */
    public boolean isCut() {
        return tokens > limit;
    }

    /**
     * Something that was perhaps meant to be a choice.
     *
     * @param text as it was typed
     */
    public record Slip(Kind kind, String text) {
        /** What is wrong with it. */
        public enum Kind {
            /** Braces that nothing closes; they are read as they are. */
            UNCLOSED,
            /** Braces around one thing or nothing; they are read as they are. */
            NOTHING_TO_CHOOSE,
            /** A choice of which one is empty. */
            EMPTY_CHOICE
        }
    }
}
