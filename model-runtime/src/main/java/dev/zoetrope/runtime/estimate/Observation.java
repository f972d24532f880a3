package dev.zoetrope.runtime.estimate;

import static java.util.Objects.requireNonNull;

/**
 * What a piece of work has taken.
 *
 * @param at milliseconds since 1970
 * @param cost seconds or bytes, above 0
 * @param others the part of all processors that other programs had meanwhile, from 0 to 1
 */
public record Observation(long at, Machine machine, Work work, double cost, double others) {
    /**
     * @throws IllegalArgumentException for a cost or a part that nothing can have
     */
    public Observation {
        requireNonNull(machine);
        requireNonNull(work);
        if (!(cost > 0 && cost < 1e300)) {
            throw new IllegalArgumentException("a cost of " + cost);
        }
        if (!(others >= 0 && others <= 1)) {
            throw new IllegalArgumentException("a part of " + others);
        }
    }

    boolean isOf(Machine machine, Work.Kind kind) {
        return this.machine.equals(machine) && work.kind() == kind;
    }
}
