package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.checkpoint.Inspection.Part;
import dev.zoetrope.runtime.checkpoint.Inspection.Role;
import dev.zoetrope.runtime.checkpoint.Inspection.Tensor;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says what is on disk; reads descriptions of tensors only, and needs no libtorch. */
final class ModelInspector {
    private static final List<String> PARTS = List.of("transformer", "vae", "text_encoder");
    private static final List<String> COMPANION_FOLDERS = List.of("tokenizer", "scheduler");
    private static final List<String> COMPANION_FILES =
            List.of("model_index.json", "zoetrope.json", "README.md", "LICENSE");

    private ModelInspector() {}

    /**
     * Tells what a weight file, a folder with one, or a model folder is.
     *
     * @throws ProblemException for weights that cannot be read, and for a model whose tensors are
     *     not those of its configuration
     */
    static Inspection inspect(Path place) {
        List<Path> folders = PARTS.stream().map(place::resolve).filter(Files::isDirectory).toList();
        if (folders.isEmpty()) {
            return new Inspection(place, List.of(part(place)), List.of(), Optional.empty());
        }
        return new Inspection(
                place,
                folders.stream().map(ModelInspector::part).toList(),
                companions(place),
                GenerationModel.isOne(place)
                        ? Optional.of(GenerationModel.open(place).abilities())
                        : Optional.empty());
    }

    private static Part part(Path place) {
        Component component = Component.open(place);
        if (DenoiserCheckpoint.recognises(component)) {
            DenoiserCheckpoint denoiser = DenoiserCheckpoint.of(component);
            denoiser.check();
            return part(
                    Role.DENOISER, component.weights(), denoiser.architecture(), facts(denoiser));
        }
        if (CodecCheckpoint.recognises(component)) {
            CodecCheckpoint codec = CodecCheckpoint.of(component);
            codec.check();
            return part(Role.CODEC, component.weights(), codec.architecture(), codec.facts());
        }
        return part(
                Role.UNKNOWN,
                component.weights(),
                "its tensors are not those of a model that Zoetrope knows",
                List.of());
    }

    private static List<String> facts(DenoiserCheckpoint denoiser) {
        LatentLayout latents = denoiser.latents();
        return List.of(
                "latents of %d channels, %d x %d x %d, in patches of %d"
                        .formatted(
                                latents.channels(),
                                latents.frames(),
                                latents.rows(),
                                latents.columns(),
                                latents.patch()),
                switch (denoiser.conditioning()) {
                    case Conditioning.None _ -> "takes no prompt";
                    case Conditioning.ByLabel(int classes) ->
                            "takes one of %d classes".formatted(classes);
                    case Conditioning.ByText(int channels, int words) ->
                            "takes a text of up to %d tokens, %d channels each"
                                    .formatted(words, channels);
                });
    }

    private static Part part(
            Role role, WeightFile weights, String architecture, List<String> facts) {
        List<Tensor> tensors = new ArrayList<>();
        weights.tensors()
                .forEach((name, slice) ->
                        tensors.add(
                                new Tensor(
                                        name, slice.dtype().name(), slice.shape(), bytes(slice))));
        return new Part(
                role,
                weights.file(),
                weights.format().title(),
                architecture,
                facts,
                tensors,
                weights.metadata(),
                List.copyOf(new Component(weights).files()));
    }

    private static long bytes(TensorSlice slice) {
        return slice.dtype().bytesFor(slice.elements());
    }

    private static List<Path> companions(Path folder) {
        List<Path> files =
                new ArrayList<>(
                        COMPANION_FILES.stream()
                                .map(folder::resolve)
                                .filter(Files::isRegularFile)
                                .toList());
        for (String name : COMPANION_FOLDERS) {
            Path inside = folder.resolve(name);
            if (Files.isDirectory(inside)) {
                try (Stream<Path> entries = Files.list(inside)) {
                    entries.filter(Files::isRegularFile).sorted().forEach(files::add);
                } catch (IOException e) {
                    throw Problem.FileInaccessible.of(inside, e).asException(e);
                }
            }
        }
        return files;
    }
}
