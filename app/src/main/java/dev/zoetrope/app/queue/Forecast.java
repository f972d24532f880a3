package dev.zoetrope.app.queue;

import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.generation.GenerationRequest;

import java.time.Duration;
import java.util.Optional;

/**
 * What a clip is expected to take, whose steps and frames count alike in the queue and cost very
 * different times.
 *
 * @param frames of the clip
 * @param beginning seconds for opening the model and encoding the prompt
 * @param sampling seconds for all of its steps
 * @param decoding seconds for all of its frames
 */
public record Forecast(int frames, double beginning, double sampling, double decoding) {

    /**
     * By what work on this machine has taken so far; may take a while.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is no plan for it
     */
    public static Forecast of(ModelRuntime models, GenerationRequest clip) {
        return of(models.plan(clip).frames(), models.estimate(clip));
    }

    static Forecast of(int frames, Estimate estimate) {
        return new Forecast(
                frames,
                seconds(estimate, Work.Kind.OPENING) + seconds(estimate, Work.Kind.ENCODING),
                seconds(estimate, Work.Kind.SAMPLING),
                seconds(estimate, Work.Kind.DECODING));
    }

    private static double seconds(Estimate estimate, Work.Kind kind) {
        return estimate.phases().stream()
                .filter(phase -> phase.kind() == kind)
                .mapToDouble(phase -> phase.seconds().middle())
                .sum();
    }

    /** What all of it takes. */
    Duration whole() {
        return Duration.ofMillis(Math.round(1000 * (beginning + sampling + decoding)));
    }

    /** How much of the work is done, from 0 to 1. */
    double fraction(long done, long total) {
        double all = left(0, total, 1);
        return all == 0 ? 0 : 1 - left(done, total, 1) / all;
    }

    /**
     * What the rest takes.
     *
     * @param done of {@code total}, steps before frames
     * @param step what one step has taken, where that is known
     */
    Duration left(long done, long total, Optional<Duration> step) {
        long steps = total - frames;
        double slower =
                steps > 0 && sampling > 0
                        ? step.map(one -> one.toNanos() / 1e9 * steps / sampling).orElse(1.0)
                        : 1;
        return Duration.ofMillis(Math.round(1000 * left(done, total, slower)));
    }

    /** In seconds, on a machine that is so much slower than expected. */
    private double left(long done, long total, double slower) {
        long steps = Math.max(0, total - frames);
        double sampled = steps == 0 ? 1 : Math.min(1, (double) done / steps);
        double decoded = Math.max(0, (double) (done - steps) / frames);
        return (done == 0 ? beginning : 0)
                + slower * ((1 - sampled) * (steps == 0 ? 0 : sampling) + (1 - decoded) * decoding);
    }
}
