package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.encoder.T5Encoder;
import dev.zoetrope.model.encoder.T5EncoderConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.util.stream.LongStream;

/** Distances and their bias, the states between blocks, and outputs with and without a mask. */
final class T5EncoderGolden {
    private static final double RTOL = 1e-4;
    private static final double ATOL = 2e-5;
    private static final String BIAS = "position_bias_";

    private T5EncoderGolden() {}

    static void run(GoldenCase golden) {
        T5EncoderConfig config = golden.config(T5EncoderConfig.class);
        WeightFile file = WeightFile.open(golden.file("weights.safetensors"));
        Parameters weights =
                Parameters.load(
                        golden.manager(), file, "T5", config.parameters(file.tensors().keySet()));
        T5Encoder model = new T5Encoder(config, weights, Kernels.inference(), Precision.FP32);

        NDArray ids = golden.input("input_ids");
        NDArray mask = golden.optionalInput("attention_mask");
        floats(golden, "out.last_hidden_state", model.forward(ids, mask));
        floats(golden, "nomask.out", model.forward(ids, null));
        stages(golden, model, ids, mask);
        for (String call : golden.calls("input_ids")) {
            NDArray callMask = golden.optionalInput(call + ".attention_mask");
            NDArray out = model.forward(golden.input(call + ".input_ids"), callMask);
            floats(golden, call + ".out", out);
        }
        for (String key : golden.outputs()) {
            if (key.startsWith(BIAS)) {
                long length = Long.parseLong(key.substring(BIAS.length()));
                floats(golden, key, model.positionBias(length));
            }
        }
        if (golden.hasOutput("bucket_rel")) {
            golden.equal("bucket_rel", buckets(golden, config));
        }
    }

    /** Of as many distances as were recorded, the same to both sides. */
    private static NDArray buckets(GoldenCase golden, T5EncoderConfig config) {
        long most = golden.output("bucket_rel").size() / 2;
        long[] distances = LongStream.rangeClosed(-most, most).toArray();
        return Kernels.inference()
                .relativeBuckets(
                        golden.manager().create(distances),
                        config.relativeAttentionNumBuckets(),
                        config.relativeAttentionMaxDistance());
    }

    /**
     * Each block from the recorded state before it: over several, rounding alone may add up to more
     * than the tolerance.
     */
    private static void stages(
            GoldenCase golden, T5Encoder model, NDArray ids, @Nullable NDArray mask) {
        NDArray bias = model.bias(ids.getShape().get(1), mask);
        floats(golden, "hidden0", model.embedded(ids));
        for (int i = 1; golden.hasOutput("hidden" + i); i++) {
            NDArray h = model.block(golden.output("hidden" + (i - 1)), bias, i - 1);
            boolean last = !golden.hasOutput("hidden" + (i + 1));
            golden.closeStates("hidden" + i, last ? model.finalNorm(h) : h, RTOL, ATOL);
        }
    }

    /** Not every case has all of them. */
    private static void floats(GoldenCase golden, String key, NDArray actual) {
        if (golden.hasOutput(key)) {
            golden.close(key, actual, RTOL, ATOL);
        }
    }
}
