package dev.zoetrope.runtime.generation;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobRequest;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How well a model makes what it is told: it gets the captions of a data set's clips as prompts,
 * and the data set's critic looks at what it makes of them.
 *
 * @param model name of an installed model, or a model folder
 * @param dataset name of an installed source that has a critic
 * @param prompts how many, at least 1
 * @param firstClip index of the clip whose caption is the first
 * @param scale times the size that the model was trained at
 * @param length times the length that the model was trained at
 * @param steps of the sampler
 * @param guidance 1 for none
 * @param seed of the first clip's noise; each further clip's is one more
 * @param precision empty for the fastest that this processor is good at
 */
public record ModelEvaluationRequest(
        String model,
        String dataset,
        int prompts,
        long firstClip,
        double scale,
        double length,
        OptionalInt steps,
        OptionalDouble guidance,
        long seed,
        Optional<Precision> precision)
        implements JobRequest {}
