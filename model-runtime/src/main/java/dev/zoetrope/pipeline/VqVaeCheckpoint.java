package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.model.codec.VideoGptVqVae.Norms;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A {@link VideoGptVqVae} on disk. Its sizes come from {@code config.json}, or from the
 * hyper-parameters that a Lightning checkpoint holds itself.
 */
public record VqVaeCheckpoint(WeightFile weights, VideoGptVqVaeConfig config, int sequenceLength)
        implements CodecCheckpoint {
    private static final int DEFAULT_SEQUENCE_LENGTH = 16;

    static boolean isOne(Component component) {
        return component.has("codebook.embeddings") && component.has("encoder.convs.0.conv.weight");
    }

    static VqVaeCheckpoint of(Component component) {
        Path file = component.weights().file();
        Map<String, Object> fields =
                lightningFields(component.weights().root())
                        .or(() -> component.config(Map.class).map(VqVaeCheckpoint::named))
                        .orElseThrow(() ->
                                new Problem.CheckpointUnknown(
                                                file,
                                                "there is no config.json beside it that says how it compresses")
                                        .asException());
        return new VqVaeCheckpoint(
                component.weights(), config(file, fields), sequenceLength(fields));
    }

    @Override
    public String architecture() {
        return "VideoGPT VQ-VAE";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public List<String> facts() {
        return List.of(
                "%d codes of %d numbers, %s per %s frames, rows and columns"
                        .formatted(
                                config.nCodes(),
                                config.codeWidth(),
                                config.codeGroups() == 1 ? "one" : config.codeGroups(),
                                config.downsample().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" x "))),
                "%d hidden channels, %d residual layers"
                        .formatted(config.nHiddens(), config.nResLayers()));
    }

    @Override
    public CodecGrid grid() {
        List<Integer> factors = config.downsample();
        return new CodecGrid(factors.getFirst(), Math.max(factors.get(1), factors.get(2)), false);
    }

    @Override
    public int latentChannels() {
        return config.embeddingDim();
    }

    /** Latents are those before the codebook, which rounds them on their way to pixels. */
    @Override
    public Codec load(NDManager manager, Kernels k, Precision precision, Portion portion) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        VideoGptVqVae model =
                new VideoGptVqVae(
                        config,
                        VideoGptVqVae.prepare(mapped, k, precision, manager),
                        k,
                        precision,
                        Norms.RUNNING);
        return new Codec() {
            @Override
            public CodecGrid grid() {
                return VqVaeCheckpoint.this.grid();
            }

            @Override
            public OptionalInt codebookSize() {
                return OptionalInt.of(config.nCodes());
            }

            @Override
            public NDArray pixels(NDArray bytes) {
                return k.pixelsFromBytes(bytes, 1 / 255.0, -0.5);
            }

            @Override
            public NDArray encode(NDArray pixels) {
                return model.latents(pixels);
            }

            @Override
            public NDArray decode(NDArray latents, Consumer<? super NDArray> codes) {
                NDArray nearest = model.quantize(latents);
                codes.accept(nearest);
                return model.decode(nearest);
            }

            @Override
            public NDArray bytes(NDArray pixels) {
                return k.bytesFromPixels(pixels, -0.5, 0.5);
            }
        };
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
                    downsample(fields.get("downsample")),
                    fields.containsKey("code_groups") ? number(fields, "code_groups") : 1);
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
