package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.job.JobRequest;

import java.nio.file.Path;
import java.util.List;

/** Everything that determines a training run, of whatever model. */
public sealed interface TrainingRequest extends JobRequest
        permits CodecTrainingRequest, DenoiserTrainingRequest {
    /** Folder of the run. */
    Path run();

    /** What it learns from. */
    List<String> datasets();

    /** Length of the run. */
    long steps();
}
