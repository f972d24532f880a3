package dev.zoetrope.model.codec;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sizes of a {@link VideoGptVqVae}; {@code config.json} uses the names in the annotations.
 *
 * @param embeddingDim D, a multiple of {@code codeGroups}
 * @param nCodes K, at least 1
 * @param nHiddens channels of the hidden layers, even
 * @param nResLayers attention residual blocks in each half, at least 0
 * @param downsample factors in T, H, W; powers of two, one of them at least 4. The reference takes
 *     the whole part of their logarithms, so one in between is the power below
 * @param codeGroups G, codes to a latent cell; 1 where the file does not say, as the reference's
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VideoGptVqVaeConfig(
        @JsonProperty("embedding_dim") int embeddingDim,
        @JsonProperty("n_codes") int nCodes,
        @JsonProperty("n_hiddens") int nHiddens,
        @JsonProperty("n_res_layers") int nResLayers,
        @JsonProperty("downsample") List<Integer> downsample,
        @JsonProperty("code_groups") int codeGroups) {

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public VideoGptVqVaeConfig {
        downsample = List.copyOf(downsample);
        codeGroups = codeGroups == 0 ? 1 : codeGroups;
        if (embeddingDim < 1 || nCodes < 1 || nHiddens < 2 || nHiddens % 2 != 0 || nResLayers < 0) {
            throw new IllegalArgumentException(
                    "embedding_dim %d, n_codes %d, n_hiddens %d (even), n_res_layers %d"
                            .formatted(embeddingDim, nCodes, nHiddens, nResLayers));
        }
        if (codeGroups < 0 || embeddingDim % codeGroups != 0) {
            throw new IllegalArgumentException(
                    "embedding_dim %d does not divide into code_groups %d"
                            .formatted(embeddingDim, codeGroups));
        }
        if (downsample.size() != 3 || downsample.stream().anyMatch(d -> d < 1)) {
            throw new IllegalArgumentException(
                    "downsample needs three factors of at least 1, got " + downsample);
        }
        // With factors of 1 and 2 alone the reference's last encoder layer expects 3 channels where
        // it gets n_hiddens, so no such checkpoint can exist.
        if (downsample.stream().allMatch(d -> d < 4)) {
            throw new IllegalArgumentException(
                    "downsample needs one factor of at least 4, got " + downsample);
        }
        downsample = downsample.stream().map(Integer::highestOneBit).toList();
    }

    /** Numbers in a code, D / G. */
    public int codeWidth() {
        return embeddingDim / codeGroups;
    }

    /** Number of strided layers in each half. */
    public int stages() {
        return downsample.stream().mapToInt(VideoGptVqVaeConfig::halvings).max().orElseThrow();
    }

    /** Stride in T, H, W of layer {@code stage} of either half: 2 until an axis is down, then 1. */
    public long[] strides(int stage) {
        return downsample.stream().mapToLong(d -> halvings(d) > stage ? 2 : 1).toArray();
    }

    private static int halvings(int factor) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(factor);
    }

    /** Every tensor of the checkpoint and its shape. */
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (int i = 0; i < stages(); i++) {
            conv(shapes, "encoder.convs." + i + ".conv", i == 0 ? 3 : nHiddens, nHiddens, 4);
        }
        conv(shapes, "encoder.conv_last.conv", nHiddens, nHiddens, 3);
        residualStack(shapes, "encoder.res_stack");
        residualStack(shapes, "decoder.res_stack");
        for (int i = 0; i < stages(); i++) {
            String at = "decoder.convts." + i + ".convt";
            int out = i + 1 == stages() ? 3 : nHiddens;
            shapes.put(at + ".weight", new Shape(nHiddens, out, 4, 4, 4));
            shapes.put(at + ".bias", new Shape(out));
        }
        conv(shapes, "pre_vq_conv.conv", nHiddens, embeddingDim, 1);
        conv(shapes, "post_vq_conv.conv", embeddingDim, nHiddens, 1);
        shapes.put("codebook.embeddings", new Shape(nCodes, codeWidth()));
        shapes.put("codebook.N", new Shape(nCodes));
        shapes.put("codebook.z_avg", new Shape(nCodes, codeWidth()));
        return shapes;
    }

    private void residualStack(Map<String, Shape> shapes, String at) {
        for (int i = 0; i < nResLayers; i++) {
            String block = at + "." + i + ".block";
            norm(shapes, block + ".0", nHiddens);
            shapes.put(block + ".2.conv.weight", new Shape(nHiddens / 2, nHiddens, 3, 3, 3));
            norm(shapes, block + ".3", nHiddens / 2);
            shapes.put(block + ".5.conv.weight", new Shape(nHiddens, nHiddens / 2, 1, 1, 1));
            norm(shapes, block + ".6", nHiddens);
            for (String axis : List.of("attn_w", "attn_h", "attn_t")) {
                Shape square = new Shape(nHiddens, nHiddens);
                for (String linear : List.of("w_qs", "w_ks", "w_vs", "fc")) {
                    shapes.put(block + ".8." + axis + "." + linear + ".weight", square);
                }
                shapes.put(block + ".8." + axis + ".fc.bias", new Shape(nHiddens));
            }
        }
        norm(shapes, at + "." + nResLayers, nHiddens);
    }

    private static void conv(Map<String, Shape> shapes, String at, int in, int out, int kernel) {
        shapes.put(at + ".weight", new Shape(out, in, kernel, kernel, kernel));
        shapes.put(at + ".bias", new Shape(out));
    }

    private static void norm(Map<String, Shape> shapes, String at, int channels) {
        for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
            shapes.put(at + "." + name, new Shape(channels));
        }
        shapes.put(at + ".num_batches_tracked", new Shape());
    }
}
