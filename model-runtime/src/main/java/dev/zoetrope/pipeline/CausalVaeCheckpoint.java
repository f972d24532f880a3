package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.CausalVideoVae;
import dev.zoetrope.model.codec.CausalVideoVae.Tiling;
import dev.zoetrope.model.codec.CausalVideoVaeConfig;
import dev.zoetrope.runtime.device.Memory;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.WeightFile;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A {@link CausalVideoVae} on disk. The discriminator and the perceptual network that Lightning
 * keeps with it are no part of it.
 */
public record CausalVaeCheckpoint(WeightFile weights, CausalVideoVaeConfig config)
        implements CodecCheckpoint {
    /** What brings latents to a standard deviation of about 1. */
    private static final float SCALE = 0.18215f;

    private static final int SEQUENCE_LENGTH = 17;

    static boolean isOne(Component component) {
        return component.has("encoder.down.0.block.0.norm1.weight")
                && component.has("decoder.up.0.block.0.norm1.weight");
    }

    static CausalVaeCheckpoint of(Component component) {
        CausalVideoVaeConfig config =
                component
                        .config(CausalVideoVaeConfig.class)
                        .orElseThrow(() ->
                                new Problem.CheckpointUnknown(
                                                component.weights().file(),
                                                "there is no config.json beside it that says which layers it has")
                                        .asException());
        WeightFile weights = component.weights().without(name -> name.startsWith("loss."));
        return new CausalVaeCheckpoint(weights, config);
    }

    @Override
    public String architecture() {
        return "CausalVideoVAE";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public List<String> facts() {
        return List.of(
                "%d numbers per %d x %d x %d frames, rows and columns, the first frame by itself"
                        .formatted(
                                latentChannels(),
                                config.temporalFactor(),
                                config.spatialFactor(),
                                config.spatialFactor()),
                "%d hidden channels, %d levels".formatted(config.hiddenSize(), config.levels()));
    }

    @Override
    public CodecGrid grid() {
        return new CodecGrid(config.temporalFactor(), config.spatialFactor(), true);
    }

    @Override
    public int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public int sequenceLength() {
        return SEQUENCE_LENGTH;
    }

    @Override
    public List<Portion> portions() {
        return List.of(Portion.TILES, Portion.SMALLEST);
    }

    /**
     * Latents are the means of their distributions; drawing from it is for training. Clips larger
     * than a tile of the reference are coded by its tiles where as a whole they would take more
     * than half of this machine's memory: the size of the memory alone decides, so that a machine
     * makes the same of a clip every time.
     */
    @Override
    public Codec load(NDManager manager, Kernels k, Precision precision, Portion portion) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        CausalVideoVae model =
                new CausalVideoVae(
                        config,
                        CausalVideoVae.prepare(mapped, k, precision, manager),
                        k,
                        precision);
        Tiling published = Tiling.published(config);
        Tiling tiling = portion == Portion.SMALLEST ? published.halved(config) : published;
        long memory = portion == Portion.USUAL ? Memory.totalBytes() / 2 : 0;
        return new Codec() {
            @Override
            public CodecGrid grid() {
                return CausalVaeCheckpoint.this.grid();
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
                boolean whole = model.workingBytes(pixels.getShape()) <= memory;
                return (whole ? model.encode(pixels) : model.encode(pixels, tiling))
                        .mean()
                        .mul(SCALE);
            }

            @Override
            public NDArray decode(NDArray latents, Consumer<? super NDArray> codes) {
                NDArray z = latents.div(SCALE);
                boolean whole = model.workingBytes(pixelShape(z.getShape())) <= memory;
                return whole ? model.decode(z) : model.decode(z, tiling);
            }

            private Shape pixelShape(Shape z) {
                CodecGrid grid = grid();
                return new Shape(
                        z.get(0),
                        3,
                        grid.lengths().frames((int) z.get(2)),
                        z.get(3) * grid.stride(),
                        z.get(4) * grid.stride());
            }

            @Override
            public NDArray bytes(NDArray pixels) {
                return k.truncatedBytesFromPixels(pixels, -1, 1);
            }
        };
    }
}
