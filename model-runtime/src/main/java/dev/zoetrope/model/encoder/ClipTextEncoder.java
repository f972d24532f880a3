package dev.zoetrope.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

/**
 * The text half of CLIP (Radford et al. 2021), in which no word sees those after it.
 *
 * <p>Ported from huggingface/transformers, d6751d91, {@code models/clip/modeling_clip.py}.
 */
public final class ClipTextEncoder {
    static final String WORDS = "text_model.embeddings.token_embedding.weight";
    static final String POSITIONS = "text_model.embeddings.position_embedding.weight";
    static final String PROJECTION = "text_projection.weight";

    /** Added to the logits of padding and of later words: the lowest number of bfloat16. */
    private static final double MASKED = -3.3895313892515355e38;

    private final ClipTextEncoderConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link ClipTextEncoderConfig#parameters}, as {@link #prepare}
     *     leaves them
     */
    public ClipTextEncoder(
            ClipTextEncoderConfig config, Parameters p, Kernels k, Precision precision) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
    }

    /** Whether a tensor of a whole CLIP is none of its text half. */
    public static boolean leavesOut(String key) {
        return key.startsWith("vision_model.")
                || key.equals("visual_projection.weight")
                || key.equals("logit_scale")
                || key.equals("text_model.embeddings.position_ids");
    }

    /**
     * The parameters as a model of this precision takes them. The table of words stays as it is, of
     * which a prompt needs few rows.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) ->
                key.equals(WORDS) ? array : within(manager, k.cast(array, precision)));
    }

    /**
     * The states of all words.
     *
     * @param ids (B, L), int64; L at most {@link ClipTextEncoderConfig#maxPositionEmbeddings}
     * @param mask (B, L), 1 for words, 0 for padding; null for no padding
     * @return (B, L, D), fp32
     */
    public NDArray forward(NDArray ids, @Nullable NDArray mask) {
        NDManager outer = ids.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray bias = within(scratch, bias(ids, mask));
            NDArray h = within(scratch, embedded(ids)); // (B, L, D)
            for (int i = 0; i < config.numHiddenLayers(); i++) {
                NDArray y = block(h, bias, i);
                h.close();
                h = y;
            }
            return within(outer, finalNorm(h));
        }
    }

    /** Ids (B, L) as words at their places (B, L, D). */
    public NDArray embedded(NDArray ids) {
        NDManager outer = ids.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray words = k.cast(within(scratch, k.embedding(ids, p.get(WORDS))), precision);
            NDArray places = k.narrow(p.get(POSITIONS), 0, 0, ids.getShape().get(1));
            return within(outer, k.add(words, within(scratch, places)));
        }
    }

    /** What is added to the logits of all blocks alike, (B or 1, 1, L, L). */
    public NDArray bias(NDArray ids, @Nullable NDArray mask) {
        NDManager outer = ids.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray bias = within(scratch, k.causalBias(ids, MASKED));
            if (mask != null) {
                bias = k.add(bias, within(scratch, k.keyBias(mask, MASKED)));
            }
            return within(outer, k.cast(bias, precision));
        }
    }

    /** One block, (B, L, D). */
    public NDArray block(NDArray x, NDArray bias, int layer) {
        String at = "text_model.encoder.layers." + layer;
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = within(scratch, norm(x, at + ".layer_norm1"));
            NDArray y = within(scratch, k.add(x, attention(h, bias, at + ".self_attn")));
            h = linear(norm(y, at + ".layer_norm2"), at + ".mlp.fc1");
            h = config.quick() ? k.quickGelu(h) : k.gelu(h);
            return within(outer, k.add(y, linear(h, at + ".mlp.fc2")));
        }
    }

    /** What follows the last block, (B, L, D), fp32. */
    public NDArray finalNorm(NDArray x) {
        try (NDArray y = norm(x, "text_model.final_layer_norm")) {
            return k.cast(y, Precision.FP32);
        }
    }

    /**
     * The state at the end of each prompt, which has seen all of it.
     *
     * @param ids (B, L)
     * @param states of {@link #forward}
     * @return (B, D), fp32
     */
    public NDArray pooled(NDArray ids, NDArray states) {
        if (config.endsWithHighest()) {
            return k.stateOfHighest(states, ids);
        }
        try (NDArray ends = k.indicator(ids, config.eosTokenId())) {
            return k.stateOfHighest(states, ends);
        }
    }

    /** Whether this checkpoint has a projection. */
    public boolean projects() {
        return p.has(PROJECTION);
    }

    /** Pooled states (B, D) among pictures, (B, P), fp32. */
    public NDArray projected(NDArray pooled) {
        try (NDManager scratch = pooled.getManager().newSubManager()) {
            NDArray w = within(scratch, k.cast(p.get(PROJECTION), Precision.FP32));
            return k.linear(pooled, w);
        }
    }

    private NDArray attention(NDArray x, NDArray bias, String at) {
        int heads = config.numAttentionHeads();
        double scale = Math.pow((double) config.hiddenSize() / heads, -0.5);
        NDArray q = linear(x, at + ".q_proj");
        NDArray key = linear(x, at + ".k_proj");
        NDArray v = linear(x, at + ".v_proj");
        return linear(k.attention(q, key, v, bias, heads, scale), at + ".out_proj");
    }

    private NDArray norm(NDArray x, String at) {
        return k.layerNorm(x, p.get(at + ".weight"), p.get(at + ".bias"), config.layerNormEps());
    }

    private NDArray linear(NDArray x, String at) {
        return k.linear(x, p.get(at + ".weight"), p.get(at + ".bias"));
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
