package dev.zoetrope.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

/**
 * The encoder of T5 (Raffel et al. 2020), of its version 1.1, and of mT5 (Xue et al. 2021), in
 * which words know their places only by their distances.
 *
 * <p>Ported from huggingface/transformers, d6751d91, {@code models/t5/modeling_t5.py}. The states
 * between blocks are fp32 in every precision, as the reference's fp32 {@code wo} makes them.
 */
public final class T5Encoder {
    static final String SHARED = "shared.weight";
    static final String TIED = "encoder.embed_tokens.weight";
    static final String RELATIVE_BIAS =
            "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";

    /** Added to the logits of padding: the lowest number of bfloat16. */
    private static final double MASKED = -3.3895313892515355e38;

    private final T5EncoderConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link T5EncoderConfig#parameters}, as {@link #prepare} leaves
     *     them
     */
    public T5Encoder(T5EncoderConfig config, Parameters p, Kernels k, Precision precision) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
    }

    /** Whether a tensor of a whole T5 is none of its encoder. */
    public static boolean leavesOut(String key) {
        return key.startsWith("decoder.") || key.equals("lm_head.weight");
    }

    /**
     * The parameters as a model of this precision takes them. The table of words stays as it is, of
     * which a prompt needs few rows; norms, the bias of attention and {@code wo}, which the
     * reference keeps exact as well, are fp32.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) -> {
            if (key.equals(SHARED) || key.equals(TIED)) {
                return array;
            }
            boolean exact =
                    key.endsWith("layer_norm.weight")
                            || key.endsWith(".wo.weight")
                            || key.equals(RELATIVE_BIAS);
            return within(manager, k.cast(array, exact ? Precision.FP32 : precision));
        });
    }

    /**
     * The states of all words.
     *
     * @param ids (B, L), int64
     * @param mask (B, L), 1 for words, 0 for padding; null for no padding
     * @return (B, L, D), fp32
     */
    public NDArray forward(NDArray ids, @Nullable NDArray mask) {
        NDManager outer = ids.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray bias = within(scratch, bias(ids.getShape().get(1), mask));
            NDArray h = within(scratch, embedded(ids)); // (B, L, D)
            for (int i = 0; i < config.numLayers(); i++) {
                NDArray y = block(h, bias, i);
                h.close();
                h = y;
            }
            return within(outer, finalNorm(h));
        }
    }

    /** Ids (B, L) as words (B, L, D), fp32. */
    public NDArray embedded(NDArray ids) {
        try (NDArray rows = k.embedding(ids, p.get(p.has(SHARED) ? SHARED : TIED))) {
            return k.cast(rows, Precision.FP32);
        }
    }

    /** What each head thinks of each distance, (1, H, L, L), fp32. */
    public NDArray positionBias(long length) {
        return k.relativeBias(p.get(RELATIVE_BIAS), length, config.relativeAttentionMaxDistance());
    }

    /**
     * What is added to the logits of all blocks alike, (B or 1, H, L, L).
     *
     * @param mask (B, L); null for no padding
     */
    public NDArray bias(long length, @Nullable NDArray mask) {
        NDArray positions = positionBias(length);
        NDManager outer = mask == null ? positions.getManager() : mask.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            within(scratch, positions);
            NDArray bias =
                    mask == null
                            ? positions
                            : k.add(positions, within(scratch, k.keyBias(mask, MASKED)));
            return within(outer, k.cast(bias, precision));
        }
    }

    /** One block, (B, L, D), fp32. */
    public NDArray block(NDArray x, NDArray bias, int layer) {
        String at = "encoder.block." + layer + ".layer.";
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = norm(scratch, x, at + "0.layer_norm");
            NDArray y = within(scratch, k.add(x, attention(h, bias, at + "0.SelfAttention")));
            h = norm(scratch, y, at + "1.layer_norm");
            return within(outer, k.add(y, feedForward(h, at + "1.DenseReluDense")));
        }
    }

    /** What follows the last block, (B, L, D), fp32. */
    public NDArray finalNorm(NDArray x) {
        return k.rmsNorm(x, p.get("encoder.final_layer_norm.weight"), config.layerNormEpsilon());
    }

    private NDArray norm(NDManager scratch, NDArray x, String at) {
        NDArray w = p.get(at + ".weight");
        return k.cast(within(scratch, k.rmsNorm(x, w, config.layerNormEpsilon())), precision);
    }

    private NDArray attention(NDArray x, NDArray bias, String at) {
        NDArray q = linear(x, at + ".q");
        NDArray key = linear(x, at + ".k");
        NDArray v = linear(x, at + ".v");
        // Not scaled: the reference has that in its weights.
        return linear(k.attention(q, key, v, bias, config.numHeads(), 1), at + ".o");
    }

    private NDArray feedForward(NDArray x, String at) {
        NDArray h =
                config.gated()
                        ? k.gatedGelu(linear(x, at + ".wi_0"), linear(x, at + ".wi_1"))
                        : k.relu(linear(x, at + ".wi"));
        return linear(k.cast(h, Precision.FP32), at + ".wo");
    }

    private NDArray linear(NDArray x, String at) {
        return k.linear(x, p.get(at + ".weight"));
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
