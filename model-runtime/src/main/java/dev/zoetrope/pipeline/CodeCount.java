package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.runtime.reconstruction.CodebookUse;

import java.util.Optional;
import java.util.OptionalInt;

/** How often each code of a codebook occurred; of a codec without one nothing does. */
final class CodeCount {
    private final long[] uses;
    private long total;

    CodeCount(OptionalInt codebookSize) {
        this.uses = new long[codebookSize.orElse(0)];
    }

    /** Codes of any shape, int64. */
    void add(NDArray codes) {
        for (long code : codes.toLongArray()) {
            uses[(int) code]++;
            total++;
        }
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
