package dev.zoetrope.runtime.training;

import java.nio.file.Path;

/** What a running training tells. */
public sealed interface TrainingEvent {

    /**
     * Figures of one optimiser step; also a line of {@code metrics.jsonl}.
     *
     * @param psnr of the step's reconstructions, dB
     * @param codesUsed different codes among the step's latents; 0 while the codebook waits
     * @param restarted codes that were restarted
     * @param gradientNorm before clipping
     * @param secondsPerStep since the figures before these
     */
    record Stepped(
            long step,
            long steps,
            double loss,
            double psnr,
            double commitment,
            double perplexity,
            int codesUsed,
            int restarted,
            double gradientNorm,
            double learningRate,
            double secondsPerStep)
            implements TrainingEvent {}

    /** Originals above, reconstructions below. */
    record Sampled(long step, Path sheet) implements TrainingEvent {}

    /** The run can be continued from here, and the model used. */
    record StateSaved(long step, Path state) implements TrainingEvent {}
}
