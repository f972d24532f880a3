package dev.zoetrope.runtime.training;

import java.nio.file.Path;
import java.util.List;

/** What a running training of a denoiser tells. */
public sealed interface DenoiserTrainingEvent {

    /**
     * Clips and captions on their way into the cache.
     *
     * @param done of {@code total} clips or captions
     */
    record Extracted(What what, long done, long total) implements DenoiserTrainingEvent {
        /** What is extracted: all clips first, then their captions. */
        public enum What {
            LATENTS,
            CAPTIONS
        }
    }

    /** All clips are in the cache; of these files there are none. */
    record LeftOut(List<SkippedFile> files) implements DenoiserTrainingEvent {
        public LeftOut {
            files = List.copyOf(files);
        }
    }

    /**
     * Some optimiser steps are done; also a line of {@code metrics.jsonl}.
     *
     * @param loss of the last step
     * @param gradientNorm of the last step, before clipping
     * @param secondsPerStep over the steps since the last such event
     */
    record Stepped(
            long step,
            long steps,
            double loss,
            double gradientNorm,
            double learningRate,
            double secondsPerStep)
            implements DenoiserTrainingEvent {}

    /** The run can be continued from here, and the model used. */
    record StateSaved(long step, Path state) implements DenoiserTrainingEvent {}

    /**
     * How well the saved model does on clips that nothing is learned from; also a line of {@code
     * metrics.jsonl}.
     */
    record Judged(long step, double heldOutLoss) implements DenoiserTrainingEvent {}

    /** Clips of a few prompts by the model of this step. */
    record Sampled(long step, Path sheet) implements DenoiserTrainingEvent {}
}
