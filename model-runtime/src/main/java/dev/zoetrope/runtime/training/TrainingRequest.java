package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.device.Precision;
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

    /** Clip sizes, taken in turn from step to step. */
    List<ClipShape> shapes();

    /** Length of the run. */
    long steps();

    /** At its peak. */
    double learningRate();

    /** Steps until the peak. */
    long warmup();

    /** Of AdamW. */
    double weightDecay();

    /** The largest norm of a gradient. */
    double clipNorm();

    /** Rate of the moving average of weights that is saved as the model. */
    double averaging();

    /** How often the state is saved. */
    double saveMinutes();

    /** Steps from one line of the metrics to the next; the last has one as well. */
    long logEvery();

    /** Of all that is drawn. */
    long seed();

    Precision precision();
}
