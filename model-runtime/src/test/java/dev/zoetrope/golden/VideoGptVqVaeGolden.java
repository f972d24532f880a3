package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.VideoGptVqVae;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import java.util.Set;
import java.util.TreeSet;

/** Encode, codes, embeddings, decode, losses, and the axial and residual blocks alone. */
final class VideoGptVqVaeGolden {
    private static final double RTOL = 1e-4;
    private static final double ATOL = 2e-5;

    private VideoGptVqVaeGolden() {}

    static void run(GoldenCase golden) {
        Kernels k = Kernels.inference();
        VideoGptVqVaeConfig config = golden.config(VideoGptVqVaeConfig.class);
        Parameters weights =
                Parameters.load(
                        golden.manager(),
                        WeightFile.open(golden.file("weights.safetensors")),
                        "VideoGptVqVae",
                        config.parameters());
        VideoGptVqVae model =
                new VideoGptVqVae(config, weights, k, Precision.FP32, VideoGptVqVae.Norms.RUNNING);

        for (String clip : clips(golden)) {
            NDArray x = golden.input(clip + ".x");
            NDArray z = model.latents(x);
            NDArray codes = model.quantize(z);
            NDArray e = k.straightThrough(z, model.lookup(codes));
            NDArray decoded = model.decode(codes);
            floats(golden, clip + ".z", z);
            golden.equal(clip + ".codes", codes);
            floats(golden, clip + ".embeddings", e);
            floats(golden, clip + ".decoded", decoded);
            if (golden.hasOutput(clip + ".x_recon")) {
                floats(golden, clip + ".x_recon", model.decodeEmbeddings(e));
                NDArray loss = k.mseLoss(decoded, x).div(0.06f);
                floats(golden, clip + ".recon_loss", loss);
                floats(golden, clip + ".commitment_loss", k.commitmentLoss(z, model.lookup(codes)));
                floats(golden, clip + ".perplexity", k.perplexity(codes, config.nCodes()));
            }
            encoderStages(golden, clip, config, weights, x);
        }
        if (golden.hasInput("axial.x")) {
            NDArray x = golden.input("axial.x");
            String at = "encoder.res_stack.0.block.8";
            floats(golden, "axial.out", model.axialBlock(x, at));
            String[] axes = {"t", "h", "w"};
            for (int i = 0; i < axes.length; i++) {
                NDArray y = model.axialAttention(x, at + ".attn_" + axes[i], i + 2);
                floats(golden, "axial.attn_" + axes[i], y.transpose(0, 2, 3, 4, 1));
            }
            floats(
                    golden,
                    "resblock.out",
                    model.attentionResidualBlock(x, "encoder.res_stack.0.block"));
        }
    }

    /** The first layers alone, where the case recorded them. */
    private static void encoderStages(
            GoldenCase golden, String clip, VideoGptVqVaeConfig config, Parameters p, NDArray x) {
        Kernels k = Kernels.inference();
        NDArray h = x;
        for (int i = 0; golden.hasOutput(clip + ".enc.conv" + i); i++) {
            long[] stride = config.strides(i);
            String at = "encoder.convs." + i + ".conv";
            long[] left = new long[3];
            long[] right = new long[3];
            for (int axis = 0; axis < 3; axis++) {
                left[axis] = stride[axis] == 2 ? 1 : 2;
                right[axis] = 1;
            }
            h =
                    k.relu(
                            k.conv3d(
                                    h,
                                    p.get(at + ".weight"),
                                    p.get(at + ".bias"),
                                    stride,
                                    left,
                                    right));
            floats(golden, clip + ".enc.conv" + i, h);
        }
        if (golden.hasOutput(clip + ".enc.conv_last")) {
            String at = "encoder.conv_last.conv";
            long[] one = {1, 1, 1};
            h = k.conv3d(h, p.get(at + ".weight"), p.get(at + ".bias"), one, one, one);
            floats(golden, clip + ".enc.conv_last", h);
        }
    }

    private static Set<String> clips(GoldenCase golden) {
        Set<String> clips = new TreeSet<>();
        for (String key : golden.outputs()) {
            if (key.endsWith(".z")) {
                clips.add(key.substring(0, key.length() - 2));
            }
        }
        return clips;
    }

    private static void floats(GoldenCase golden, String key, NDArray actual) {
        golden.close(key, actual, RTOL, ATOL);
    }
}
