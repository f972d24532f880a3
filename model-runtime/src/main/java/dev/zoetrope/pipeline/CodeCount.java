package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.runtime.reconstruction.CodebookUse;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** How often each code of a codebook occurred; of a codec without one nothing does. */
final class CodeCount {
    private final long[] uses;
    private long total;

    CodeCount(OptionalInt codebookSize) {
        this.uses = new long[codebookSize.orElse(0)];
    }

    /** As often as they were {@link #uses used}. */
    CodeCount(long[] uses) {
        this.uses = uses.clone();
        this.total = Arrays.stream(uses).sum();
    }

    /** Codes of any shape, int64. */
    void add(NDArray codes) {
        for (long code : codes.toLongArray()) {
            uses[(int) code]++;
            total++;
        }
    }

    /** Of the same codebook. */
    void add(CodeCount more) {
        for (int code = 0; code < uses.length; code++) {
            uses[code] += more.uses[code];
        }
        total += more.total;
    }

    /** How often each code occurred. */
    long[] uses() {
        return uses.clone();
    }

    long total() {
        return total;
    }

    /** Empty without a codebook. */
    Optional<CodebookUse> use() {
        if (uses.length == 0) {
            return Optional.empty();
        }
        int used = 0;
        double entropy = 0;
        for (long n : uses) {
            if (n > 0) {
                used++;
                double p = (double) n / total;
                entropy -= p * Math.log(p);
            }
        }
        return Optional.of(new CodebookUse(used, uses.length, Math.exp(entropy)));
    }
}
