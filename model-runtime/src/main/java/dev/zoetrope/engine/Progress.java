package dev.zoetrope.engine;

import dev.zoetrope.runtime.estimate.CalibrationEvent;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.reconstruction.ReconstructionEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.TrainingEvent;

/**
 * How far a job is, told by its events: steps and frames of a generation, frames, steps or clips.
 */
final class Progress {
    private long done;
    private long total;
    private int frames;

    Progress(JobRequest request) {
        total =
                switch (request) {
                    case EvaluationRequest r -> r.clips();
                    case ModelEvaluationRequest r -> r.prompts();
                    default -> 0;
                };
    }

    long done() {
        return done;
    }

    /** 0 while it is not known. */
    long total() {
        return total;
    }

    /** Counts an event in, and returns whether it says anything of how far the job is. */
    boolean add(Object event) {
        switch (event) {
            case GenerationEvent.Planned(var plan) -> {
                frames = plan.frames();
                return false;
            }
            case GenerationEvent.Stepped(int step, int steps, _) -> {
                done = step;
                total = (long) steps + frames;
            }
            case GenerationEvent.Decoded(int index, _) -> {
                // A job that goes on with its latents takes no more steps.
                total = Math.max(total, frames);
                done = total - frames + index + 1;
            }
            case ReconstructionEvent.Began began -> total = began.frames();
            case ReconstructionEvent.Compared compared -> done = compared.index() + 1;
            case TrainingEvent.Stepped stepped -> {
                done = stepped.step();
                total = stepped.steps();
            }
            case DenoiserTrainingEvent.Stepped stepped -> {
                done = stepped.step();
                total = stepped.steps();
            }
            case CodecEvaluation evaluation -> done = evaluation.clips();
            case JudgedClip _ -> done++;
            case CalibrationEvent calibration -> {
                done = calibration.clips();
                total = calibration.most();
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
