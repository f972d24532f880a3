package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2V;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

/** Tables of positions, embeddings, blocks, and outputs at several sizes and under masks. */
final class LatteT2VGolden {
    private static final double RTOL = 1e-4;
    private static final double ATOL = 3e-5;

    private LatteT2VGolden() {}

    static void run(GoldenCase golden) {
        LatteT2VConfig config = golden.config(LatteT2VConfig.class);
        Parameters weights =
                Parameters.load(
                        golden.manager(),
                        WeightFile.open(golden.file("weights.safetensors")),
                        "LatteT2V",
                        config.parameters());
        LatteT2V model = new LatteT2V(config, weights, Kernels.inference(), Precision.FP32);

        for (String call : golden.calls("hidden_states")) {
            NDArray x = golden.input(call + ".hidden_states");
            NDArray t = golden.input(call + ".timestep");
            NDArray text = golden.input(call + ".encoder_hidden_states");
            NDArray textMask = golden.optionalInput(call + ".encoder_attention_mask");
            NDArray mask = golden.optionalInput(call + ".attention_mask");
            floats(golden, call + ".out", model.forward(x, t, text, textMask, mask));
            if (golden.hasOutput(call + ".pos_embed")) {
                stages(golden, call, model, x, t, text, textMask, mask);
            }
            if (call.equals("base")) {
                floats(golden, "temp_pos_embed", model.temporalPositions(x));
                floats(golden, "pos_embed.pos_embed", model.spatialPositions(x));
            }
        }
    }

    private static void stages(
            GoldenCase golden,
            String call,
            LatteT2V model,
            NDArray x,
            NDArray timesteps,
            NDArray words,
            NDArray textMask,
            NDArray mask) {
        Kernels k = Kernels.inference();
        NDArray embedded = model.embeddedTimestep(timesteps);
        NDArray t = model.modulation(embedded);
        LatteT2V.Text text = model.text(words, textMask);
        LatteT2V.Frame frame = model.frame(x, mask);
        NDArray h = model.tokens(x);
        floats(golden, call + ".embedded_timestep", embedded);
        floats(golden, call + ".adaln_single", t);
        floats(golden, call + ".caption_projection", text.words());
        floats(golden, call + ".pos_embed", h);
        for (int i = 0; golden.hasOutput(call + ".spatial" + i); i++) {
            h = model.spatialBlock(h, t, text, frame, i);
            floats(golden, call + ".spatial" + i, h);
            h = h.transpose(0, 2, 1, 3);
            if (i == 0) {
                h = k.add(h, model.temporalPositions(x));
            }
            h = model.temporalBlock(h, t, model.temporalRotation(x), i);
            floats(golden, call + ".temporal" + i, h);
            h = h.transpose(0, 2, 1, 3);
        }
    }

    private static void floats(GoldenCase golden, String key, NDArray actual) {
        golden.close(key, actual, RTOL, ATOL);
    }
}
