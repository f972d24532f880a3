package dev.zoetrope.runtime.estimate;

import dev.zoetrope.runtime.estimate.Estimate.Basis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Foretells what work will take from what work has taken.
 *
 * <p>A cost is a sum of counts times rates ({@link Work}), and the rates are fitted to what the
 * same component has cost on the same machine ({@link Rates}). A range reaches as far to both sides
 * as that fit has been off, between {@value #NARROWEST} and {@value #WIDEST} of the cost. A
 * component that was never measured here is taken to be as fast against {@link Work.Kind its usual
 * rates} as the others were, and a machine where nothing was to have the usual rates; the ranges
 * are then wider, and the estimate says so.
 */
public final class Estimator {
    /** Less than a machine differs from itself a minute later. */
    private static final double NARROWEST = 0.15;

    private static final double WIDEST = 0.3;
    private static final double WITH_OTHER_MODELS = 0.6;

    /** Half as much to twice as much. */
    private static final double WITHOUT_ANYTHING = 2;

    private final List<Observation> observations;

    /**
     * @param observations oldest first
     */
    public Estimator(List<Observation> observations) {
        this.observations = List.copyOf(observations);
    }

    public Estimate of(Workload load, Room room) {
        List<Estimate.Phase> phases = new ArrayList<>();
        Basis basis = Basis.THIS_MODEL;
        int measurements = Integer.MAX_VALUE;
        for (Work work : load.phases()) {
            Foretold foretold = foretell(load.machine(), work);
            phases.add(new Estimate.Phase(work.kind(), foretold.range));
            if (foretold.basis.compareTo(basis) > 0) {
                basis = foretold.basis;
                measurements = foretold.measurements;
            } else if (foretold.basis == basis) {
                measurements = Math.min(measurements, foretold.measurements);
            }
        }
        Range memory = foretell(load.machine(), load.memory()).range;
        Optional<Range> deviceMemory =
                load.deviceMemory().map(work -> foretell(load.machine(), work).range);
        Range result = foretell(load.machine(), load.file()).range;
        return new Estimate(
                load.machine(),
                phases,
                memory,
                deviceMemory,
                result,
                load.kept(),
                basis,
                measurements,
                warnings(memory, deviceMemory, result.high() + load.kept(), room));
    }

    private record Foretold(Range range, Basis basis, int measurements) {}

    private Foretold foretell(Machine machine, Work work) {
        List<Observation> own = new ArrayList<>();
        List<Observation> others = new ArrayList<>();
        for (Observation one : observations) {
            if (one.isOf(machine, work.kind())) {
                (one.work().component().equals(work.component()) ? own : others).add(one);
            }
        }
        Rates expected = Rates.of(work.kind().usual()).asFastAs(others, work.kind().loading());
        if (!own.isEmpty()) {
            double cost = expected.fittedTo(own).cost(work);
            double off = Math.clamp(expected.spread(own), NARROWEST, WIDEST);
            return new Foretold(around(cost, off), Basis.THIS_MODEL, own.size());
        }
        double cost = expected.cost(work);
        return others.isEmpty()
                ? new Foretold(
                        new Range(cost / WITHOUT_ANYTHING, cost * WITHOUT_ANYTHING),
                        Basis.NOTHING,
                        0)
                : new Foretold(around(cost, WITH_OTHER_MODELS), Basis.OTHER_MODELS, others.size());
    }

    private static Range around(double cost, double off) {
        return new Range(cost * (1 - off), cost * (1 + off));
    }

    private static List<String> warnings(
            Range memory, Optional<Range> deviceMemory, double disk, Room room) {
        List<String> warnings = new ArrayList<>();
        if (memory.high() > room.memory()) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "It may need %.1f GiB of memory, and %.1f GiB are free: a smaller size"
                                    + " or a shorter clip needs less.",
                            gibibytes(memory.high()),
                            gibibytes((double) room.memory())));
        }
        if (deviceMemory.isPresent()
                && room.deviceMemory().isPresent()
                && deviceMemory.get().high() > room.deviceMemory().getAsLong()) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "It may need %.1f GiB of the GPU's memory, and %.1f GiB are free: a"
                                    + " smaller size or a shorter clip needs less.",
                            gibibytes(deviceMemory.get().high()),
                            gibibytes((double) room.deviceMemory().getAsLong())));
        }
        if (disk > room.disk()) {
            warnings.add(
                    String.format(
                            Locale.ROOT,
                            "It may need %.1f GiB of disk, and %.1f GiB are free where the clip"
                                    + " goes.",
                            gibibytes(disk),
                            gibibytes((double) room.disk())));
        }
        return warnings;
    }

    private static double gibibytes(double bytes) {
        return bytes / (1L << 30);
    }
}
