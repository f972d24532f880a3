package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.AutoencoderKl;
import dev.zoetrope.model.codec.AutoencoderKlConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** An {@link AutoencoderKl} on disk, as any version of diffusers writes it. */
public record AutoencoderKlCheckpoint(WeightFile weights, AutoencoderKlConfig config)
        implements CodecCheckpoint {
    /** Latte's, which it codes frames for. */
    private static final int SEQUENCE_LENGTH = 16;

    /** What older versions call the projections of an attention. */
    private static final Map<String, String> PROJECTIONS =
            Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");

    static boolean isOne(Component component) {
        return component.has("encoder.down_blocks.0.resnets.0.norm1.weight");
    }

    static AutoencoderKlCheckpoint of(Component component) {
        AutoencoderKlConfig config =
                component
                        .config(AutoencoderKlConfig.class)
                        .orElseThrow(() ->
                                new Problem.CheckpointUnknown(
                                                component.weights().file(),
                                                "there is no config.json beside it that says how it scales latents")
                                        .asException());
        return new AutoencoderKlCheckpoint(asWrittenToday(component.weights()), config);
    }

    private static WeightFile asWrittenToday(WeightFile weights) {
        Map<String, TensorSlice> tensors = new LinkedHashMap<>();
        weights.tensors()
                .forEach((key, slice) -> {
                    if (key.contains(".attentions.")) {
                        tensors.put(nameToday(key), asProjection(slice));
                    } else {
                        tensors.put(key, slice);
                    }
                });
        return weights.with(tensors);
    }

    private static String nameToday(String key) {
        String[] parts = key.split("\\.");
        int projection = parts.length - 2;
        parts[projection] = PROJECTIONS.getOrDefault(parts[projection], parts[projection]);
        return String.join(".", parts);
    }

    /** Converters from the original form leave them convolutions of a single position. */
    private static TensorSlice asProjection(TensorSlice slice) {
        List<Long> shape = slice.shape();
        return shape.size() == 4 && shape.subList(2, 4).equals(List.of(1L, 1L))
                ? new TensorSlice(
                        slice.file(),
                        slice.dtype(),
                        slice.offset(),
                        shape.subList(0, 2),
                        slice.strides().subList(0, 2))
                : slice;
    }

    @Override
    public String architecture() {
        return "AutoencoderKL";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public List<String> facts() {
        return List.of(
                "%d numbers per %d x %d rows and columns of each frame, every frame by itself"
                        .formatted(
                                latentChannels(), config.spatialFactor(), config.spatialFactor()),
                "%d hidden channels, %d levels"
                        .formatted(config.blockOutChannels().getFirst(), config.levels()));
    }

    @Override
    public CodecGrid grid() {
        return new CodecGrid(1, config.spatialFactor(), false);
    }

    @Override
    public int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public int sequenceLength() {
        return SEQUENCE_LENGTH;
    }

    /** A frame at a time instead of a few. */
    @Override
    public List<Portion> portions() {
        return List.of(Portion.SMALLEST);
    }

    /** Latents are the means of their distributions; drawing from it is for training. */
    @Override
    public Codec load(NDManager manager, Kernels k, Precision precision, Portion portion) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        AutoencoderKl model =
                new AutoencoderKl(
                        config,
                        AutoencoderKl.prepare(mapped, k, precision, manager),
                        k,
                        precision,
                        portion == Portion.SMALLEST ? 1 : AutoencoderKl.FRAMES_AT_ONCE);
        return new Codec() {
            @Override
            public CodecGrid grid() {
                return AutoencoderKlCheckpoint.this.grid();
            }

            @Override
            public OptionalInt codebookSize() {
                return OptionalInt.empty();
            }

            @Override
            public NDArray pixels(NDArray bytes) {
                return k.pixelsFromBytes(bytes, 2 / 255.0, -1);
            }

            @Override
            public NDArray encode(NDArray pixels) {
                return model.encode(pixels).mul(config.scalingFactor());
            }

            @Override
            public NDArray decode(NDArray latents, Consumer<? super NDArray> codes) {
                return model.decode(latents.div(config.scalingFactor()));
            }

            @Override
            public NDArray bytes(NDArray pixels) {
                return k.truncatedBytesFromPixels(pixels, -1, 1);
            }
        };
    }
}
