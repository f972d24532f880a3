package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.train.ClipCache.Spread;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;

/**
 * A codec whose {@code config.json} gives {@code latents_mean} and {@code latents_std}: denoisers
 * take and make its latents with each channel brought to mean 0 and deviation 1.
 */
record NormalizedCodec(CodecCheckpoint raw, Spread spread) implements CodecCheckpoint {
    static final String MEAN = "latents_mean";
    static final String DEVIATION = "latents_std";

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Said(
            @JsonProperty(MEAN) @Nullable List<Double> mean,
            @JsonProperty(DEVIATION) @Nullable List<Double> deviation) {}

    /** The codec itself where its configuration gives no such numbers. */
    static CodecCheckpoint of(CodecCheckpoint raw, Component component) {
        Optional<Said> said = component.config(Said.class);
        if (said.isEmpty() || said.get().mean == null || said.get().deviation == null) {
            return raw;
        }
        Spread spread = new Spread(said.get().mean, said.get().deviation);
        if (spread.mean().size() != raw.latentChannels()
                || spread.deviation().size() != raw.latentChannels()) {
            throw new Problem.CheckpointUnknown(
                            component.configFile(),
                            "%s and %s need %d numbers each"
                                    .formatted(MEAN, DEVIATION, raw.latentChannels()))
                    .asException();
        }
        return new NormalizedCodec(raw, spread);
    }

    @Override
    public WeightFile weights() {
        return raw.weights();
    }

    @Override
    public String architecture() {
        return raw.architecture();
    }

    @Override
    public Map<String, Shape> parameters() {
        return raw.parameters();
    }

    @Override
    public List<String> facts() {
        return raw.facts();
    }

    @Override
    public CodecGrid grid() {
        return raw.grid();
    }

    @Override
    public int latentChannels() {
        return raw.latentChannels();
    }

    @Override
    public int sequenceLength() {
        return raw.sequenceLength();
    }

    @Override
    public List<Portion> portions() {
        return raw.portions();
    }

    @Override
    public Codec load(NDManager manager, Kernels k, Precision precision, Portion portion) {
        Codec codec = raw.load(manager, k, precision, portion);
        List<Double> mean = spread.mean();
        List<Double> deviation = spread.deviation();
        NDArray narrow = floats(manager, c -> 1 / deviation.get(c));
        NDArray centre = floats(manager, c -> -mean.get(c) / deviation.get(c));
        NDArray widen = floats(manager, deviation::get);
        NDArray place = floats(manager, mean::get);
        return new Codec() {
            @Override
            public CodecGrid grid() {
                return codec.grid();
            }

            @Override
            public OptionalInt codebookSize() {
                return codec.codebookSize();
            }

            @Override
            public NDArray pixels(NDArray bytes) {
                return codec.pixels(bytes);
            }

            @Override
            public NDArray encode(NDArray pixels) {
                return k.rescaleChannels(codec.encode(pixels), narrow, centre);
            }

            @Override
            public NDArray decode(NDArray latents, Consumer<? super NDArray> codes) {
                return codec.decode(k.rescaleChannels(latents, widen, place), codes);
            }

            @Override
            public NDArray bytes(NDArray pixels) {
                return codec.bytes(pixels);
            }
        };
    }

    private NDArray floats(NDManager manager, IntToDoubleFunction at) {
        float[] values = new float[latentChannels()];
        for (int c = 0; c < values.length; c++) {
            values[c] = (float) at.applyAsDouble(c);
        }
        return manager.create(values);
    }
}
