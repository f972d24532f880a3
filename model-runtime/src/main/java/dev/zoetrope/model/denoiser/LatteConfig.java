package dev.zoetrope.model.denoiser;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The sizes of a {@link Latte}; {@code config.json} uses the names in the annotations.
 *
 * @param inputSize trained latent size: H, W or one number for both
 * @param patchSize p, at least 1
 * @param inChannels C of the latents
 * @param hiddenSize D, a multiple of {@code numHeads}
 * @param depth blocks, spatial and temporal ones counted alike; even
 * @param numHeads of each attention
 * @param mlpRatio width of the hidden layer of an MLP over D, 4 by default
 * @param numFrames trained T, 16 by default
 * @param numClasses labels, without the null label that comes after them
 * @param learnSigma whether a variance is predicted as well, in C further channels; the default
 * @param extras the condition: 1 none, the default; 2 a class label; 78 a CLIP text embedding
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LatteConfig(
        @JsonProperty("input_size")
                @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                List<Integer> inputSize,
        @JsonProperty("patch_size") int patchSize,
        @JsonProperty("in_channels") int inChannels,
        @JsonProperty("hidden_size") int hiddenSize,
        @JsonProperty("depth") int depth,
        @JsonProperty("num_heads") int numHeads,
        @JsonProperty("mlp_ratio") Double mlpRatio,
        @JsonProperty("num_frames") Integer numFrames,
        @JsonProperty("num_classes") int numClasses,
        @JsonProperty("learn_sigma") Boolean learnSigma,
        @JsonProperty("extras") Integer extras) {

    /** A CLIP text encoder's 77 words of 768 channels, as one vector. */
    static final int TEXT_FEATURES = 77 * 768;

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public LatteConfig {
        inputSize = List.copyOf(inputSize);
        mlpRatio = Objects.requireNonNullElse(mlpRatio, 4.0);
        numFrames = Objects.requireNonNullElse(numFrames, 16);
        learnSigma = Objects.requireNonNullElse(learnSigma, true);
        extras = Objects.requireNonNullElse(extras, 1);
        if (inputSize.isEmpty()
                || inputSize.size() > 2
                || inputSize.stream().anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    "input_size needs one or two numbers of at least 1, got " + inputSize);
        }
        if (patchSize < 1 || inChannels < 1 || numFrames < 1 || depth < 2 || depth % 2 != 0) {
            throw new IllegalArgumentException(
                    "patch_size %d, in_channels %d, num_frames %d, depth %d (even)"
                            .formatted(patchSize, inChannels, numFrames, depth));
        }
        if (numHeads < 1 || hiddenSize < 1 || hiddenSize % numHeads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size %d is no multiple of num_heads %d"
                            .formatted(hiddenSize, numHeads));
        }
        if (extras != 1 && extras != 2 && extras != 78) {
            throw new IllegalArgumentException("extras 1, 2 or 78, got " + extras);
        }
    }

    /**
     * The configuration of a checkpoint that has none, as those of March 2024. What shapes do not
     * tell is what that code was published with: a square size, and heads of 72 channels in models
     * of width 1152, else 64. A {@link VideoDit} of 9 March may have the very same tensors.
     *
     * @throws IllegalArgumentException when these are not the tensors of such a model
     */
    public static LatteConfig of(Map<String, Shape> tensors) {
        Shape patch = shape(tensors, "x_embedder.proj.weight");
        int hidden = (int) patch.get(0);
        int channels = (int) patch.get(1);
        int p = (int) patch.get(2);
        int depth = 0;
        while (tensors.containsKey("blocks." + depth + ".attn.qkv.weight")) {
            depth++;
        }
        int patches = (int) shape(tensors, "pos_embed").get(1);
        int side = (int) Math.sqrt(patches);
        Shape labels = tensors.get("y_embedder.embedding_table.weight");
        boolean text = tensors.containsKey("text_embedding_projection.1.weight");
        return new LatteConfig(
                List.of(side * p, side * p),
                p,
                channels,
                hidden,
                depth,
                hidden / (hidden == 1152 ? 72 : 64),
                (double) shape(tensors, "blocks.0.mlp.fc1.bias").get(0) / hidden,
                (int) shape(tensors, "temp_embed").get(1),
                labels == null ? 1000 : (int) labels.get(0) - 1,
                shape(tensors, "final_layer.linear.bias").get(0) == 2L * channels * p * p,
                labels != null ? 2 : text ? 78 : 1);
    }

    private static Shape shape(Map<String, Shape> tensors, String key) {
        Shape shape = tensors.get(key);
        if (shape == null) {
            throw new IllegalArgumentException("a Latte has " + key);
        }
        return shape;
    }

    /** Channels of a head, d. */
    public int headSize() {
        return hiddenSize / numHeads;
    }

    /** Channels of the prediction, the variance's included. */
    public int outChannels() {
        return learnSigma ? 2 * inChannels : inChannels;
    }

    /** Rows of the trained patch grid. */
    public int trainedRows() {
        return inputSize.getFirst() / patchSize;
    }

    /** Columns of the trained patch grid. */
    public int trainedColumns() {
        return inputSize.getLast() / patchSize;
    }

    public boolean byLabel() {
        return extras == 2;
    }

    public boolean byText() {
        return extras == 78;
    }

    /** Every tensor of the checkpoint and its shape. */
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int grid = trainedRows() * trainedColumns();
        shapes.put("pos_embed", new Shape(1, grid, hiddenSize));
        shapes.put("temp_embed", new Shape(1, numFrames, hiddenSize));
        shapes.put(
                "x_embedder.proj.weight", new Shape(hiddenSize, inChannels, patchSize, patchSize));
        shapes.put("x_embedder.proj.bias", new Shape(hiddenSize));
        linear(shapes, "t_embedder.mlp.0", Latte.TIMESTEP_FEATURES, hiddenSize);
        linear(shapes, "t_embedder.mlp.2", hiddenSize, hiddenSize);
        if (byLabel()) {
            shapes.put("y_embedder.embedding_table.weight", new Shape(numClasses + 1, hiddenSize));
        }
        if (byText()) {
            linear(shapes, "text_embedding_projection.1", TEXT_FEATURES, hiddenSize);
        }
        int mlp = (int) (hiddenSize * mlpRatio);
        for (int i = 0; i < depth; i++) {
            String at = "blocks." + i;
            linear(shapes, at + ".attn.qkv", hiddenSize, 3 * hiddenSize);
            linear(shapes, at + ".attn.proj", hiddenSize, hiddenSize);
            linear(shapes, at + ".mlp.fc1", hiddenSize, mlp);
            linear(shapes, at + ".mlp.fc2", mlp, hiddenSize);
            linear(shapes, at + ".adaLN_modulation.1", hiddenSize, 6 * hiddenSize);
        }
        int patch = outChannels() * patchSize * patchSize;
        linear(shapes, "final_layer.linear", hiddenSize, patch);
        linear(shapes, "final_layer.adaLN_modulation.1", hiddenSize, 2 * hiddenSize);
        return shapes;
    }

    private static void linear(Map<String, Shape> shapes, String at, int in, int out) {
        shapes.put(at + ".weight", new Shape(out, in));
        shapes.put(at + ".bias", new Shape(out));
    }
}
