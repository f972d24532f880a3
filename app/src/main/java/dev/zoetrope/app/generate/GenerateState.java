package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.problem.Problem;

import java.nio.file.Path;
import java.time.Duration;

/** Where the page's clip is. */
public sealed interface GenerateState {
    /** Nothing has been asked for. */
    record Idle() implements GenerateState {}

    /** Waiting for the models, for the device, or for the prompt to be read. */
    record Waiting() implements GenerateState {}

    /**
     * Being denoised.
     *
     * @param step the last that was taken; 0 before the first
     * @param secondsPerStep 0 while it is not known
     */
    record Sampling(int step, int steps, double secondsPerStep) implements GenerateState {
        /** Time that the steps left take; zero while it is not known. */
        public Duration remaining() {
            return Duration.ofMillis(Math.round((steps - step) * secondsPerStep * 1000));
        }

        public double fraction() {
            return steps == 0 ? 0 : (double) step / steps;
        }
    }

    /** Latents become frames. */
    record Decoding(int frame, int frames) implements GenerateState {}

    /** The clip is whole. */
    record Finished(Path output, GenerationSummary summary) implements GenerateState {}

    /** The person stopped it; what it looked like until then can be looked at. */
    record Stopped() implements GenerateState {}

    record Failed(Problem problem) implements GenerateState {}

    /** Whether there is something to stop. */
    default boolean busy() {
        return switch (this) {
            case Waiting _, Sampling _, Decoding _ -> true;
            case Idle _, Finished _, Stopped _, Failed _ -> false;
        };
    }
}
