package dev.zoetrope.runtime.estimate;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A piece of work in numbers that its cost grows with.
 *
 * @param component what does it: measurements of one component say most about that component
 * @param counts as its {@link Kind} lists them, none negative
 */
public record Work(Kind kind, String component, List<Double> counts) {

    /** What is counted in each kind of work, and what one of each costs where nothing is known. */
    public enum Kind {
        /**
         * Seconds for: a job. Its model is opened, its prompt cut to tokens; all that is in none of
         * the other kinds is here.
         */
        OPENING(Set.of(0), 0.2),
        /** Seconds for: a prompt, bytes of weights to be read, multiplications of text encoders. */
        ENCODING(Set.of(1), 0.01, 2e-9, 2e-11),
        /**
         * Seconds for: bytes of weights, tensors of weights times evaluations, multiplications with
         * weights, and those of attention.
         */
        SAMPLING(Set.of(0), 2e-9, 2e-5, 2e-11, 4e-11),
        /** Seconds for: bytes of weights, multiplications with weights, those of attention. */
        DECODING(Set.of(0), 2e-9, 2e-11, 4e-11),
        /**
         * Seconds for: a start, bytes of weights, multiplications with weights, those of attention,
         * pixels of the result and of the source.
         */
        CODING(Set.of(0, 1), 2.4, 2e-9, 4e-11, 8e-11, 5e-8, 1e-8),
        /** Bytes for: the process, and bytes that weights and activations should take. */
        MEMORY(Set.of(), 6e8, 1.0),
        /** Bytes of a device for: its libraries, and bytes that weights and activations take. */
        DEVICE_MEMORY(Set.of(), 3e8, 1.0),
        /** Bytes for: a pixel of a frame. */
        FILE(Set.of(), 0.1);

        private final ImmutableSet<Integer> loading;
        private final ImmutableList<Double> usual;

        Kind(Set<Integer> loading, Double... usual) {
            this.loading = ImmutableSet.copyOf(loading);
            this.usual = ImmutableList.copyOf(usual);
        }

        /** Those of the counts that are for what is done before the first number is computed. */
        Set<Integer> loading() {
            return loading;
        }

        /** What one of each count costs on a middling machine. */
        List<Double> usual() {
            return usual;
        }
    }

    /**
     * @throws IllegalArgumentException when the counts are not those of the kind
     */
    public Work {
        requireNonNull(component);
        counts = List.copyOf(counts);
        if (counts.size() != kind.usual.size()
                || counts.stream().anyMatch(count -> !(count >= 0 && count < 1e300))) {
            throw new IllegalArgumentException(kind + " of " + counts);
        }
    }

    public static Work of(Kind kind, String component, double... counts) {
        return new Work(kind, component, Arrays.stream(counts).boxed().toList());
    }
}
