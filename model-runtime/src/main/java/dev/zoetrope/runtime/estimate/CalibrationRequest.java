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
 * @param awaited that somebody waits for it: the smallest clip is then made whatever it takes, and
 *     else nothing where already that one would take longer than a minute or not fit the memory
 */
public record CalibrationRequest(String model, Optional<Precision> precision, boolean awaited)
        implements JobRequest {
    public CalibrationRequest {
        // The least that clips are made of; a request from elsewhere may lack anything.
        requireNonNull(model);
    }

    @Override
    public boolean givesWay() {
        return !awaited;
    }
}
