package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A video codec on disk, recognised by its tensors. Its sizes come from {@code config.json}, or
 * from the hyper-parameters that a Lightning checkpoint holds itself.
 *
 * @param weights the file that holds the tensors
 * @param sequenceLength frames of the clips it was trained on, which is what it does best
 */
public record CodecCheckpoint(WeightFile weights, VideoGptVqVaeConfig config, int sequenceLength) {
    /** What people call the architecture. */
    public static final String ARCHITECTURE = "VideoGPT VQ-VAE";

    private static final String CONFIG = "config.json";
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final int DEFAULT_SEQUENCE_LENGTH = 16;
    private static final List<String> WEIGHT_NAMES =
            List.of(
                    "diffusion_pytorch_model.safetensors",
                    "model.safetensors",
                    "pytorch_model.bin",
                    "diffusion_pytorch_model.bin");

    /**
     * Opens a weight file, a folder with one, or a model folder whose {@code vae} folder has one.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is none, or it is no codec
     */
    public static CodecCheckpoint open(Path place) {
        Path file = weightFile(place);
        Component component = new Component(WeightFile.open(file));
        if (!recognises(component)) {
            throw new Problem.CheckpointUnknown(file, "its tensors are not those of a video VQ-VAE")
                    .asException();
        }
        return of(component);
    }

    /** Whether the tensors are those of a codec. */
    static boolean recognises(Component component) {
        return component.has("codebook.embeddings") && component.has("encoder.convs.0.conv.weight");
    }

    /** The codec that {@link #recognises recognised} tensors are. */
    static CodecCheckpoint of(Component component) {
        WeightFile weights = component.weights();
        Path file = weights.file();
        Map<String, Object> fields =
                lightningFields(weights.root())
                        .or(() -> configFields(file.resolveSibling(CONFIG)))
                        .orElseThrow(() ->
                                new Problem.CheckpointUnknown(
                                                file,
                                                "there is no config.json beside it that says how it compresses")
                                        .asException());
        return new CodecCheckpoint(weights, config(file, fields), sequenceLength(fields));
    }

    /**
     * The weight file that {@link #open} reads of a place.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is none
     */
    public static Path weightFile(Path place) {
        if (!Files.exists(place)) {
            throw new Problem.FileMissing(place).asException();
        }
        return Files.isDirectory(place) ? weightsIn(place) : place;
    }

    /**
     * Checks that the tensors are those of the configuration, without reading them.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Problem.CheckpointMismatch} with
     *     every difference
     */
    public void check() {
        Parameters.check(weights, ARCHITECTURE, config.parameters());
    }

    /** What people call it. */
    public String architecture() {
        return ARCHITECTURE;
    }

    /** Its sizes, a short phrase each. */
    List<String> facts() {
        return List.of(
                "%d codes of %d numbers, one per %s frames, rows and columns"
                        .formatted(
                                config.nCodes(),
                                config.embeddingDim(),
                                config.downsample().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" x "))),
                "%d hidden channels, %d residual layers"
                        .formatted(config.nHiddens(), config.nResLayers()));
    }

    /** How its latents lie in a clip. */
    CodecGrid grid() {
        List<Integer> factors = config.downsample();
        return new CodecGrid(factors.getFirst(), factors.getLast(), false);
    }

    /** C of its latents. */
    int latentChannels() {
        return config.embeddingDim();
    }

    /**
     * The model, its weights mapped from the file.
     *
     * @param manager owns the weights
     * @param k what it computes with from then on
     */
    public VideoGptVqVae load(NDManager manager, Kernels k, Precision precision) {
        Parameters mapped = Parameters.load(manager, weights, ARCHITECTURE, config.parameters());
        return new VideoGptVqVae(
                config,
                VideoGptVqVae.prepare(mapped, k, precision, manager),
                k,
                precision,
                Norms.RUNNING);
    }

    private static Path weightsIn(Path folder) {
        for (Path place : List.of(folder, folder.resolve("vae"))) {
            for (String name : WEIGHT_NAMES) {
                if (Files.exists(place.resolve(name))) {
                    return place.resolve(name);
                }
            }
            Optional<Path> only = onlyWeightFile(place);
            if (only.isPresent()) {
                return only.get();
            }
        }
        throw new Problem.CheckpointUnknown(folder, "there is no weight file in it").asException();
    }

    private static Optional<Path> onlyWeightFile(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> weights =
                    files.filter(file ->
                                    file.getFileName()
                                            .toString()
                                            .matches(".*\\.(ckpt|pth|pt|bin|safetensors)"))
                            .filter(file ->
                                    !file.getFileName().toString().equals("training_args.bin"))
                            .toList();
            return weights.size() == 1 ? Optional.of(weights.getFirst()) : Optional.empty();
        } catch (IOException e) {
            throw new Problem.FileInaccessible(folder, String.valueOf(e.getMessage()))
                    .asException(e);
        }
    }

    /** {@code hyper_parameters["args"]} of PyTorch-Lightning. */
    private static Optional<Map<String, Object>> lightningFields(Object root) {
        if (root instanceof Map<?, ?> map
                && map.get("hyper_parameters") instanceof Map<?, ?> hyper
                && hyper.get("args") instanceof Map<?, ?> args) {
            return Optional.of(named(args));
        }
        return Optional.empty();
    }

    private static Optional<Map<String, Object>> configFields(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(named(JSON.readValue(Files.readString(file), Map.class)));
        } catch (JsonProcessingException e) {
            throw new Problem.CheckpointDamaged(file, "it is not valid JSON").asException(e);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }

    private static Map<String, Object> named(Map<?, ?> map) {
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        return fields;
    }

    private static VideoGptVqVaeConfig config(Path file, Map<String, Object> fields) {
        try {
            return new VideoGptVqVaeConfig(
                    number(fields, "embedding_dim"),
                    number(fields, "n_codes"),
                    number(fields, "n_hiddens"),
                    number(fields, "n_res_layers"),
                    downsample(fields.get("downsample")));
        } catch (IllegalArgumentException e) {
            throw new Problem.CheckpointUnknown(
                            file, "its configuration has no usable sizes (" + e.getMessage() + ")")
                    .asException(e);
        }
    }

    /** The reference writes a list, a tuple or the text of its command line, "4,4,4". */
    private static List<Integer> downsample(@Nullable Object value) {
        List<?> factors =
                switch (value) {
                    case String text -> Arrays.asList(text.split(","));
                    case List<?> list -> list;
                    case null, default ->
                            throw new IllegalArgumentException("downsample is " + value);
                };
        return factors.stream().map(f -> Integer.parseInt(String.valueOf(f).strip())).toList();
    }

    private static int number(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalArgumentException(name + " is " + fields.get(name));
    }

    private static int sequenceLength(Map<String, Object> fields) {
        return fields.get("sequence_length") instanceof Number n && n.intValue() >= 1
                ? n.intValue()
                : DEFAULT_SEQUENCE_LENGTH;
    }
}
