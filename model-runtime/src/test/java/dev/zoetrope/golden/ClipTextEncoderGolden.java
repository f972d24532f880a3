package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.encoder.ClipTextEncoder;
import dev.zoetrope.model.encoder.ClipTextEncoderConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

/** The states between blocks, and states and embeddings with and without a mask. */
final class ClipTextEncoderGolden {
    private static final double RTOL = 1e-4;
    private static final double ATOL = 2e-5;

    private ClipTextEncoderGolden() {}

    static void run(GoldenCase golden) {
        ClipTextEncoderConfig config = golden.config(ClipTextEncoderConfig.class);
        WeightFile file = WeightFile.open(golden.file("weights.safetensors"));
        Parameters weights =
                Parameters.load(
                        golden.manager(), file, "CLIP", config.parameters(file.tensors().keySet()));
        ClipTextEncoder model =
                new ClipTextEncoder(config, weights, Kernels.inference(), Precision.FP32);

        NDArray ids = golden.input("input_ids");
        NDArray mask = golden.optionalInput("attention_mask");
        outputs(golden, "out", model, ids, mask);
        outputs(golden, "nomask.out", model, ids, null);
        stages(golden, model, ids, mask);
        for (String call : golden.calls("input_ids")) {
            NDArray callIds = golden.input(call + ".input_ids");
            NDArray callMask = golden.optionalInput(call + ".attention_mask");
            outputs(golden, call + ".out", model, callIds, callMask);
        }
    }

    private static void outputs(
            GoldenCase golden,
            String call,
            ClipTextEncoder model,
            NDArray ids,
            @Nullable NDArray mask) {
        NDArray states = model.forward(ids, mask);
        NDArray pooled = model.pooled(ids, states);
        floats(golden, call + ".last_hidden_state", states);
        floats(golden, call + ".pooler_output", pooled);
        if (model.projects()) {
            floats(golden, call + ".text_embeds", model.projected(pooled));
        }
    }

    /**
     * Each block from the recorded state before it: over several, rounding alone may add up to more
     * than the tolerance.
     */
    private static void stages(
            GoldenCase golden, ClipTextEncoder model, NDArray ids, @Nullable NDArray mask) {
        NDArray bias = model.bias(ids, mask);
        floats(golden, "hidden0", model.embedded(ids));
        for (int i = 1; golden.hasOutput("hidden" + i); i++) {
            NDArray h = model.block(golden.output("hidden" + (i - 1)), bias, i - 1);
            golden.closeStates("hidden" + i, h, RTOL, ATOL);
        }
    }

    /** Not every case has all of them. */
    private static void floats(GoldenCase golden, String key, NDArray actual) {
        if (golden.hasOutput(key)) {
            golden.close(key, actual, RTOL, ATOL);
        }
    }
}
