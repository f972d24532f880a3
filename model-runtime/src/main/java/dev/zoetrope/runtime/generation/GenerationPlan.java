package dev.zoetrope.runtime.generation;

import dev.zoetrope.runtime.device.Precision;

import java.util.List;
import java.util.Optional;

/**
 * What a request comes to with its model.
 *
 * @param model as the request names it
 * @param denoiser architecture
 * @param codec architecture
 * @param prompt as the model is told it: choices made, weights taken out, cleaned
 * @param typedPrompt how the model reads what was typed; empty for models that read no text
 * @param typedNegative the same of what is not to be seen
 * @param width pixels
 * @param height pixels
 * @param frames of the clip
 * @param fps frames per second
 * @param latent shape (T, H, W) of the latents
 * @param tokens that the denoiser sees at once
 * @param sampler short name
 * @param steps asked of the sampler
 * @param guidance 1 for none
 * @param precision of the models
 * @param notices what differs from the request, and why
 */
public record GenerationPlan(
        String model,
        String denoiser,
        String codec,
        String prompt,
        Optional<PromptReading> typedPrompt,
        Optional<PromptReading> typedNegative,
        int width,
        int height,
        int frames,
        double fps,
        List<Integer> latent,
        long tokens,
        String sampler,
        int steps,
        double guidance,
        Precision precision,
        List<Notice> notices) {
    public GenerationPlan {
        latent = List.copyOf(latent);
        notices = List.copyOf(notices);
    }

    /** Duration in seconds. */
    public double seconds() {
        return frames / fps;
    }
}
