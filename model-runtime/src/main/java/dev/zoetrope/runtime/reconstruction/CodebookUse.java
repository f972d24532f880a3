package dev.zoetrope.runtime.reconstruction;

/**
 * How much of a codebook occurred.
 *
 * @param used different codes
 * @param size of the codebook
 * @param perplexity exp of the entropy of their use, at most {@code size}
 */
public record CodebookUse(int used, int size, double perplexity) {}
