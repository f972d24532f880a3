package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.Latte;
import dev.zoetrope.model.denoiser.LatteConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.weights.WeightFile;

import java.util.List;

/** Blocks, outputs with and without a mask, and guided outputs as they were meant. */
final class LatteGolden {
    private static final double RTOL = 1e-4;
    private static final double ATOL = 2e-5;
    private static final double GUIDANCE = 4;

    private LatteGolden() {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.inference();
        LatteConfig config = golden.config(LatteConfig.class);
        Parameters weights =
                Parameters.load(
                        golden.manager(),
                        WeightFile.open(golden.file("weights.safetensors")),
                        "Latte",
                        config.parameters());
        Latte model = new Latte(config, weights, k, Precision.FP32);

        for (String call : golden.calls("x")) {
            NDArray x = golden.input(call + ".x");
            NDArray t = golden.input(call + ".t");
            NDArray condition =
                    config.byLabel()
                            ? golden.input(call + ".y")
                            : golden.optionalInput(call + ".text_embedding");
            NDArray mask = golden.optionalInput(call + ".attention_mask");
            floats(golden, call + ".out", model.forward(x, t, condition, mask));
            if (golden.hasOutput(call + ".block0")) {
                blocks(golden, call, model, x, t, condition);
            }
            String guided = call + ".intended_cfg_out_channel_split";
            if (golden.hasOutput(guided)) {
                // The reference denoises the first half of the batch under both conditions.
                NDArray half = x.split(2, 0).get(0);
                NDArray twice = k.concat(List.of(half, half), 0);
                List<NDArray> out = k.chunk(model.forward(twice, t, condition, mask), 2, 0);
                Guidance guidance =
                        new Guidance(GUIDANCE, model.guidedAxis(), model.guidedLength());
                floats(golden, guided, GoldenCase.guided(guidance, out.get(0), out.get(1)));
            }
        }
    }

    private static void blocks(
            GoldenCase golden, String call, Latte model, NDArray x, NDArray t, NDArray condition) {
        Kernels k = Kernels.inference();
        NDArray c = k.silu(model.condition(model.timestepEmbedding(t), condition));
        NDArray h = model.tokens(x);
        for (int i = 0; golden.hasOutput(call + ".block" + i); i++) {
            if (i == 1) {
                h = k.add(h, model.temporalPositions(x));
            }
            h = model.block(h, c, null, "blocks." + i);
            floats(golden, call + ".block" + i, h);
            h = h.transpose(0, 2, 1, 3); // the next block attends along the other axis
        }
    }

    private static void floats(GoldenCase golden, String key, NDArray actual) {
        golden.close(key, actual, RTOL, ATOL);
    }
}
