package dev.zoetrope.runtime.estimate;

import java.util.List;
import java.util.Optional;

/**
 * What work will take.
 *
 * @param machine that is to do it
 * @param phases one after the other
 * @param memory bytes of the process at their peak
 * @param deviceMemory bytes of the device at their peak, where it has memory of its own
 * @param result bytes of the file that is made
 * @param kept bytes on the disk while the work is done, besides
 * @param basis what the times were learned from
 * @param measurements how many those are
 * @param warnings sentences; nothing is refused because of them
 */
public record Estimate(
        Machine machine,
        List<Phase> phases,
        Range memory,
        Optional<Range> deviceMemory,
        Range result,
        long kept,
        Basis basis,
        int measurements,
        List<String> warnings) {
    public Estimate {
        phases = List.copyOf(phases);
        warnings = List.copyOf(warnings);
    }

    /** One of the phases; its kind is one of those that take time. */
    public record Phase(Work.Kind kind, Range seconds) {}

    /** What times were learned from, the surest first. */
    public enum Basis {
        /** The same model on this machine. */
        THIS_MODEL,
        /** Other models on this machine. */
        OTHER_MODELS,
        /** Nothing on this machine: it is taken for a middling one. */
        NOTHING
    }

    /** Of all phases. */
    public Range seconds() {
        return phases.stream().map(Phase::seconds).reduce(Range.NOTHING, Range::plus);
    }
}
