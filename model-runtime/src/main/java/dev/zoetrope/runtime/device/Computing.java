package dev.zoetrope.runtime.device;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an engine is to compute with.
 *
 * @param device empty for the fastest there is
 * @param threads of the processor, at least 1; empty for one per core
 */
public record Computing(Optional<ComputeDevice> device, OptionalInt threads) {
    /** Whatever is best. */
    public static final Computing BEST = new Computing(Optional.empty(), OptionalInt.empty());
}
