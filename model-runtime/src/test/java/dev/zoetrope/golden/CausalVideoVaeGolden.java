package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.CausalVideoVae;
import dev.zoetrope.model.codec.CausalVideoVae.Posterior;
import dev.zoetrope.model.codec.CausalVideoVae.Tile;
import dev.zoetrope.model.codec.CausalVideoVae.Tiling;
import dev.zoetrope.model.codec.CausalVideoVaeConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Posteriors, decoded clips and the levels in between, tiled where the case says so. */
final class CausalVideoVaeGolden {
    private static final double RTOL = 2e-4;
    private static final double ATOL = 5e-5;

    private CausalVideoVaeGolden() {}

    /** Tile sizes too small for anything but a test; without the frames nothing is cut in time. */
    private record Tiles(
            @JsonProperty("tile_sample_min_size") int sampleSize,
            @JsonProperty("tile_sample_min_size_t") @Nullable Integer sampleFrames,
            @JsonProperty("tile_latent_min_size") int latentSize,
            @JsonProperty("tile_latent_min_size_t") @Nullable Integer latentFrames,
            @JsonProperty("tile_overlap_factor") double overlap) {
        Tiling tiling() {
            return new Tiling(
                    tile(sampleSize, sampleFrames), tile(latentSize, latentFrames), overlap);
        }

        private static Tile tile(int side, @Nullable Integer frames) {
            return new Tile(side, frames == null ? Integer.MAX_VALUE : frames);
        }
    }

    private record Overrides(
            @JsonProperty("_tile_overrides_for_this_test") @Nullable Tiles tiles) {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.inference();
        CausalVideoVaeConfig config = golden.config(CausalVideoVaeConfig.class);
        WeightFile weights = WeightFile.open(golden.file("weights.safetensors"));
        Parameters mapped =
                Parameters.load(
                        golden.manager(), weights, "CausalVideoVAE", halves(config, weights));
        CausalVideoVae model =
                new CausalVideoVae(
                        config,
                        CausalVideoVae.prepare(mapped, k, Precision.FP32, golden.manager()),
                        k,
                        Precision.FP32);
        Tiles tiles = golden.config(Overrides.class).tiles();
        Function<NDArray, Posterior> encode =
                x -> tiles == null ? model.encode(x) : model.encode(x, tiles.tiling());
        UnaryOperator<NDArray> decode =
                z -> tiles == null ? model.decode(z) : model.decode(z, tiles.tiling());

        for (String call : golden.calls("x")) {
            NDArray x = golden.input(call + ".x");
            Posterior posterior = encode.apply(x);
            floats(golden, call + ".mean", posterior.mean());
            floats(golden, call + ".logvar", posterior.logVariance());
            if (golden.hasOutput(call + ".mean_untiled")) {
                floats(golden, call + ".mean_untiled", model.encode(x).mean());
            }
            if (golden.hasOutput(call + ".enc.down0")) {
                encoderStages(golden, call, model, x);
            }
        }
        for (String call : golden.calls("z")) {
            NDArray z = golden.input(call + ".z");
            floats(golden, call + ".decoded", decode.apply(z));
            if (golden.hasOutput(call + ".dec.up0")) {
                decoderStages(golden, call, model, z);
            }
        }
    }

    /** A case may have the weights of one half only. */
    private static Map<String, Shape> halves(CausalVideoVaeConfig config, WeightFile weights) {
        Map<String, Shape> shapes = new LinkedHashMap<>(config.parameters());
        if (!weights.tensors().containsKey("encoder.norm_out.weight")) {
            shapes.keySet().removeIf(key -> key.matches("(encoder|quant_conv)\\..*"));
        }
        if (!weights.tensors().containsKey("decoder.norm_out.weight")) {
            shapes.keySet().removeIf(key -> key.matches("(decoder|post_quant_conv)\\..*"));
        }
        return shapes;
    }

    private static void encoderStages(
            GoldenCase golden, String call, CausalVideoVae model, NDArray x) {
        NDArray h = model.encoderIn(x);
        for (int i = 0; i < model.config().levels(); i++) {
            h = stage(golden, call + ".enc.down" + i, model.encoderBlocks(h, i));
            if (i + 1 < model.config().levels()) {
                h = model.temporalDownsample(model.spatialDownsample(h, i), i);
            }
        }
        middle(golden, call + ".enc.mid", model, h, "encoder.mid");
    }

    private static void decoderStages(
            GoldenCase golden, String call, CausalVideoVae model, NDArray z) {
        NDArray h = model.decoderIn(z);
        h = middle(golden, call + ".dec.mid", model, h, "decoder.mid");
        for (int i = model.config().levels() - 1; i >= 0; i--) {
            h = stage(golden, call + ".dec.up" + i, model.decoderBlocks(h, i));
            h = model.temporalUpsample(model.spatialUpsample(h, i), i);
        }
    }

    private static NDArray middle(
            GoldenCase golden, String key, CausalVideoVae model, NDArray x, String at) {
        NDArray h = stage(golden, key + ".block_1", model.middleBlock1(x, at));
        h = stage(golden, key + ".attn_1", model.middleAttention(h, at));
        return stage(golden, key + ".block_2", model.middleBlock2(h, at));
    }

    /** Compared where the case recorded it. */
    private static NDArray stage(GoldenCase golden, String key, NDArray actual) {
        if (golden.hasOutput(key)) {
            floats(golden, key, actual);
        }
        return actual;
    }

    private static void floats(GoldenCase golden, String key, NDArray actual) {
        golden.close(key, actual, RTOL, ATOL);
    }
}
