package dev.zoetrope.model.denoiser;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The sizes of a {@link LatteT2V}; {@code config.json} uses the names in the annotations. What a
 * version did not know is null.
 *
 * @param numAttentionHeads of each attention
 * @param attentionHeadDim d; D is heads times d
 * @param inChannels C of the latents
 * @param outChannels C and as many for the variance
 * @param numLayers spatial blocks, and as many temporal ones
 * @param crossAttentionDim width of the projected text, which is D
 * @param attentionBias whether queries, keys and values have a bias
 * @param patchSize p, at least 1
 * @param activationFn {@code gelu-approximate}
 * @param normType {@code ada_norm_single}
 * @param normElementwiseAffine false
 * @param normEps of the blocks' norms
 * @param captionChannels width of the text encoder's output
 * @param videoLength trained T
 * @param sampleSize trained latent H, W, or one number for both, which is how March has it
 * @param attentionMode how the reference computed attention; since v1.0
 * @param patchSizeT 1; since v1.0
 * @param useRope rotary embeddings on top of the others; since v1.1
 * @param modelMaxLength longest prompt; since v1.1
 * @param compressKvFactor r, by which keys and values are merged in the second half of the blocks;
 *     since v1.1
 * @param interpolationScale1d by which positions in time are divided; since v1.1, where null is
 *     what the length suggests
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LatteT2VConfig(
        @JsonProperty("num_attention_heads") int numAttentionHeads,
        @JsonProperty("attention_head_dim") int attentionHeadDim,
        @JsonProperty("in_channels") int inChannels,
        @JsonProperty("out_channels") int outChannels,
        @JsonProperty("num_layers") int numLayers,
        @JsonProperty("cross_attention_dim") int crossAttentionDim,
        @JsonProperty("attention_bias") boolean attentionBias,
        @JsonProperty("patch_size") int patchSize,
        @JsonProperty("activation_fn") String activationFn,
        @JsonProperty("norm_type") String normType,
        @JsonProperty("norm_elementwise_affine") boolean normElementwiseAffine,
        @JsonProperty("norm_eps") double normEps,
        @JsonProperty("caption_channels") int captionChannels,
        @JsonProperty("video_length") int videoLength,
        @JsonProperty("sample_size")
                @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                List<Integer> sampleSize,
        @JsonProperty("attention_mode") @Nullable String attentionMode,
        @JsonProperty("patch_size_t") @Nullable Integer patchSizeT,
        @JsonProperty("use_rope") @Nullable Boolean useRope,
        @JsonProperty("model_max_length") @Nullable Integer modelMaxLength,
        @JsonProperty("compress_kv_factor") @Nullable Integer compressKvFactor,
        @JsonProperty("interpolation_scale_1d") @Nullable Double interpolationScale1d) {

    /** Words of the unused embedding that stands for no prompt in the checkpoint. */
    private static final int NULL_WORDS = 120;

    /** Releases, by what their configurations began to say. */
    public enum Version {
        MARCH,
        V1_0,
        V1_1
    }

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public LatteT2VConfig {
        sampleSize = List.copyOf(Objects.requireNonNullElse(sampleSize, List.of()));
        if (numAttentionHeads < 1
                || attentionHeadDim < 1
                || numAttentionHeads * attentionHeadDim % 4 != 0
                || crossAttentionDim != numAttentionHeads * attentionHeadDim) {
            throw new IllegalArgumentException(
                    "num_attention_heads %d, attention_head_dim %d, cross_attention_dim %d (their product, a multiple of 4)"
                            .formatted(numAttentionHeads, attentionHeadDim, crossAttentionDim));
        }
        if (inChannels < 1
                || outChannels < 1
                || numLayers < 1
                || patchSize < 1
                || captionChannels < 1
                || videoLength < 1) {
            throw new IllegalArgumentException(
                    "in_channels %d, out_channels %d, num_layers %d, patch_size %d, caption_channels %d, video_length %d"
                            .formatted(
                                    inChannels,
                                    outChannels,
                                    numLayers,
                                    patchSize,
                                    captionChannels,
                                    videoLength));
        }
        if (sampleSize.isEmpty()
                || sampleSize.size() > 2
                || sampleSize.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "sample_size needs one or two numbers of at least 1, got " + sampleSize);
        }
        if (!"gelu-approximate".equals(activationFn)
                || !"ada_norm_single".equals(normType)
                || normElementwiseAffine) {
            throw new IllegalArgumentException(
                    "activation_fn %s (gelu-approximate), norm_type %s (ada_norm_single), norm_elementwise_affine %s (false)"
                            .formatted(activationFn, normType, normElementwiseAffine));
        }
        if (patchSizeT != null && patchSizeT != 1) {
            throw new IllegalArgumentException("patch_size_t 1, got " + patchSizeT);
        }
        if (Boolean.TRUE.equals(useRope) && attentionHeadDim % 4 != 0) {
            throw new IllegalArgumentException(
                    "use_rope needs attention_head_dim to be a multiple of 4, got "
                            + attentionHeadDim);
        }
        if (compressKvFactor != null && compressKvFactor < 1) {
            throw new IllegalArgumentException(
                    "compress_kv_factor of at least 1, got " + compressKvFactor);
        }
        if (Boolean.TRUE.equals(useRope) && compressKvFactor != null && compressKvFactor > 1) {
            throw new IllegalArgumentException(
                    "use_rope together with compress_kv_factor " + compressKvFactor);
        }
        // Only such models are conditioned on a picture's size, and none was ever published.
        if (sampleSize.equals(List.of(128)) && attentionMode == null) {
            throw new IllegalArgumentException("sample_size 128 with size conditions");
        }
    }

    /** Told by the fields that are there. */
    public Version version() {
        if (useRope != null
                || modelMaxLength != null
                || compressKvFactor != null
                || interpolationScale1d != null) {
            return Version.V1_1;
        }
        return attentionMode != null || patchSizeT != null || sampleSize.size() == 2
                ? Version.V1_0
                : Version.MARCH;
    }

    /** D. */
    public int hiddenSize() {
        return numAttentionHeads * attentionHeadDim;
    }

    public boolean rotary() {
        return Boolean.TRUE.equals(useRope);
    }

    /** By how much keys and values of this layer's blocks are merged, 1 for not at all. */
    public int compression(int layer) {
        return compressKvFactor == null || layer < numLayers / 2 ? 1 : compressKvFactor;
    }

    /** Patches along a trained row, which positions in the frame are counted in. */
    public int baseGrid() {
        return sampleSize.getFirst() / patchSize;
    }

    /** By which positions in the frame are divided. */
    public int spatialScale() {
        return Math.max(1, sampleSize.getFirst() / 64);
    }

    /** By which positions in time are divided. */
    public double temporalScale() {
        if (interpolationScale1d != null) {
            return interpolationScale1d;
        }
        int intervals = videoLength % 2 == 1 ? videoLength - 1 : videoLength;
        return switch (version()) {
            case MARCH -> 1;
            case V1_0 -> Math.max(1, videoLength / 5);
            case V1_1 -> Math.max(1, intervals / 16);
        };
    }

    /** Every tensor of the checkpoint and its shape. */
    public Map<String, Shape> parameters() {
        int hidden = hiddenSize();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("scale_shift_table", new Shape(2, hidden));
        shapes.put("pos_embed.proj.weight", new Shape(hidden, inChannels, patchSize, patchSize));
        shapes.put("pos_embed.proj.bias", new Shape(hidden));
        for (int i = 0; i < numLayers; i++) {
            String at = "transformer_blocks." + i;
            block(shapes, at);
            compression(shapes, at, compression(i), 2);
            attention(shapes, at + ".attn2");
        }
        for (int i = 0; i < numLayers; i++) {
            String at = "temporal_transformer_blocks." + i;
            block(shapes, at);
            compression(shapes, at, compression(i), 1);
        }
        linear(shapes, "proj_out", hidden, outChannels * patchSize * patchSize);
        String timestep = "adaln_single.emb.timestep_embedder";
        linear(shapes, timestep + ".linear_1", LatteT2V.TIMESTEP_FEATURES, hidden);
        linear(shapes, timestep + ".linear_2", hidden, hidden);
        linear(shapes, "adaln_single.linear", hidden, 6 * hidden);
        shapes.put("caption_projection.y_embedding", new Shape(NULL_WORDS, captionChannels));
        linear(shapes, "caption_projection.linear_1", captionChannels, hidden);
        linear(shapes, "caption_projection.linear_2", hidden, hidden);
        return shapes;
    }

    private void block(Map<String, Shape> shapes, String at) {
        shapes.put(at + ".scale_shift_table", new Shape(6, hiddenSize()));
        attention(shapes, at + ".attn1");
        linear(shapes, at + ".ff.net.0.proj", hiddenSize(), 4 * hiddenSize());
        linear(shapes, at + ".ff.net.2", 4 * hiddenSize(), hiddenSize());
    }

    private void attention(Map<String, Shape> shapes, String at) {
        int hidden = hiddenSize();
        for (String name : List.of("to_q", "to_k", "to_v")) {
            shapes.put(at + "." + name + ".weight", new Shape(hidden, hidden));
            if (attentionBias) {
                shapes.put(at + "." + name + ".bias", new Shape(hidden));
            }
        }
        linear(shapes, at + ".to_out.0", hidden, hidden);
    }

    private void compression(Map<String, Shape> shapes, String at, int factor, int axes) {
        if (factor == 1) {
            return;
        }
        int hidden = hiddenSize();
        shapes.put(
                at + ".attn1.sr.weight",
                axes == 2 ? new Shape(hidden, 1, factor, factor) : new Shape(hidden, 1, factor));
        shapes.put(at + ".attn1.sr.bias", new Shape(hidden));
        shapes.put(at + ".attn1.norm.weight", new Shape(hidden));
        shapes.put(at + ".attn1.norm.bias", new Shape(hidden));
    }

    private static void linear(Map<String, Shape> shapes, String at, int in, int out) {
        shapes.put(at + ".weight", new Shape(out, in));
        shapes.put(at + ".bias", new Shape(out));
    }
}
