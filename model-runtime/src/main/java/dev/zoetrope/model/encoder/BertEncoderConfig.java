package dev.zoetrope.model.encoder;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The sizes of a {@link BertEncoder}; {@code config.json} uses the names in the annotations.
 *
 * @param vocabSize ids there are
 * @param hiddenSize D, a multiple of H
 * @param intermediateSize width of the hidden layer of an MLP
 * @param numHiddenLayers blocks
 * @param numAttentionHeads H
 * @param maxPositionEmbeddings longest prompt
 * @param typeVocabSize kinds of text, 2 by default; all text is of the first
 * @param layerNormEps of all norms, 1e-12 by default
 * @param hiddenAct {@code gelu}, the default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BertEncoderConfig(
        @JsonProperty("vocab_size") int vocabSize,
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("intermediate_size") int intermediateSize,
        @JsonProperty("num_hidden_layers") int numHiddenLayers,
        @JsonProperty("num_attention_heads") int numAttentionHeads,
        @JsonProperty("max_position_embeddings") int maxPositionEmbeddings,
        @JsonProperty("type_vocab_size") Integer typeVocabSize,
        @JsonProperty("layer_norm_eps") Double layerNormEps,
        @JsonProperty("hidden_act") String hiddenAct) {
    private static final String GELU = "gelu";

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public BertEncoderConfig {
        typeVocabSize = Objects.requireNonNullElse(typeVocabSize, 2);
        layerNormEps = Objects.requireNonNullElse(layerNormEps, 1e-12);
        hiddenAct = Objects.requireNonNullElse(hiddenAct, GELU);
        if (vocabSize < 1
                || intermediateSize < 1
                || numHiddenLayers < 1
                || maxPositionEmbeddings < 1
                || typeVocabSize < 1) {
            throw new IllegalArgumentException(
                    "vocab_size %d, intermediate_size %d, num_hidden_layers %d, max_position_embeddings %d, type_vocab_size %d"
                            .formatted(
                                    vocabSize,
                                    intermediateSize,
                                    numHiddenLayers,
                                    maxPositionEmbeddings,
                                    typeVocabSize));
        }
        if (numAttentionHeads < 1 || hiddenSize < 1 || hiddenSize % numAttentionHeads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size %d is no multiple of num_attention_heads %d"
                            .formatted(hiddenSize, numAttentionHeads));
        }
        if (!hiddenAct.equals(GELU)) {
            throw new IllegalArgumentException("hidden_act %s, got %s".formatted(GELU, hiddenAct));
        }
    }

    /** Every tensor of the encoder and its shape. */
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(BertEncoder.WORDS, new Shape(vocabSize, hiddenSize));
        shapes.put(BertEncoder.POSITIONS, new Shape(maxPositionEmbeddings, hiddenSize));
        shapes.put(BertEncoder.TYPES, new Shape(typeVocabSize, hiddenSize));
        norm(shapes, "embeddings.LayerNorm");
        for (int i = 0; i < numHiddenLayers; i++) {
            String at = "encoder.layer." + i;
            for (String name : List.of("self.query", "self.key", "self.value", "output.dense")) {
                linear(shapes, at + ".attention." + name, hiddenSize, hiddenSize);
            }
            norm(shapes, at + ".attention.output.LayerNorm");
            linear(shapes, at + ".intermediate.dense", hiddenSize, intermediateSize);
            linear(shapes, at + ".output.dense", intermediateSize, hiddenSize);
            norm(shapes, at + ".output.LayerNorm");
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
