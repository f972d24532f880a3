package dev.zoetrope.runtime.reconstruction;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.training.ClipShape;

import java.util.List;
import java.util.Optional;

/**
 * How well a codec rebuilds clips of a data set.
 *
 * @param codec name of an installed model, or a folder or weight file
 * @param datasets names of installed sources, or folders of videos and pictures, as in training
 * @param clips how many, at least 1
 * @param firstClip index of the first; training draws from other indices
 * @param shape size of each clip
 * @param precision empty for the fastest that this processor is good at
 */
public record EvaluationRequest(
        String codec,
        List<String> datasets,
        int clips,
        long firstClip,
        ClipShape shape,
        Optional<Precision> precision)
        implements JobRequest {
    public EvaluationRequest {
        datasets = List.copyOf(datasets);
    }
}
