package dev.zoetrope.model.encoder;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The sizes of a {@link T5Encoder}; {@code config.json} uses the names in the annotations.
 *
 * @param vocabSize ids there are
 * @param dModel D
 * @param dKv width of a head; H times that need not be D
 * @param dFf width of the hidden layer of an MLP
 * @param numLayers blocks
 * @param numHeads H
 * @param relativeAttentionNumBuckets kinds of distances between words, at least 4; 32 by default
 * @param relativeAttentionMaxDistance from which on all distances are alike, 128 by default
 * @param layerNormEpsilon of all norms, 1e-6 by default
 * @param feedForwardProj {@code gated-gelu} in T5 v1.1 and mT5; {@code relu} in the original T5,
 *     which is the default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record T5EncoderConfig(
        @JsonProperty("vocab_size") int vocabSize,
        @JsonProperty("d_model") int dModel,
        @JsonProperty("d_kv") int dKv,
        @JsonProperty("d_ff") int dFf,
        @JsonProperty("num_layers") int numLayers,
        @JsonProperty("num_heads") int numHeads,
        @JsonProperty("relative_attention_num_buckets") Integer relativeAttentionNumBuckets,
        @JsonProperty("relative_attention_max_distance") Integer relativeAttentionMaxDistance,
        @JsonProperty("layer_norm_epsilon") Double layerNormEpsilon,
        @JsonProperty("feed_forward_proj") String feedForwardProj) {
    private static final String GATED = "gated-gelu";
    private static final String RELU = "relu";

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public T5EncoderConfig {
        relativeAttentionNumBuckets = Objects.requireNonNullElse(relativeAttentionNumBuckets, 32);
        relativeAttentionMaxDistance =
                Objects.requireNonNullElse(relativeAttentionMaxDistance, 128);
        layerNormEpsilon = Objects.requireNonNullElse(layerNormEpsilon, 1e-6);
        feedForwardProj = Objects.requireNonNullElse(feedForwardProj, RELU);
        if (vocabSize < 1 || dModel < 1 || dKv < 1 || dFf < 1 || numLayers < 1 || numHeads < 1) {
            throw new IllegalArgumentException(
                    "vocab_size %d, d_model %d, d_kv %d, d_ff %d, num_layers %d, num_heads %d"
                            .formatted(vocabSize, dModel, dKv, dFf, numLayers, numHeads));
        }
        if (relativeAttentionNumBuckets < 4
                || relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 4) {
            throw new IllegalArgumentException(
                    "relative_attention_num_buckets %d (at least 4), relative_attention_max_distance %d (more than a quarter of it)"
                            .formatted(relativeAttentionNumBuckets, relativeAttentionMaxDistance));
        }
        if (!feedForwardProj.equals(GATED) && !feedForwardProj.equals(RELU)) {
            throw new IllegalArgumentException(
                    "feed_forward_proj %s or %s, got %s".formatted(GATED, RELU, feedForwardProj));
        }
    }

    /** Whether an MLP's hidden layer is gated by a second one. */
    public boolean gated() {
        return feedForwardProj.equals(GATED);
    }

    /**
     * Every tensor of the encoder and its shape. The table of words has two names, of which a
     * checkpoint may hold either or both.
     *
     * @param held names in the checkpoint
     */
    public Map<String, Shape> parameters(Set<String> held) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Shape words = new Shape(vocabSize, dModel);
        if (held.contains(T5Encoder.SHARED) || !held.contains(T5Encoder.TIED)) {
            shapes.put(T5Encoder.SHARED, words);
        }
        if (held.contains(T5Encoder.TIED)) {
            shapes.put(T5Encoder.TIED, words);
        }
        int heads = numHeads * dKv;
        for (int i = 0; i < numLayers; i++) {
            String attention = "encoder.block." + i + ".layer.0";
            for (String name : List.of("q", "k", "v")) {
                shapes.put(
                        attention + ".SelfAttention." + name + ".weight", new Shape(heads, dModel));
            }
            shapes.put(attention + ".SelfAttention.o.weight", new Shape(dModel, heads));
            if (i == 0) {
                shapes.put(
                        T5Encoder.RELATIVE_BIAS, new Shape(relativeAttentionNumBuckets, numHeads));
            }
            shapes.put(attention + ".layer_norm.weight", new Shape(dModel));
            String mlp = "encoder.block." + i + ".layer.1";
            for (String name : gated() ? List.of("wi_0", "wi_1") : List.of("wi")) {
                shapes.put(mlp + ".DenseReluDense." + name + ".weight", new Shape(dFf, dModel));
            }
            shapes.put(mlp + ".DenseReluDense.wo.weight", new Shape(dModel, dFf));
            shapes.put(mlp + ".layer_norm.weight", new Shape(dModel));
        }
        shapes.put("encoder.final_layer_norm.weight", new Shape(dModel));
        return shapes;
    }
}
