package dev.zoetrope.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

/**
 * BERT (Devlin et al. 2019), as sentence encoders such as all-MiniLM-L6-v2 use it: without what
 * pools its states. The names of its parameters are those of huggingface/transformers' {@code
 * BertModel}.
 */
public final class BertEncoder {
    static final String WORDS = "embeddings.word_embeddings.weight";
    static final String POSITIONS = "embeddings.position_embeddings.weight";
    static final String TYPES = "embeddings.token_type_embeddings.weight";

    /** Added to the logits of padding: the lowest number of bfloat16. */
    private static final double MASKED = -3.3895313892515355e38;

    private final BertEncoderConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link BertEncoderConfig#parameters}, as {@link #prepare} leaves
     *     them
     */
    public BertEncoder(BertEncoderConfig config, Parameters p, Kernels k, Precision precision) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
    }

    /** Whether a tensor of a BERT has no part in the states of words. */
    public static boolean leavesOut(String key) {
        return key.startsWith("pooler.") || key.equals("embeddings.position_ids");
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
     * @param ids (B, L), int64; L at most {@link BertEncoderConfig#maxPositionEmbeddings}
     * @param mask (B, L), 1 for words, 0 for padding; null for no padding
     * @return (B, L, D), fp32
     */
    public NDArray forward(NDArray ids, @Nullable NDArray mask) {
        NDManager outer = ids.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray bias = mask == null ? null : within(scratch, bias(mask)); // (B, 1, 1, L)
            NDArray h = within(scratch, embedded(ids)); // (B, L, D)
            for (int i = 0; i < config.numHiddenLayers(); i++) {
                NDArray y = block(h, bias, i);
                h.close();
                h = y;
            }
            return within(outer, k.cast(h, Precision.FP32));
        }
    }

    private NDArray embedded(NDArray ids) {
        NDManager outer = ids.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = k.cast(within(scratch, k.embedding(ids, p.get(WORDS))), precision);
            NDArray types = within(scratch, k.narrow(p.get(TYPES), 0, 0, 1));
            NDArray places = k.narrow(p.get(POSITIONS), 0, 0, ids.getShape().get(1));
            h = k.add(k.add(h, types), within(scratch, places));
            return within(outer, norm(h, "embeddings.LayerNorm"));
        }
    }

    private NDArray bias(NDArray mask) {
        try (NDArray bias = k.keyBias(mask, MASKED)) {
            return k.cast(bias, precision);
        }
    }

    private NDArray block(NDArray x, @Nullable NDArray bias, int layer) {
        String at = "encoder.layer." + layer;
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = attention(scratch, x, bias, at + ".attention");
            NDArray y = norm(k.add(h, x), at + ".attention.output.LayerNorm");
            h = k.gelu(linear(y, at + ".intermediate.dense"));
            h = linear(h, at + ".output.dense");
            return within(outer, norm(k.add(h, y), at + ".output.LayerNorm"));
        }
    }

    private NDArray attention(NDManager scratch, NDArray x, @Nullable NDArray bias, String at) {
        int heads = config.numAttentionHeads();
        double scale = Math.pow((double) config.hiddenSize() / heads, -0.5);
        NDArray q = within(scratch, linear(x, at + ".self.query"));
        NDArray key = within(scratch, linear(x, at + ".self.key"));
        NDArray v = within(scratch, linear(x, at + ".self.value"));
        NDArray y =
                bias == null
                        ? k.attention(q, key, v, heads, scale)
                        : k.attention(q, key, v, bias, heads, scale);
        return linear(y, at + ".output.dense");
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
