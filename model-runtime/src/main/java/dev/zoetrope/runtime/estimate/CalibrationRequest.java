package dev.zoetrope.runtime.estimate;

import static java.util.Objects.requireNonNull;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobRequest;

import java.util.Optional;

/**
 * Asks for a minute of small clips, by which this machine learns how long a model takes.
 *
 * @param model name of an installed model, or a model folder
 * @param precision empty for the fastest that this processor is good at
 * @param givesWay that nobody waits for it: it then makes only what fits the free memory, and
 *     nothing where already the smallest clip would take longer than a minute
 */
public record CalibrationRequest(String model, Optional<Precision> precision, boolean givesWay)
        implements JobRequest {
    public CalibrationRequest {
        // The least that clips are made of; a request from elsewhere may lack anything.
        requireNonNull(model);
    }
}
