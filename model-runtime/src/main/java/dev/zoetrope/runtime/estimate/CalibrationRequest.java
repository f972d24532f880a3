package dev.zoetrope.runtime.estimate;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobRequest;

import java.util.Optional;

/**
 * Asks for a minute of small clips, by which this machine learns how long a model takes.
 *
 * @param model name of an installed model, or a model folder
 * @param precision empty for the fastest that this processor is good at
 */
public record CalibrationRequest(String model, Optional<Precision> precision)
        implements JobRequest {}
