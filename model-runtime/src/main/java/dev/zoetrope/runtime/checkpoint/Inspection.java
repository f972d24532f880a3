package dev.zoetrope.runtime.checkpoint;

import dev.zoetrope.runtime.generation.ModelAbilities;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a weight file or a model folder is, told by its content.
 *
 * @param place as it was asked for
 * @param parts a weight file is one, a model folder of several components has one for each
 * @param companions what else belongs to a model folder: vocabularies and configurations
 * @param abilities of a model folder with all that a clip takes
 */
public record Inspection(
        Path place, List<Part> parts, List<Path> companions, Optional<ModelAbilities> abilities) {
    public Inspection {
        parts = List.copyOf(parts);
        companions = List.copyOf(companions);
    }

    /** What a part is for. */
    public enum Role {
        DENOISER,
        CODEC,
        TEXT_ENCODER,
        UNKNOWN
    }

    /**
     * One weight file, or one index of several.
     *
     * @param format how the file holds its tensors
     * @param architecture a name people know; why there is none where {@code role} is unknown
     * @param facts sizes, a short phrase each
     * @param tensors of the file, in its order
     * @param metadata that the file holds beside them
     * @param files all that the part is made of, the weight file first
     */
    public record Part(
            Role role,
            Path file,
            String format,
            String architecture,
            List<String> facts,
            List<Tensor> tensors,
            Map<String, String> metadata,
            List<Path> files) {
        public Part {
            facts = List.copyOf(facts);
            tensors = List.copyOf(tensors);
            metadata = Map.copyOf(metadata);
            files = List.copyOf(files);
        }

        /** How many numbers all tensors hold. */
        public long numbers() {
            return tensors.stream().mapToLong(Tensor::numbers).sum();
        }

        /** Of all tensors. */
        public long bytes() {
            return tensors.stream().mapToLong(Tensor::bytes).sum();
        }
    }

    /**
     * A tensor of a weight file.
     *
     * @param type of its numbers, as safetensors calls it
     */
    public record Tensor(String name, String type, List<Long> shape, long bytes) {
        public Tensor {
            shape = List.copyOf(shape);
        }

        long numbers() {
            return shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /** Every file, those of the parts first. */
    public Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        parts.forEach(part -> files.addAll(part.files()));
        files.addAll(companions);
        return files;
    }
}
