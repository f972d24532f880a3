package dev.zoetrope.pipeline;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * A model folder's {@code zoetrope.json}: what its publisher says beyond what the components'
 * configurations do. Everything may be absent.
 *
 * @param width native size in pixels
 * @param height native size in pixels
 * @param frames native length
 * @param fps frames per second of its clips
 * @param steps of the sampler
 * @param guidance 1 for none
 * @param firstFrame whether it has learned to go on from a first frame
 * @param labels names of the classes, the first of label 0
 * @param latentRgb rows of three colours, one for each channel of the latents and one for the
 *     constant: what latents look like
 * @param licence what people may do with it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record ModelCard(
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable Integer frames,
        @Nullable Double fps,
        @Nullable Integer steps,
        @Nullable Double guidance,
        @JsonProperty("first_frame") boolean firstFrame,
        @JsonProperty("labels") List<String> labels,
        @JsonProperty("latent_rgb") List<List<Float>> latentRgb,
        @Nullable String licence) {
    ModelCard {
        labels = List.copyOf(Objects.requireNonNullElse(labels, List.of()));
        latentRgb = List.copyOf(Objects.requireNonNullElse(latentRgb, List.of()));
    }

    static ModelCard empty() {
        return new ModelCard(null, null, null, null, null, null, false, List.of(), List.of(), null);
    }
}
