package dev.zoetrope.model.codec;

import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The layers of a {@link CausalVideoVae} and their sizes; {@code config.json} uses the names in the
 * annotations. What it does not say is as the reference's class has it.
 *
 * @param hiddenSize channels of the outermost level
 * @param zChannels C of the latents inside of the quantisation layers
 * @param hiddenSizeMult channels of each level over {@code hiddenSize}, outermost first
 * @param attnResolutions rows at which residual blocks are followed by attention, counted from
 *     {@code resolution}
 * @param resolution rows of the clips it was trained on
 * @param doubleZ true
 * @param embedDim C of the latents
 * @param numResBlocks of each level of the encoder; the decoder has one more
 * @param useQuantLayer whether convolutions stand between the latents and the two halves
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CausalVideoVaeConfig(
        @JsonProperty("hidden_size") Integer hiddenSize,
        @JsonProperty("z_channels") Integer zChannels,
        @JsonProperty("hidden_size_mult") List<Integer> hiddenSizeMult,
        @JsonProperty("attn_resolutions") List<Integer> attnResolutions,
        @JsonProperty("resolution") Integer resolution,
        @JsonProperty("double_z") Boolean doubleZ,
        @JsonProperty("embed_dim") Integer embedDim,
        @JsonProperty("num_res_blocks") Integer numResBlocks,
        @JsonProperty("q_conv") Layer qConv,
        @JsonProperty("encoder_conv_in") Layer encoderConvIn,
        @JsonProperty("encoder_conv_out") Layer encoderConvOut,
        @JsonProperty("encoder_attention") Layer encoderAttention,
        @JsonProperty("encoder_resnet_blocks") List<Layer> encoderResnetBlocks,
        @JsonProperty("encoder_spatial_downsample") List<Layer> encoderSpatialDownsample,
        @JsonProperty("encoder_temporal_downsample") List<Layer> encoderTemporalDownsample,
        @JsonProperty("encoder_mid_resnet") Layer encoderMidResnet,
        @JsonProperty("decoder_conv_in") Layer decoderConvIn,
        @JsonProperty("decoder_conv_out") Layer decoderConvOut,
        @JsonProperty("decoder_attention") Layer decoderAttention,
        @JsonProperty("decoder_resnet_blocks") List<Layer> decoderResnetBlocks,
        @JsonProperty("decoder_spatial_upsample") List<Layer> decoderSpatialUpsample,
        @JsonProperty("decoder_temporal_upsample") List<Layer> decoderTemporalUpsample,
        @JsonProperty("decoder_mid_resnet") Layer decoderMidResnet,
        @JsonProperty("use_quant_layer") Boolean useQuantLayer) {

    /** Of every norm. */
    static final int GROUPS = 32;

    /** What a place in the model can be filled with. */
    public enum Layer {
        NONE(""),
        CONV_2D("Conv2d"),
        CAUSAL_CONV_3D("CausalConv3d"),
        RESNET_2D("ResnetBlock2D"),
        RESNET_3D("ResnetBlock3D"),
        ATTENTION_2D("AttnBlock"),
        ATTENTION_3D("AttnBlock3D"),
        ATTENTION_3D_FIXED("AttnBlock3DFix"),
        DOWNSAMPLE("Downsample"),
        SPATIAL_DOWNSAMPLE("SpatialDownsample2x"),
        SPATIAL_DOWNSAMPLE_3D("Spatial2x3DDownsample"),
        SPATIAL_TIME_DOWNSAMPLE("Spatial2xTime2x3DDownsample"),
        TIME_DOWNSAMPLE("TimeDownsample2x"),
        TIME_DOWNSAMPLE_RES("TimeDownsampleRes2x"),
        UPSAMPLE("Upsample"),
        SPATIAL_UPSAMPLE("SpatialUpsample2x"),
        SPATIAL_UPSAMPLE_3D("Spatial2x3DUpsample"),
        SPATIAL_TIME_UPSAMPLE("Spatial2xTime2x3DUpsample"),
        TIME_UPSAMPLE("TimeUpsample2x"),
        TIME_UPSAMPLE_RES("TimeUpsampleRes2x");

        private final String title;

        Layer(String title) {
            this.title = title;
        }

        /**
         * By the name of the reference's class. Those with _GC differ in training alone.
         *
         * @throws IllegalArgumentException for others
         */
        @JsonCreator
        static Layer named(String title) {
            for (Layer layer : values()) {
                if (title.equals(layer.title) || title.equals(layer.title + "_GC")) {
                    return layer;
                }
            }
            throw new IllegalArgumentException("no layer is called " + title);
        }

        @JsonValue
        @Override
        public String toString() {
            return title;
        }
    }

    private static final Set<Layer> CONVOLUTIONS = EnumSet.of(Layer.CONV_2D, Layer.CAUSAL_CONV_3D);
    private static final Set<Layer> RESNETS = EnumSet.of(Layer.RESNET_2D, Layer.RESNET_3D);
    private static final Set<Layer> ATTENTIONS =
            EnumSet.of(Layer.ATTENTION_2D, Layer.ATTENTION_3D, Layer.ATTENTION_3D_FIXED);
    private static final Set<Layer> SPATIAL_DOWNSAMPLES =
            EnumSet.of(
                    Layer.NONE,
                    Layer.DOWNSAMPLE,
                    Layer.SPATIAL_DOWNSAMPLE,
                    Layer.SPATIAL_DOWNSAMPLE_3D,
                    Layer.SPATIAL_TIME_DOWNSAMPLE);
    private static final Set<Layer> TIME_DOWNSAMPLES =
            EnumSet.of(Layer.NONE, Layer.TIME_DOWNSAMPLE, Layer.TIME_DOWNSAMPLE_RES);
    private static final Set<Layer> SPATIAL_UPSAMPLES =
            EnumSet.of(
                    Layer.NONE,
                    Layer.UPSAMPLE,
                    Layer.SPATIAL_UPSAMPLE,
                    Layer.SPATIAL_UPSAMPLE_3D,
                    Layer.SPATIAL_TIME_UPSAMPLE);
    private static final Set<Layer> TIME_UPSAMPLES =
            EnumSet.of(Layer.NONE, Layer.TIME_UPSAMPLE, Layer.TIME_UPSAMPLE_RES);

    /**
     * @throws IllegalArgumentException when no such model can be built, with the numbers
     */
    public CausalVideoVaeConfig {
        hiddenSize = Objects.requireNonNullElse(hiddenSize, 128);
        zChannels = Objects.requireNonNullElse(zChannels, 4);
        hiddenSizeMult =
                List.copyOf(Objects.requireNonNullElse(hiddenSizeMult, List.of(1, 2, 4, 4)));
        attnResolutions = List.copyOf(Objects.requireNonNullElse(attnResolutions, List.of()));
        resolution = Objects.requireNonNullElse(resolution, 256);
        doubleZ = Objects.requireNonNullElse(doubleZ, true);
        embedDim = Objects.requireNonNullElse(embedDim, 4);
        numResBlocks = Objects.requireNonNullElse(numResBlocks, 2);
        useQuantLayer = Objects.requireNonNullElse(useQuantLayer, true);
        if (hiddenSizeMult.isEmpty()
                || hiddenSize % GROUPS != 0
                || hiddenSize < GROUPS
                || hiddenSizeMult.stream().anyMatch(factor -> factor < 1)) {
            throw new IllegalArgumentException(
                    "hidden_size %d (a multiple of %d), hidden_size_mult %s"
                            .formatted(hiddenSize, GROUPS, hiddenSizeMult));
        }
        if (zChannels < 1 || embedDim < 1 || numResBlocks < 1 || resolution < 1 || !doubleZ) {
            throw new IllegalArgumentException(
                    "z_channels %d, embed_dim %d, num_res_blocks %d, resolution %d, double_z %s (true)"
                            .formatted(zChannels, embedDim, numResBlocks, resolution, doubleZ));
        }
        qConv = layer("q_conv", qConv, Layer.CAUSAL_CONV_3D, CONVOLUTIONS);
        encoderConvIn = layer("encoder_conv_in", encoderConvIn, Layer.CAUSAL_CONV_3D, CONVOLUTIONS);
        encoderConvOut =
                layer("encoder_conv_out", encoderConvOut, Layer.CAUSAL_CONV_3D, CONVOLUTIONS);
        encoderAttention =
                layer("encoder_attention", encoderAttention, Layer.ATTENTION_3D, ATTENTIONS);
        encoderMidResnet = layer("encoder_mid_resnet", encoderMidResnet, Layer.RESNET_3D, RESNETS);
        decoderConvIn = layer("decoder_conv_in", decoderConvIn, Layer.CAUSAL_CONV_3D, CONVOLUTIONS);
        decoderConvOut =
                layer("decoder_conv_out", decoderConvOut, Layer.CAUSAL_CONV_3D, CONVOLUTIONS);
        decoderAttention =
                layer("decoder_attention", decoderAttention, Layer.ATTENTION_3D, ATTENTIONS);
        decoderMidResnet = layer("decoder_mid_resnet", decoderMidResnet, Layer.RESNET_3D, RESNETS);
        int levels = hiddenSizeMult.size();
        encoderResnetBlocks =
                layers(
                        "encoder_resnet_blocks",
                        encoderResnetBlocks,
                        Collections.nCopies(4, Layer.RESNET_3D),
                        RESNETS,
                        levels);
        encoderSpatialDownsample =
                layers(
                        "encoder_spatial_downsample",
                        encoderSpatialDownsample,
                        List.of(
                                Layer.SPATIAL_DOWNSAMPLE,
                                Layer.SPATIAL_DOWNSAMPLE,
                                Layer.SPATIAL_DOWNSAMPLE,
                                Layer.NONE),
                        SPATIAL_DOWNSAMPLES,
                        levels);
        encoderTemporalDownsample =
                layers(
                        "encoder_temporal_downsample",
                        encoderTemporalDownsample,
                        List.of(
                                Layer.NONE,
                                Layer.TIME_DOWNSAMPLE,
                                Layer.TIME_DOWNSAMPLE,
                                Layer.NONE),
                        TIME_DOWNSAMPLES,
                        levels);
        decoderResnetBlocks =
                layers(
                        "decoder_resnet_blocks",
                        decoderResnetBlocks,
                        Collections.nCopies(4, Layer.RESNET_3D),
                        RESNETS,
                        levels);
        decoderSpatialUpsample =
                layers(
                        "decoder_spatial_upsample",
                        decoderSpatialUpsample,
                        List.of(
                                Layer.NONE,
                                Layer.SPATIAL_UPSAMPLE,
                                Layer.SPATIAL_UPSAMPLE,
                                Layer.SPATIAL_UPSAMPLE),
                        SPATIAL_UPSAMPLES,
                        levels);
        decoderTemporalUpsample =
                layers(
                        "decoder_temporal_upsample",
                        decoderTemporalUpsample,
                        List.of(Layer.NONE, Layer.NONE, Layer.TIME_UPSAMPLE, Layer.TIME_UPSAMPLE),
                        TIME_UPSAMPLES,
                        levels);
    }

    private static Layer layer(
            String field, @Nullable Layer given, Layer usual, Set<Layer> possible) {
        return layers(field, given == null ? null : List.of(given), List.of(usual), possible, 1)
                .getFirst();
    }

    private static List<Layer> layers(
            String field,
            @Nullable List<Layer> given,
            List<Layer> usual,
            Set<Layer> possible,
            int levels) {
        List<Layer> layers = List.copyOf(given == null ? usual : given);
        if (layers.size() < levels || !possible.containsAll(layers)) {
            throw new IllegalArgumentException(
                    "%s needs %d of %s, got %s".formatted(field, levels, possible, layers));
        }
        return layers;
    }

    /** Of either half; level 0 is the outermost. */
    public int levels() {
        return hiddenSizeMult.size();
    }

    /** Channels of a level. */
    public int width(int level) {
        return hiddenSize * hiddenSizeMult.get(level);
    }

    /** C of the latents. */
    public int latentChannels() {
        return useQuantLayer ? embedDim : zChannels;
    }

    /** Rows, and columns, to one of the latents. */
    public int spatialFactor() {
        return 1 << halvings(encoderSpatialDownsample, layer -> layer != Layer.NONE);
    }

    /** Frames to one of the latents, the first frame aside. */
    public int temporalFactor() {
        int alone = halvings(encoderTemporalDownsample, layer -> layer != Layer.NONE);
        int jointly =
                halvings(encoderSpatialDownsample, layer -> layer == Layer.SPATIAL_TIME_DOWNSAMPLE);
        return 1 << (alone + jointly);
    }

    /** The innermost level is left before its downsampling, if it has any. */
    private int halvings(List<Layer> layers, Predicate<Layer> halves) {
        return (int) layers.stream().limit(levels() - 1L).filter(halves).count();
    }

    /** Whether residual blocks of a level of the encoder are followed by attention. */
    public boolean encoderAttends(int level) {
        int rows = resolution;
        for (int i = 0; i < level; i++) {
            rows = encoderSpatialDownsample.get(i) == Layer.NONE ? rows : rows / 2;
        }
        return attnResolutions.contains(rows);
    }

    /** Whether residual blocks of a level of the decoder are followed by attention. */
    public boolean decoderAttends(int level) {
        int rows = resolution >> (levels() - 1);
        for (int i = levels() - 1; i > level; i--) {
            rows = decoderSpatialUpsample.get(i) == Layer.NONE ? rows : rows * 2;
        }
        return attnResolutions.contains(rows);
    }

    /** Every tensor of the checkpoint and its shape. */
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        int inner = width(levels() - 1);
        conv(shapes, "encoder.conv_in", encoderConvIn, 3, hiddenSize, 3);
        int in = hiddenSize;
        for (int i = 0; i < levels(); i++) {
            String at = "encoder.down." + i;
            for (int j = 0; j < numResBlocks; j++) {
                resnet(shapes, at + ".block." + j, encoderResnetBlocks.get(i), in, width(i));
                in = width(i);
                if (encoderAttends(i)) {
                    attention(shapes, at + ".attn." + j, encoderAttention, in);
                }
            }
            resampling(shapes, at + ".downsample", encoderSpatialDownsample.get(i), in);
            resampling(shapes, at + ".time_downsample", encoderTemporalDownsample.get(i), in);
        }
        middle(shapes, "encoder.mid", encoderMidResnet, encoderAttention, inner);
        norm(shapes, "encoder.norm_out", inner);
        conv(shapes, "encoder.conv_out", encoderConvOut, inner, 2 * zChannels, 3);

        conv(shapes, "decoder.conv_in", decoderConvIn, zChannels, inner, 3);
        middle(shapes, "decoder.mid", decoderMidResnet, decoderAttention, inner);
        for (int i = levels() - 1; i >= 0; i--) {
            String at = "decoder.up." + i;
            for (int j = 0; j <= numResBlocks; j++) {
                resnet(shapes, at + ".block." + j, decoderResnetBlocks.get(i), in, width(i));
                in = width(i);
                if (decoderAttends(i)) {
                    attention(shapes, at + ".attn." + j, decoderAttention, in);
                }
            }
            resampling(shapes, at + ".upsample", decoderSpatialUpsample.get(i), in);
            resampling(shapes, at + ".time_upsample", decoderTemporalUpsample.get(i), in);
        }
        norm(shapes, "decoder.norm_out", in);
        conv(shapes, "decoder.conv_out", decoderConvOut, in, 3, 3);
        if (useQuantLayer) {
            conv(shapes, "quant_conv", qConv, 2 * zChannels, 2 * embedDim, 1);
            conv(shapes, "post_quant_conv", qConv, embedDim, zChannels, 1);
        }
        return shapes;
    }

    private static void middle(
            Map<String, Shape> shapes, String at, Layer resnet, Layer attention, int width) {
        resnet(shapes, at + ".block_1", resnet, width, width);
        attention(shapes, at + ".attn_1", attention, width);
        resnet(shapes, at + ".block_2", resnet, width, width);
    }

    private static void resnet(Map<String, Shape> shapes, String at, Layer type, int in, int out) {
        Layer conv = type == Layer.RESNET_2D ? Layer.CONV_2D : Layer.CAUSAL_CONV_3D;
        norm(shapes, at + ".norm1", in);
        conv(shapes, at + ".conv1", conv, in, out, 3);
        norm(shapes, at + ".norm2", out);
        conv(shapes, at + ".conv2", conv, out, out, 3);
        if (in != out) {
            conv(shapes, at + ".nin_shortcut", conv, in, out, 1);
        }
    }

    private static void attention(Map<String, Shape> shapes, String at, Layer type, int width) {
        Layer conv = type == Layer.ATTENTION_2D ? Layer.CONV_2D : Layer.CAUSAL_CONV_3D;
        norm(shapes, at + ".norm", width);
        for (String name : List.of("q", "k", "v", "proj_out")) {
            conv(shapes, at + "." + name, conv, width, width, 1);
        }
    }

    private static void resampling(Map<String, Shape> shapes, String at, Layer type, int width) {
        switch (type) {
            case DOWNSAMPLE, UPSAMPLE -> conv(shapes, at + ".conv", Layer.CONV_2D, width, width, 3);
            case SPATIAL_DOWNSAMPLE, SPATIAL_UPSAMPLE ->
                    weights(shapes, at + ".conv.conv", new Shape(width, width, 1, 3, 3));
            case SPATIAL_DOWNSAMPLE_3D,
                    SPATIAL_TIME_DOWNSAMPLE,
                    SPATIAL_UPSAMPLE_3D,
                    SPATIAL_TIME_UPSAMPLE ->
                    conv(shapes, at + ".conv", Layer.CAUSAL_CONV_3D, width, width, 3);
            case TIME_DOWNSAMPLE_RES -> {
                weights(shapes, at + ".conv", new Shape(width, width, 3, 3, 3));
                shapes.put(at + ".mix_factor", new Shape(1));
            }
            case TIME_UPSAMPLE_RES -> {
                conv(shapes, at + ".conv", Layer.CAUSAL_CONV_3D, width, width, 3);
                shapes.put(at + ".mix_factor", new Shape(1));
            }
            default -> {
                // without parameters
            }
        }
    }

    private static void conv(
            Map<String, Shape> shapes, String at, Layer type, int in, int out, int kernel) {
        if (type == Layer.CONV_2D) {
            weights(shapes, at, new Shape(out, in, kernel, kernel));
        } else {
            weights(shapes, at + ".conv", new Shape(out, in, kernel, kernel, kernel));
        }
    }

    private static void weights(Map<String, Shape> shapes, String at, Shape shape) {
        shapes.put(at + ".weight", shape);
        shapes.put(at + ".bias", new Shape(shape.get(0)));
    }

    private static void norm(Map<String, Shape> shapes, String at, int channels) {
        shapes.put(at + ".weight", new Shape(channels));
        shapes.put(at + ".bias", new Shape(channels));
    }
}
