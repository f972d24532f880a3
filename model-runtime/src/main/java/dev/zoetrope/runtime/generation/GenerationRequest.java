package dev.zoetrope.runtime.generation;

import static java.util.Objects.requireNonNull;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobRequest;
import dev.zoetrope.runtime.problem.Problem;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Everything that determines a clip: equal requests to one model give equal frames on one machine.
 * What is empty is as the model was trained or published.
 *
 * @param prompt what is to be seen; for models of classes the class' number or name; empty for
 *     models without conditions
 * @param negative what is not to be seen; for models of text
 * @param image the picture, or the video with the frame, that the clip begins with; for models that
 *     take one
 * @param model name of an installed model, or a model folder
 * @param aspect width to height
 * @param resolution shorter side in pixels
 * @param length of the clip
 * @param fps frames per second that the clip is played with
 * @param steps of the sampler
 * @param guidance 1 for none; the more, the closer to the prompt
 * @param sampler short name, such as {@code ddim}
 * @param seed of the noise
 * @param output the clip; its extension chooses the format
 * @param precision empty for the fastest that this processor is good at
 * @param metadata whether the clip is to say how it was made
 */
public record GenerationRequest(
        String prompt,
        String negative,
        Optional<Path> image,
        String model,
        Optional<AspectRatio> aspect,
        OptionalInt resolution,
        Optional<ClipLength> length,
        OptionalDouble fps,
        OptionalInt steps,
        OptionalDouble guidance,
        Optional<String> sampler,
        long seed,
        Path output,
        Optional<Precision> precision,
        boolean metadata)
        implements JobRequest {
    /**
     * Checks the least that a clip is made of; a request from elsewhere may lack anything.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Problem.ImpossibleRequest} when
     *     no model is named
     */
    public GenerationRequest {
        requireNonNull(prompt);
        requireNonNull(output);
        if (model == null || model.isBlank()) {
            throw new Problem.ImpossibleRequest(
                            "No model is named to make the clip.",
                            "Choose one of those that are installed, or a model folder.")
                    .asException();
        }
    }

    /** With everything as the model was published, at the size and length it was trained at. */
    public static GenerationRequest usual(
            String prompt, String model, long seed, Path output, Optional<Precision> precision) {
        return new GenerationRequest(
                prompt,
                "",
                Optional.empty(),
                model,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                seed,
                output,
                precision,
                true);
    }

    /** The same clip in another file. */
    public GenerationRequest withOutput(Path file) {
        return with(seed, file);
    }

    /** The same but for the seed. */
    public GenerationRequest withSeed(long other) {
        return with(other, output);
    }

    private GenerationRequest with(long seed, Path output) {
        return new GenerationRequest(
                prompt,
                negative,
                image,
                model,
                aspect,
                resolution,
                length,
                fps,
                steps,
                guidance,
                sampler,
                seed,
                output,
                precision,
                metadata);
    }
}
