package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDit;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.weights.WeightFile;

import java.util.List;

/** Embeddings, blocks, outputs with and without a mask, and guided outputs. */
final class VideoDitGolden {
    private static final double RTOL = 1e-4;
    private static final double ATOL = 2e-5;
    private static final double GUIDANCE = 4;

    private VideoDitGolden() {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.inference();
        VideoDitConfig config = golden.config(VideoDitConfig.class);
        Parameters weights =
                Parameters.load(
                        golden.manager(),
                        WeightFile.open(golden.file("weights.safetensors")),
                        "VideoDit",
                        config.parameters());
        VideoDit model = new VideoDit(config, weights, k, Precision.FP32);

        for (String call : golden.calls("x")) {
            NDArray x = golden.input(call + ".x");
            NDArray t = golden.input(call + ".t");
            NDArray y = config.conditional() ? golden.input(call + ".y") : null;
            NDArray mask = golden.optionalInput(call + ".attention_mask");
            floats(golden, call + ".out", model.forward(x, t, y, mask));
            if (golden.hasOutput(call + ".tokens_in")) {
                stages(golden, call, model, x, t, y);
            }
            if (golden.hasOutput(call + ".cfg_out")) {
                // The reference denoises the first half of the batch under both conditions.
                NDArray half = x.split(2, 0).get(0);
                NDArray twice = k.concat(List.of(half, half), 0);
                List<NDArray> out = k.chunk(model.forward(twice, t, y, mask), 2, 0);
                Guidance guidance =
                        new Guidance(GUIDANCE, model.guidedAxis(), model.guidedLength());
                floats(
                        golden,
                        call + ".cfg_out",
                        GoldenCase.guided(guidance, out.get(0), out.get(1)));
            }
        }
    }

    private static void stages(
            GoldenCase golden, String call, VideoDit model, NDArray x, NDArray t, NDArray y) {
        Kernels k = Kernels.inference();
        floats(golden, call + ".x_embed", model.patches(x));
        floats(golden, call + ".t_emb", model.timestepEmbedding(t));
        NDArray h = model.tokens(x);
        floats(golden, call + ".tokens_in", h);
        NDArray c = model.condition(t, y);
        NDArray rotation = model.rotation(x);
        for (int i = 0; golden.hasOutput(call + ".block" + i); i++) {
            String at = "blocks." + i;
            if (golden.hasOutput(call + ".block" + i + ".attn")) {
                List<NDArray> m = model.modulation(golden.manager(), c, at, 6);
                NDArray z = k.modulate(k.layerNorm(h, 1e-6), m.get(0), m.get(1));
                floats(
                        golden,
                        call + ".block" + i + ".attn",
                        model.attention(z, rotation, null, at + ".attn"));
            }
            h = model.block(h, c, rotation, null, at);
            floats(golden, call + ".block" + i, h);
        }
    }

    private static void floats(GoldenCase golden, String key, NDArray actual) {
        golden.close(key, actual, RTOL, ATOL);
    }
}
