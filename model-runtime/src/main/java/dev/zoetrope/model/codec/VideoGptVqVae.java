package dev.zoetrope.model.codec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

/**
 * The video VQ-VAE of VideoGPT (Yan et al. 2021), Open-Sora-Plan's first compressor: strided 3-D
 * convolutions, axial-attention residual blocks and one codebook.
 *
 * <p>With G groups of codes, which the reference does not have, a latent's channels are cut into G
 * equal runs and each has its own code from that codebook. Codes then have an axis for the groups
 * after that of the clips.
 *
 * <p>Ported from wilson1yan/VideoGPT 733d2b15, {@code videogpt/vqvae.py} and {@code attention.py}.
 * Pixels are byte / 255 - 0.5, in [-0.5, 0.5]. Sizes that the downsampling does not divide are
 * floored at every stage, as in the reference, so that the decoder returns a smaller clip.
 */
public final class VideoGptVqVae {
    private static final double NORM_MOMENTUM = 0.1;
    private static final double NORM_EPS = 1e-5;
    private static final int HEADS = 2;

    private final VideoGptVqVaeConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;
    private final Norms norms;

    /**
     * @param p the parameters of {@link VideoGptVqVaeConfig#parameters()}, convolutions and linears
     *     in {@code precision}, norms and codebook in fp32
     * @param k what to compute with; {@link Kernels#autograd()} to train
     * @param norms whose statistics normalise
     */
    public VideoGptVqVae(
            VideoGptVqVaeConfig config, Parameters p, Kernels k, Precision precision, Norms norms) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
        this.norms = norms;
    }

    /** Whose statistics the batch norms use. */
    public enum Norms {
        /** Those of the batch itself; the running ones move towards them. */
        BATCH,
        /** The running ones, which stay as they are. */
        RUNNING
    }

    /**
     * The parameters as a model of this precision takes them: convolutions and linears converted,
     * convolution kernels channels-last, norms and codebook in fp32. Where nothing is to be
     * converted the memory is that of the arrays given, so that training changes them in place.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) -> {
            if (key.endsWith(".num_batches_tracked")) {
                return array;
            }
            boolean computes =
                    key.contains(".conv.") || key.contains(".convt.") || key.contains(".attn_");
            NDArray cast = k.cast(array, computes ? precision : Precision.FP32);
            cast.attach(manager);
            return array.getShape().dimension() == 5 ? k.channelsLast(cast) : cast;
        });
    }

    public VideoGptVqVaeConfig config() {
        return config;
    }

    /** Pixels (B, 3, T, H, W) to latents before quantisation (B, D, T', H', W'), fp32. */
    public NDArray latents(NDArray x) {
        NDArray h = k.channelsLast(k.cast(x, precision));
        for (int i = 0; i < config.stages(); i++) {
            String conv = "encoder.convs." + i + ".conv";
            h = k.relu(samePadConv(h, conv, config.strides(i))); // (B, C, T/2, H/2, W/2)
        }
        h = samePadConv(h, "encoder.conv_last.conv", ONES);
        h = residualStack(h, "encoder.res_stack");
        return k.cast(samePadConv(h, "pre_vq_conv.conv", ONES), Precision.FP32);
    }

    /** Latents (B, D, T', H', W') to the rows (L, D / G) that codes stand for. */
    public NDArray codeRows(NDArray z) {
        return k.latentRows(z, config.codeGroups());
    }

    /** Latents (B, D, T', H', W') to codes (B, T', H', W') or (B, G, T', H', W'), int64. */
    public NDArray quantize(NDArray z) {
        NDArray codes = k.nearestCodes(codeRows(z), codebook()); // (L)
        Shape s = z.getShape();
        return config.codeGroups() == 1
                ? codes.reshape(s.get(0), s.get(2), s.get(3), s.get(4))
                : codes.reshape(s.get(0), config.codeGroups(), s.get(2), s.get(3), s.get(4));
    }

    /** Pixels (B, 3, T, H, W) to codes, int64. */
    public NDArray encode(NDArray x) {
        return quantize(latents(x));
    }

    /** Codes to their embeddings (B, D, T', H', W'). */
    public NDArray lookup(NDArray codes) {
        return k.lookup(codes, codebook());
    }

    /** Codes to pixels (B, 3, T, H, W), fp32, not clamped. */
    public NDArray decode(NDArray codes) {
        return decodeEmbeddings(lookup(codes));
    }

    /** Embeddings (B, D, T', H', W') to pixels (B, 3, T, H, W), fp32, not clamped. */
    public NDArray decodeEmbeddings(NDArray e) {
        NDArray h = samePadConv(k.channelsLast(k.cast(e, precision)), "post_vq_conv.conv", ONES);
        h = residualStack(h, "decoder.res_stack");
        for (int i = 0; i < config.stages(); i++) {
            String conv = "decoder.convts." + i + ".convt";
            NDArray w = p.get(conv + ".weight");
            h =
                    k.convTranspose3d(
                            h, w, p.get(conv + ".bias"), config.strides(i)); // (B, C, 2T, 2H, 2W)
            if (i + 1 < config.stages()) {
                h = k.relu(h);
            }
        }
        return k.cast(h, Precision.FP32);
    }

    private NDArray codebook() {
        return p.get("codebook.embeddings");
    }

    private NDArray residualStack(NDArray x, String at) {
        NDArray h = x;
        for (int i = 0; i < config.nResLayers(); i++) {
            h = attentionResidualBlock(h, at + "." + i + ".block");
        }
        return k.relu(batchNorm(h, at + "." + config.nResLayers()));
    }

    /** Parameters are numbered as the reference's Sequential numbers them, activations included. */
    public NDArray attentionResidualBlock(NDArray x, String at) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = batchNorm(x, at + ".0"); // (B, C, T, H, W)
            h.attach(scratch);
            h = k.relu(h);
            h = samePadConv(h, at + ".2.conv", ONES); // (B, C/2, T, H, W)
            h = k.relu(batchNorm(h, at + ".3"));
            h = samePadConv(h, at + ".5.conv", ONES); // (B, C, T, H, W)
            h = k.channelsLast(k.relu(batchNorm(h, at + ".6")));
            h = k.add(x, axialBlock(h, at + ".8"));
            h.attach(outer);
            return h;
        }
    }

    /** The sum of three attentions over the same input, along W, H and T. */
    public NDArray axialBlock(NDArray x, String at) {
        NDArray w = axialAttention(x, at + ".attn_w", 4);
        NDArray h = axialAttention(x, at + ".attn_h", 3);
        NDArray t = axialAttention(x, at + ".attn_t", 2);
        return k.add(k.add(w, h), t);
    }

    /** Attention along one axis of (B, C, T, H, W): 2, 3 or 4. */
    public NDArray axialAttention(NDArray x, String at, int axis) {
        return k.axialAttention(
                x,
                p.get(at + ".w_qs.weight"),
                p.get(at + ".w_ks.weight"),
                p.get(at + ".w_vs.weight"),
                p.get(at + ".fc.weight"),
                p.get(at + ".fc.bias"),
                axis,
                HEADS);
    }

    private NDArray batchNorm(NDArray x, String at) {
        if (norms == Norms.BATCH) {
            Kernels.inference().increment(p.get(at + ".num_batches_tracked"));
        }
        return k.batchNorm(
                x,
                p.get(at + ".weight"),
                p.get(at + ".bias"),
                p.get(at + ".running_mean"),
                p.get(at + ".running_var"),
                norms == Norms.BATCH,
                NORM_MOMENTUM,
                NORM_EPS);
    }

    /** Zeros to make up for the kernel, the odd one in front. */
    private NDArray samePadConv(NDArray x, String at, long[] stride) {
        NDArray w = p.get(at + ".weight");
        long[] left = new long[3];
        long[] right = new long[3];
        for (int axis = 0; axis < 3; axis++) {
            long pad = w.getShape().get(axis + 2) - stride[axis];
            left[axis] = pad / 2 + pad % 2;
            right[axis] = pad / 2;
        }
        return p.has(at + ".bias")
                ? k.conv3d(x, w, p.get(at + ".bias"), stride, left, right)
                : k.conv3d(x, w, stride, left, right);
    }

    private static final long[] ONES = {1, 1, 1};
}
