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
 * The sizes of a {@link ClipTextEncoder}; {@code config.json} uses the names in the annotations. In
 * configurations of a whole CLIP what equals the reference's default is often left out.
 *
 * @param vocabSize ids there are, 49408 by default
 * @param hiddenSize D, a multiple of H; 512 by default
 * @param intermediateSize width of the hidden layer of an MLP, 2048 by default
 * @param projectionDim P, 512 by default; of no account without a projection
 * @param numHiddenLayers blocks, 12 by default
 * @param numAttentionHeads H, 8 by default
 * @param maxPositionEmbeddings longest prompt, 77 by default
 * @param layerNormEps of all norms, 1e-5 by default
 * @param hiddenAct {@code quick_gelu}, the default, or {@code gelu}
 * @param eosTokenId which id ends a prompt, 49407 by default; 2 is what old configurations say
 *     without meaning it, and stands for the highest id of the prompt
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClipTextEncoderConfig(
        @JsonProperty("vocab_size") Integer vocabSize,
        @JsonProperty("hidden_size") Integer hiddenSize,
        @JsonProperty("intermediate_size") Integer intermediateSize,
        @JsonProperty("projection_dim") Integer projectionDim,
        @JsonProperty("num_hidden_layers") Integer numHiddenLayers,
        @JsonProperty("num_attention_heads") Integer numAttentionHeads,
        @JsonProperty("max_position_embeddings") Integer maxPositionEmbeddings,
        @JsonProperty("layer_norm_eps") Double layerNormEps,
        @JsonProperty("hidden_act") String hiddenAct,
        @JsonProperty("eos_token_id") Integer eosTokenId) {
    private static final String QUICK_GELU = "quick_gelu";
    private static final String GELU = "gelu";
    private static final int LEGACY_EOS = 2;

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public ClipTextEncoderConfig {
        vocabSize = Objects.requireNonNullElse(vocabSize, 49408);
        hiddenSize = Objects.requireNonNullElse(hiddenSize, 512);
        intermediateSize = Objects.requireNonNullElse(intermediateSize, 2048);
        projectionDim = Objects.requireNonNullElse(projectionDim, 512);
        numHiddenLayers = Objects.requireNonNullElse(numHiddenLayers, 12);
        numAttentionHeads = Objects.requireNonNullElse(numAttentionHeads, 8);
        maxPositionEmbeddings = Objects.requireNonNullElse(maxPositionEmbeddings, 77);
        layerNormEps = Objects.requireNonNullElse(layerNormEps, 1e-5);
        hiddenAct = Objects.requireNonNullElse(hiddenAct, QUICK_GELU);
        eosTokenId = Objects.requireNonNullElse(eosTokenId, 49407);
        if (vocabSize < 1
                || intermediateSize < 1
                || projectionDim < 1
                || numHiddenLayers < 1
                || maxPositionEmbeddings < 1) {
            throw new IllegalArgumentException(
                    "vocab_size %d, intermediate_size %d, projection_dim %d, num_hidden_layers %d, max_position_embeddings %d"
                            .formatted(
                                    vocabSize,
                                    intermediateSize,
                                    projectionDim,
                                    numHiddenLayers,
                                    maxPositionEmbeddings));
        }
        if (numAttentionHeads < 1 || hiddenSize < 1 || hiddenSize % numAttentionHeads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size %d is no multiple of num_attention_heads %d"
                            .formatted(hiddenSize, numAttentionHeads));
        }
        if (!hiddenAct.equals(QUICK_GELU) && !hiddenAct.equals(GELU)) {
            throw new IllegalArgumentException(
                    "hidden_act %s or %s, got %s".formatted(QUICK_GELU, GELU, hiddenAct));
        }
    }

    /** Whether activations are the approximation of gelu by a sigmoid. */
    public boolean quick() {
        return hiddenAct.equals(QUICK_GELU);
    }

    /** Whether a prompt ends with its highest id, whatever the configuration calls the end. */
    public boolean endsWithHighest() {
        return eosTokenId == LEGACY_EOS;
    }

    /**
     * Every tensor of the encoder and its shape. Not every checkpoint has a projection.
     *
     * @param held names in the checkpoint
     */
    public Map<String, Shape> parameters(Set<String> held) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(ClipTextEncoder.WORDS, new Shape(vocabSize, hiddenSize));
        shapes.put(ClipTextEncoder.POSITIONS, new Shape(maxPositionEmbeddings, hiddenSize));
        for (int i = 0; i < numHiddenLayers; i++) {
            String at = "text_model.encoder.layers." + i;
            for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                linear(shapes, at + ".self_attn." + name, hiddenSize, hiddenSize);
            }
            norm(shapes, at + ".layer_norm1");
            linear(shapes, at + ".mlp.fc1", hiddenSize, intermediateSize);
            linear(shapes, at + ".mlp.fc2", intermediateSize, hiddenSize);
            norm(shapes, at + ".layer_norm2");
        }
        norm(shapes, "text_model.final_layer_norm");
        if (held.contains(ClipTextEncoder.PROJECTION)) {
            shapes.put(ClipTextEncoder.PROJECTION, new Shape(projectionDim, hiddenSize));
        }
        return shapes;
    }

    private void norm(Map<String, Shape> shapes, String at) {
        shapes.put(at + ".weight", new Shape(hiddenSize));
        shapes.put(at + ".bias", new Shape(hiddenSize));
    }

    private static void linear(Map<String, Shape> shapes, String at, int in, int out) {
        shapes.put(at + ".weight", new Shape(out, in));
        shapes.put(at + ".bias", new Shape(out));
    }
}
