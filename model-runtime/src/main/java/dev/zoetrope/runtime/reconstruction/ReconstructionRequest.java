package dev.zoetrope.runtime.reconstruction;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobRequest;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Everything that determines a reconstruction.
 *
 * @param input the video, animation or picture to compress and rebuild
 * @param codec name of an installed model, or a folder or weight file
 * @param resolution shorter side of the result in pixels, at least 8; empty keeps the source's size
 * @param startSeconds where in the source to begin, at least 0
 * @param frames how many frames to take, at least 1; empty takes all that follow
 * @param output the rebuilt video; its extension chooses the format
 * @param sideBySide original and result next to each other in one more video
 * @param metrics per-frame quality as JSON
 * @param precision empty for the fastest that this processor is good at
 * @param metadata whether the videos are to say how they were made
 */
public record ReconstructionRequest(
        Path input,
        String codec,
        OptionalInt resolution,
        double startSeconds,
        OptionalLong frames,
        Path output,
        Optional<Path> sideBySide,
        Optional<Path> metrics,
        Optional<Precision> precision,
        boolean metadata)
        implements JobRequest {

    /** The same reconstruction in other files. */
    public ReconstructionRequest withOutputs(Path rebuilt, Optional<Path> besideOriginal) {
        return new ReconstructionRequest(
                input,
                codec,
                resolution,
                startSeconds,
                frames,
                rebuilt,
                besideOriginal,
                metrics,
                precision,
                metadata);
    }
}
