package dev.zoetrope.cli;

import dev.zoetrope.pipeline.PreviewTrial;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How much longer a step of a sampler takes when it ends in a preview. */
final class PreviewBench {
    private static final int PAIRS = 40;

    private final List<Precision> precisions;
    private final boolean json;

    PreviewBench(List<Precision> precisions, boolean json) {
        this.precisions = precisions;
        this.json = json;
    }

    /**
     * Of one precision; the medians of all steps.
     *
     * @param ratio with over without
     */
    private record Measured(
            Precision precision, double secondsWithout, double secondsWith, double ratio) {}

    private record Result(
            String processor, int threads, String model, int pairs, List<Measured> measured) {}

    /** The exit code. */
    int run() {
        List<Measured> measured = new ArrayList<>();
        for (Precision precision : precisions) {
            PreviewTrial.Steps steps = PreviewTrial.run(precision, PAIRS);
            double without = median(steps.without());
            double with = median(steps.with());
            measured.add(new Measured(precision, without, with, with / without));
        }
        Result result =
                new Result(
                        Processor.name(),
                        Runtime.getRuntime().availableProcessors(),
                        PreviewTrial.SIZE,
                        PAIRS,
                        measured);
        if (json) {
            Json.print(result);
        } else {
            print(result);
        }
        return 0;
    }

    private static double median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2).toNanos() / 1e9;
    }

    private static void print(Result r) {
        System.out.printf(
                "%s, %d threads; a step of %s, medians of %d%n",
                r.processor(), r.threads(), r.model(), r.pairs());
        System.out.println("       seconds  with a preview  ratio");
        for (Measured m : r.measured()) {
            System.out.printf(
                    "%-5s  %7.3f  %14.3f  %5.3f%n",
                    m.precision(), m.secondsWithout(), m.secondsWith(), m.ratio());
        }
    }
}
