package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.Version;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.recipe.Circumstances;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a clip's file says of how it was made; nothing at all where its request says so. */
final class ClipTags {
    private ClipTags() {}

    static Map<String, String> of(
            GenerationRequest request, GenerationPlan plan, GenerationModel model) {
        if (!request.metadata()) {
            return Map.of();
        }
        List<Component> parts = new ArrayList<>();
        parts.add(new Component(model.denoiser().weights()));
        parts.add(new Component(model.codec().weights()));
        model.text().ifPresent(text -> parts.add(new Component(text.encoder().weights())));
        String fingerprint = Fingerprint.ofContent(model.scheduler().toString(), parts);
        Recipe.Settings settings =
                new Recipe.Settings(
                        plan.width(),
                        plan.height(),
                        plan.frames(),
                        plan.fps(),
                        plan.sampler(),
                        plan.steps(),
                        plan.guidance());
        return new Recipe.Generated(request, circumstances(fingerprint, plan.precision()), settings)
                .tags();
    }

    /**
     * @param file the reconstruction, or the video with the original on the left
     */
    static Map<String, String> of(
            ReconstructionRequest request, Path file, CodecCheckpoint codec, Precision precision) {
        if (!request.metadata()) {
            return Map.of();
        }
        ReconstructionRequest ofFile =
                request.sideBySide().equals(Optional.of(file))
                        ? request
                        : request.withOutputs(file, Optional.empty());
        String fingerprint = Fingerprint.ofContent("", List.of(new Component(codec.weights())));
        return new Recipe.Reconstructed(ofFile, circumstances(fingerprint, precision)).tags();
    }

    private static Circumstances circumstances(String fingerprint, Precision precision) {
        return new Circumstances(Version.NUMBER, fingerprint, Kernels.deviceName(), precision);
    }
}
