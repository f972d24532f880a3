package dev.zoetrope.runtime.estimate;

import static java.util.Objects.requireNonNull;

/**
 * What a piece of work has taken.
 *
 * @param at milliseconds since 1970
 * @param cost seconds or bytes, above 0
 */
public record Observation(long at, Machine machine, Work work, double cost) {
    /**
     * @throws IllegalArgumentException for a cost that nothing can have
     */
    public Observation {
        requireNonNull(machine);
        requireNonNull(work);
        if (!(cost > 0 && cost < 1e300)) {
            throw new IllegalArgumentException("a cost of " + cost);
        }
    }

    boolean isOf(Machine machine, Work.Kind kind) {
        return this.machine.equals(machine) && work.kind() == kind;
    }
}
