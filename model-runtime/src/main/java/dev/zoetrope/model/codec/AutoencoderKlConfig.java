package dev.zoetrope.model.codec;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The sizes of an {@link AutoencoderKl}; {@code config.json} uses the names in the annotations.
 * What it does not say is as diffusers' class has it.
 *
 * @param inChannels 3, of pixels
 * @param outChannels 3, of pixels
 * @param latentChannels C of the latents
 * @param blockOutChannels channels of each level, outermost first
 * @param layersPerBlock residual blocks of each level of the encoder; the decoder has one more
 * @param normNumGroups 32, of every norm
 * @param scalingFactor what brings latents to a standard deviation of about 1
 * @param actFn silu
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AutoencoderKlConfig(
        @JsonProperty("in_channels") Integer inChannels,
        @JsonProperty("out_channels") Integer outChannels,
        @JsonProperty("latent_channels") Integer latentChannels,
        @JsonProperty("block_out_channels") List<Integer> blockOutChannels,
        @JsonProperty("layers_per_block") Integer layersPerBlock,
        @JsonProperty("norm_num_groups") Integer normNumGroups,
        @JsonProperty("scaling_factor") Float scalingFactor,
        @JsonProperty("act_fn") String actFn) {
    private static final int PIXEL_CHANNELS = 3;
    private static final int GROUPS = 32;

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public AutoencoderKlConfig {
        inChannels = Objects.requireNonNullElse(inChannels, PIXEL_CHANNELS);
        outChannels = Objects.requireNonNullElse(outChannels, PIXEL_CHANNELS);
        latentChannels = Objects.requireNonNullElse(latentChannels, 4);
        blockOutChannels = List.copyOf(Objects.requireNonNullElse(blockOutChannels, List.of(64)));
        layersPerBlock = Objects.requireNonNullElse(layersPerBlock, 1);
        normNumGroups = Objects.requireNonNullElse(normNumGroups, GROUPS);
        scalingFactor = Objects.requireNonNullElse(scalingFactor, 0.18215f);
        actFn = Objects.requireNonNullElse(actFn, "silu");
        if (blockOutChannels.isEmpty()
                || blockOutChannels.stream().anyMatch(c -> c < GROUPS || c % GROUPS != 0)) {
            throw new IllegalArgumentException(
                    "block_out_channels %s (multiples of %d)".formatted(blockOutChannels, GROUPS));
        }
        if (inChannels != PIXEL_CHANNELS || outChannels != PIXEL_CHANNELS) {
            throw new IllegalArgumentException(
                    "in_channels %d, out_channels %d (%d)"
                            .formatted(inChannels, outChannels, PIXEL_CHANNELS));
        }
        if (latentChannels < 1 || layersPerBlock < 1 || !(scalingFactor > 0)) {
            throw new IllegalArgumentException(
                    "latent_channels %d, layers_per_block %d, scaling_factor %s"
                            .formatted(latentChannels, layersPerBlock, scalingFactor));
        }
        if (normNumGroups != GROUPS || !actFn.equals("silu")) {
            throw new IllegalArgumentException(
                    "norm_num_groups %d (%d), act_fn %s (silu)"
                            .formatted(normNumGroups, GROUPS, actFn));
        }
    }

    /** Of either half. */
    public int levels() {
        return blockOutChannels.size();
    }

    /** Rows, and columns, to one of the latents. */
    public int spatialFactor() {
        return 1 << (levels() - 1);
    }

    /** Every tensor of the checkpoint and its shape. */
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int in = blockOutChannels.getFirst();
        conv(shapes, "encoder.conv_in", inChannels, in, 3);
        for (int i = 0; i < levels(); i++) {
            String at = "encoder.down_blocks." + i;
            in = resnets(shapes, at, layersPerBlock, in, blockOutChannels.get(i));
            if (i + 1 < levels()) {
                conv(shapes, at + ".downsamplers.0.conv", in, in, 3);
            }
        }
        middle(shapes, "encoder.mid_block", in);
        norm(shapes, "encoder.conv_norm_out", in);
        conv(shapes, "encoder.conv_out", in, 2 * latentChannels, 3);
        conv(shapes, "quant_conv", 2 * latentChannels, 2 * latentChannels, 1);

        conv(shapes, "post_quant_conv", latentChannels, latentChannels, 1);
        conv(shapes, "decoder.conv_in", latentChannels, in, 3);
        middle(shapes, "decoder.mid_block", in);
        for (int i = 0; i < levels(); i++) {
            String at = "decoder.up_blocks." + i;
            int out = blockOutChannels.get(levels() - 1 - i);
            in = resnets(shapes, at, layersPerBlock + 1, in, out);
            if (i + 1 < levels()) {
                conv(shapes, at + ".upsamplers.0.conv", in, in, 3);
            }
        }
        norm(shapes, "decoder.conv_norm_out", in);
        conv(shapes, "decoder.conv_out", in, outChannels, 3);
        return shapes;
    }

    private static void middle(Map<String, Shape> shapes, String at, int width) {
        resnets(shapes, at, 2, width, width);
        norm(shapes, at + ".attentions.0.group_norm", width);
        for (String name : List.of("to_q", "to_k", "to_v", "to_out.0")) {
            weights(shapes, at + ".attentions.0." + name, new Shape(width, width));
        }
    }

    private static int resnets(
            Map<String, Shape> shapes, String block, int count, int in, int out) {
        for (int i = 0; i < count; i++) {
            String at = block + ".resnets." + i;
            int from = i == 0 ? in : out;
            norm(shapes, at + ".norm1", from);
            conv(shapes, at + ".conv1", from, out, 3);
            norm(shapes, at + ".norm2", out);
            conv(shapes, at + ".conv2", out, out, 3);
            if (from != out) {
                conv(shapes, at + ".conv_shortcut", from, out, 1);
            }
        }
        return out;
    }

    private static void conv(Map<String, Shape> shapes, String at, int in, int out, int kernel) {
        weights(shapes, at, new Shape(out, in, kernel, kernel));
    }

    private static void norm(Map<String, Shape> shapes, String at, int channels) {
        weights(shapes, at, new Shape(channels));
    }

    private static void weights(Map<String, Shape> shapes, String at, Shape shape) {
        shapes.put(at + ".weight", shape);
        shapes.put(at + ".bias", new Shape(shape.get(0)));
    }
}
