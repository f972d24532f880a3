package dev.zoetrope.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.WeightFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One part of a model on disk: a weight file, and beside it the {@code config.json} that says how
 * large the part is.
 */
public record Component(WeightFile weights) {
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** What libraries call the weights, and the indices of weights in several files. */
    private static final List<String> WEIGHT_NAMES =
            List.of(
                    "diffusion_pytorch_model.safetensors",
                    "diffusion_pytorch_model.safetensors.index.json",
                    "model.safetensors",
                    "model.safetensors.index.json",
                    "pytorch_model.bin",
                    "pytorch_model.bin.index.json",
                    "diffusion_pytorch_model.bin",
                    "model.onnx");

    /**
     * Opens a weight file, or the one of a folder.
     *
     * @throws ProblemException when there is none, or it is damaged
     */
    public static Component open(Path place) {
        if (!Files.exists(place)) {
            throw new Problem.FileMissing(place).asException();
        }
        if (!Files.isDirectory(place)) {
            return new Component(WeightFile.open(place));
        }
        return new Component(
                WeightFile.open(
                        weightsIn(place)
                                .orElseThrow(() ->
                                        new Problem.CheckpointUnknown(
                                                        place, "there is no weight file in it")
                                                .asException())));
    }

    /**
     * The weight file of a folder: the only Lightning checkpoint, which the reference prefers, one
     * of a usual name, or the only one there is.
     */
    static Optional<Path> weightsIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        return only(folder, "ckpt")
                .or(() ->
                        WEIGHT_NAMES.stream()
                                .map(folder::resolve)
                                .filter(Files::exists)
                                .findFirst())
                .or(() -> only(folder, "ckpt|pth|pt|bin|safetensors"));
    }

    private static Optional<Path> only(Path folder, String extensions) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> weights =
                    files.filter(file -> isWeightFile(file.getFileName().toString(), extensions))
                            .toList();
            return weights.size() == 1 ? Optional.of(weights.getFirst()) : Optional.empty();
        } catch (IOException e) {
            throw inaccessible(folder, e);
        }
    }

    private static boolean isWeightFile(String name, String extensions) {
        return name.matches(".*\\.(" + extensions + ")") && !name.equals("training_args.bin");
    }

    /** All files it is made of, the weight file first. */
    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        files.add(weights.file());
        weights.tensors().values().forEach(tensor -> files.add(tensor.file()));
        if (Files.exists(configFile())) {
            files.add(configFile());
        }
        return files;
    }

    boolean has(String tensor) {
        return weights.tensors().containsKey(tensor);
    }

    Path configFile() {
        return weights.file().resolveSibling("config.json");
    }

    /** What the configuration calls itself in {@code _class_name}; empty where it does not. */
    String className() {
        return Files.exists(configFile())
                ? readJson(configFile()).path("_class_name").asText("")
                : "";
    }

    /**
     * The sizes, where there is a configuration.
     *
     * @throws ProblemException when it says nothing that could be built
     */
    <T> Optional<T> config(Class<T> type) {
        return read(configFile(), type);
    }

    /**
     * What a JSON file says, where there is one.
     *
     * @throws ProblemException when it says nothing that fits the type
     */
    static <T> Optional<T> read(Path file, Class<T> type) {
        return Files.exists(file)
                ? Optional.of(convert(file, readJson(file), type))
                : Optional.empty();
    }

    /**
     * What a part of a JSON file says.
     *
     * @throws ProblemException when it says nothing that fits the type
     */
    static <T> T convert(Path file, JsonNode part, Class<T> type) {
        try {
            return JSON.treeToValue(part, type);
        } catch (JsonMappingException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw unusable(file, String.valueOf(cause.getMessage()), e);
        } catch (JsonProcessingException e) {
            throw unusable(file, e.getOriginalMessage(), e);
        }
    }

    private static ProblemException unusable(Path file, String reason, Exception e) {
        String firstLine = reason.lines().findFirst().orElse(reason);
        return new Problem.CheckpointUnknown(file, "nothing can be built from it: " + firstLine)
                .asException(e);
    }

    /**
     * The content of a JSON file.
     *
     * @throws ProblemException when it cannot be read
     */
    static JsonNode readJson(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new Problem.CheckpointDamaged(file, "it is not valid JSON").asException(e);
        } catch (IOException e) {
            throw inaccessible(file, e);
        }
    }

    private static ProblemException inaccessible(Path place, IOException e) {
        return new Problem.FileInaccessible(place, String.valueOf(e.getMessage())).asException(e);
    }
}
