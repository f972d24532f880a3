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
 * The sizes of a {@link VideoDit}; {@code config.json} uses the names in the annotations.
 *
 * @param inputSize trained latent size: T, H, W for 5 March, H, W or one number for both later
 * @param patchSize p, at least 1
 * @param patchSizeT frames of a patch; 1, the default: no patch of the reference spans frames
 * @param inChannels C of the latents
 * @param hiddenSize D, a multiple of 4 and of {@code numHeads}
 * @param depth blocks, at least 1
 * @param numHeads of each attention
 * @param mlpRatio width of the hidden layer of an MLP over D, 4 by default
 * @param numFrames trained T of 9 March, which stores a table of that length; else null
 * @param numClasses labels, without the null label that comes after them
 * @param learnSigma whether a variance is predicted as well, in C further channels; the default
 * @param extras the condition: 1 none, the default; 2 a class label, which 5 March always has
 * @param attentionPeMode {@code 2d_rope} for rotary embeddings (9 March), else null
 * @param ptInputSize grid that rotary positions span, H, W; null for {@code inputSize}
 * @param interpolatePositions whether grids larger than {@code inputSize} are squeezed into its
 *     range (5 and 7 March), where the reference would count on
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VideoDitConfig(
        @JsonProperty("input_size")
                @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                List<Integer> inputSize,
        @JsonProperty("patch_size") int patchSize,
        @JsonProperty("patch_size_t") Integer patchSizeT,
        @JsonProperty("in_channels") int inChannels,
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("depth") int depth,
        @JsonProperty("num_heads") int numHeads,
        @JsonProperty("mlp_ratio") Double mlpRatio,
        @JsonProperty("num_frames") @Nullable Integer numFrames,
        @JsonProperty("num_classes") int numClasses,
        @JsonProperty("learn_sigma") Boolean learnSigma,
        @JsonProperty("extras") Integer extras,
        @JsonProperty("attention_pe_mode") @Nullable String attentionPeMode,
        @JsonProperty("pt_input_size")
                @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                @Nullable List<Integer> ptInputSize,
        @JsonProperty("interpolate_positions") boolean interpolatePositions) {

    /** The model changed twice in its first week. */
    public enum Variant {
        /** Channels first, any grid, a true mask. */
        MAR_05,
        /** Frames first, any grid, a mask that hardly masks. */
        MAR_07,
        /** Frames first, tables of positions in the checkpoint, a true mask, rotary embeddings. */
        MAR_09;

        /**
         * Which of them has tensors of these names. A checkpoint of 7 March with classes has the
         * very names of one of 5 March, for which it is taken: only its configuration can tell.
         */
        public static Variant of(Iterable<String> keys) {
            Variant variant = MAR_07;
            for (String key : keys) {
                if (key.equals("temp_embed")) {
                    return MAR_09;
                }
                if (key.startsWith("y_embedder.")) {
                    variant = MAR_05;
                }
            }
            return variant;
        }
    }

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public VideoDitConfig {
        inputSize = List.copyOf(inputSize);
        if (inputSize.isEmpty()
                || inputSize.size() > 3
                || inputSize.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "input_size needs one to three numbers of at least 1, got " + inputSize);
        }
        patchSizeT = Objects.requireNonNullElse(patchSizeT, 1);
        mlpRatio = Objects.requireNonNullElse(mlpRatio, 4.0);
        learnSigma = Objects.requireNonNullElse(learnSigma, true);
        extras = Objects.requireNonNullElse(extras, inputSize.size() == 3 ? 2 : 1);
        if (patchSize < 1 || patchSizeT != 1 || inChannels < 1 || depth < 1 || numClasses < 1) {
            throw new IllegalArgumentException(
                    "patch_size %d, patch_size_t %d (1), in_channels %d, depth %d, num_classes %d"
                            .formatted(patchSize, patchSizeT, inChannels, depth, numClasses));
        }
        if (numHeads < 1 || hiddenSize < 1 || hiddenSize % 4 != 0 || hiddenSize % numHeads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size %d is no multiple of 4 and of num_heads %d"
                            .formatted(hiddenSize, numHeads));
        }
        if (extras != 1 && extras != 2) {
            throw new IllegalArgumentException("extras 1 or 2, got " + extras);
        }
        if ("2d_rope".equals(attentionPeMode) && hiddenSize / numHeads % 4 != 0) {
            throw new IllegalArgumentException(
                    "2d_rope needs heads of a multiple of 4 channels, got %d / %d"
                            .formatted(hiddenSize, numHeads));
        }
    }

    /**
     * The configuration of a checkpoint that has none, as those of March 2024. What shapes do not
     * tell is what that code was published with: heads of 72 channels in models of width 1152, else
     * 64, and for 5 and 7 March latents of 2 x 32 x 32.
     *
     * @throws IllegalArgumentException when these are not the tensors of such a model
     */
    public static VideoDitConfig of(Map<String, Shape> tensors) {
        Variant variant = Variant.of(tensors.keySet());
        Shape patch = shape(tensors, "x_embedder.proj.weight");
        Shape out = shape(tensors, "final_layer.linear.bias");
        int hidden = (int) patch.get(0);
        int channels = (int) patch.get(1);
        int p = (int) patch.get(2);
        int depth = 0;
        while (tensors.containsKey("blocks." + depth + ".attn.qkv.weight")) {
            depth++;
        }
        Shape labels = tensors.get("y_embedder.embedding_table.weight");
        Shape rope = tensors.get("blocks.0.attn.rope.freqs_cos");
        List<Integer> inputSize = variant == Variant.MAR_05 ? List.of(2, 32, 32) : List.of(32, 32);
        Integer frames = null;
        if (variant == Variant.MAR_09) {
            int patches = (int) shape(tensors, "pos_embed").get(1);
            int side = (int) Math.sqrt(patches);
            inputSize = List.of(side * p, side * p);
            frames = (int) shape(tensors, "temp_embed").get(1);
        }
        int head = rope != null ? (int) rope.get(1) : hidden == 1152 ? 72 : 64;
        return new VideoDitConfig(
                inputSize,
                p,
                1,
                channels,
                hidden,
                depth,
                hidden / head,
                (double) shape(tensors, "blocks.0.mlp.fc1.bias").get(0) / hidden,
                frames,
                labels == null ? 1000 : (int) labels.get(0) - 1,
                out.get(0) == 2L * channels * p * p,
                labels == null ? 1 : 2,
                rope == null ? null : "2d_rope",
                null,
                false);
    }

    private static Shape shape(Map<String, Shape> tensors, String key) {
        Shape shape = tensors.get(key);
        if (shape == null) {
            throw new IllegalArgumentException("a VideoDit has " + key);
        }
        return shape;
    }

    /** Told by what each version of the code was configured with. */
    public Variant variant() {
        if (inputSize.size() == 3) {
            return Variant.MAR_05;
        }
        return numFrames == null ? Variant.MAR_07 : Variant.MAR_09;
    }

    /** This model with {@link #interpolatePositions}. */
    public VideoDitConfig withInterpolatedPositions() {
        return new VideoDitConfig(
                inputSize,
                patchSize,
                patchSizeT,
                inChannels,
                hiddenSize,
                depth,
                numHeads,
                mlpRatio,
                numFrames,
                numClasses,
                learnSigma,
                extras,
                attentionPeMode,
                ptInputSize,
                true);
    }

    public boolean conditional() {
        return extras == 2;
    }

    public boolean rotary() {
        return "2d_rope".equals(attentionPeMode);
    }

    /** Channels of a head, d. */
    public int headSize() {
        return hiddenSize / numHeads;
    }

    /** Channels of the prediction, the variance's included. */
    public int outChannels() {
        return learnSigma ? 2 * inChannels : inChannels;
    }

    /** Frames the model was trained on; {@link Integer#MAX_VALUE} where nothing tells. */
    public int trainedFrames() {
        if (numFrames != null) {
            return numFrames;
        }
        return inputSize.size() == 3 ? inputSize.getFirst() : Integer.MAX_VALUE;
    }

    /** Rows of the trained patch grid. */
    public int trainedRows() {
        return inputSize.get(Math.max(0, inputSize.size() - 2)) / patchSize;
    }

    /** Columns of the trained patch grid. */
    public int trainedColumns() {
        return inputSize.getLast() / patchSize;
    }

    /** Rows and columns that rotary positions span, in latents. */
    public List<Integer> rotarySpan() {
        return ptInputSize == null ? inputSize : ptInputSize;
    }

    /** Every tensor of the checkpoint and its shape. */
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        if (variant() == Variant.MAR_09) {
            int grid = trainedRows() * trainedColumns();
            shapes.put("pos_embed", new Shape(1, grid, hiddenSize));
            shapes.put("temp_embed", new Shape(1, trainedFrames(), hiddenSize));
        }
        shapes.put(
                "x_embedder.proj.weight", new Shape(hiddenSize, inChannels, patchSize, patchSize));
        shapes.put("x_embedder.proj.bias", new Shape(hiddenSize));
        linear(shapes, "t_embedder.mlp.0", VideoDit.TIMESTEP_FEATURES, hiddenSize);
        linear(shapes, "t_embedder.mlp.2", hiddenSize, hiddenSize);
        if (conditional()) {
            shapes.put("y_embedder.embedding_table.weight", new Shape(numClasses + 1, hiddenSize));
        }
        for (int i = 0; i < depth; i++) {
            block(shapes, "blocks." + i);
        }
        linear(shapes, "final_layer.linear", hiddenSize, outChannels() * patchSize * patchSize);
        linear(shapes, "final_layer.adaLN_modulation.1", hiddenSize, 2 * hiddenSize);
        return shapes;
    }

    private void block(Map<String, Shape> shapes, String at) {
        int mlp = (int) (hiddenSize * mlpRatio);
        linear(shapes, at + ".attn.qkv", hiddenSize, 3 * hiddenSize);
        linear(shapes, at + ".attn.proj", hiddenSize, hiddenSize);
        if (rotary()) {
            // One row for each latent, where it ought to be one for each patch.
            int rows = inputSize.getFirst() * inputSize.getLast();
            Shape table = new Shape(rows, headSize());
            shapes.put(at + ".attn.rope.freqs_cos", table);
            shapes.put(at + ".attn.rope.freqs_sin", table);
        }
        linear(shapes, at + ".mlp.fc1", hiddenSize, mlp);
        linear(shapes, at + ".mlp.fc2", mlp, hiddenSize);
        linear(shapes, at + ".adaLN_modulation.1", hiddenSize, 6 * hiddenSize);
    }

    private static void linear(Map<String, Shape> shapes, String at, int in, int out) {
        shapes.put(at + ".weight", new Shape(out, in));
        shapes.put(at + ".bias", new Shape(out));
    }
}
