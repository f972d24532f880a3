package dev.zoetrope.model.codec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.codec.CausalVideoVaeConfig.Layer;
import dev.zoetrope.runtime.device.Precision;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The causal video VAE of Open-Sora-Plan v1.0 to v1.2: the image VAE of latent diffusion (Rombach
 * et al. 2022) with convolutions in time that see no later frame, so that a first frame alone is an
 * image.
 *
 * <p>Ported from PKU-YuanGroup/Open-Sora-Plan: v1.0.0, a7375034, and v1.1.0, 2a8b2328, {@code
 * opensora/models/ae/videobase/causal_vae/modeling_causalvae.py}; v1.2.0, adb2a20a, {@code
 * opensora/models/causalvideovae/model/causal_vae/modeling_causalvae.py}. Pixels are in [-1, 1].
 * Clips have 4k + 1 frames, of which the first has a latent frame to itself; others come back with
 * as many frames as the next shorter such clip. For inference only.
 */
public final class CausalVideoVae {
    private static final double MIN_LOG_VARIANCE = -30;
    private static final double MAX_LOG_VARIANCE = 20;

    private final CausalVideoVaeConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link CausalVideoVaeConfig#parameters()}, as {@link #prepare}
     *     leaves them; of one half they do for that half
     * @param k what to compute with
     */
    public CausalVideoVae(
            CausalVideoVaeConfig config, Parameters p, Kernels k, Precision precision) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
    }

    /**
     * The parameters as a model of this precision takes them: convolutions converted, channels-last
     * and all of them with an axis of time, which a convolution of frames has of length 1; norms
     * and shares in fp32.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) -> {
            boolean converted = !key.contains("norm") && !key.endsWith("mix_factor");
            NDArray cast = within(manager, k.cast(array, converted ? precision : Precision.FP32));
            return switch (cast.getShape().dimension()) {
                case 4 -> k.channelsLast(cast.expandDims(2));
                case 5 -> k.channelsLast(cast);
                default -> cast;
            };
        });
    }

    public CausalVideoVaeConfig config() {
        return config;
    }

    /** A normal distribution of latents, each (B, D, T', H', W'), fp32. */
    public record Posterior(NDArray mean, NDArray logVariance) {}

    /** What pixels (B, 3, T, H, W) say of their latents. */
    public Posterior encode(NDArray x) {
        return posterior(moments(x));
    }

    /** As above, by tiles where {@code x} is larger than one. */
    public Posterior encode(NDArray x, Tiling tiling) {
        return tiling.pixels.holds(x)
                ? encode(x)
                : posterior(tiled(x, this::moments, tiling.pixels, tiling.latents, tiling.overlap));
    }

    /** Latents (B, D, T', H', W') to pixels (B, 3, T, H, W), fp32, not clamped. */
    public NDArray decode(NDArray z) {
        NDManager outer = z.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = decoderIn(within(scratch, k.cast(z, precision)));
            h = middle(h, "decoder.mid");
            for (int i = config.levels() - 1; i >= 0; i--) {
                h = decoderBlocks(h, i);
                h = spatialUpsample(h, i);
                h = temporalUpsample(h, i);
            }
            h = normSiluConv(h, "decoder.norm_out", "decoder.conv_out", false);
            return within(outer, k.cast(h, Precision.FP32));
        }
    }

    /** As above, by tiles where {@code z} is larger than one. */
    public NDArray decode(NDArray z, Tiling tiling) {
        return tiling.latents.holds(z)
                ? decode(z)
                : tiled(z, this::decode, tiling.latents, tiling.pixels, tiling.overlap);
    }

    /**
     * About how much memory coding pixels (B, 3, T, H, W) as a whole takes: where it is most, the
     * decoder's last level holds four activations at once that are as wide as the level below.
     * Decoding took 0.8 to 1.03 times as much, clips of 9 and 17 frames of 128 x 128 in fp32.
     */
    public long workingBytes(Shape pixels) {
        int width = config.width(Math.min(1, config.levels() - 1));
        long positions = pixels.size() / pixels.get(1);
        return 4 * positions * width * (precision == Precision.FP32 ? 4 : 2);
    }

    private Posterior posterior(NDArray moments) {
        int channels = config.latentChannels();
        NDArray mean = k.narrow(moments, 1, 0, channels);
        NDArray logVariance = instead(moments, k.narrow(moments, 1, channels, channels));
        return new Posterior(
                mean,
                instead(logVariance, k.clamp(logVariance, MIN_LOG_VARIANCE, MAX_LOG_VARIANCE)));
    }

    /** Pixels (B, 3, T, H, W) to means and log variances (B, 2 D, T', H', W'), fp32. */
    private NDArray moments(NDArray x) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = encoderIn(within(scratch, k.cast(x, precision)));
            for (int i = 0; i < config.levels(); i++) {
                h = encoderBlocks(h, i);
                // The reference passes the innermost blocks on, whatever comes after them.
                if (i + 1 < config.levels()) {
                    h = spatialDownsample(h, i);
                    h = temporalDownsample(h, i);
                }
            }
            h = middle(h, "encoder.mid");
            h = normSiluConv(h, "encoder.norm_out", "encoder.conv_out", false);
            if (config.useQuantLayer()) {
                h = causalConv(h, "quant_conv");
            }
            return within(outer, k.cast(h, Precision.FP32));
        }
    }

    // What follows closes the activations it is given as soon as it can: those of clips are large.

    /** Pixels (B, 3, T, H, W) to the encoder's first activations. */
    public NDArray encoderIn(NDArray x) {
        return causalConv(k.channelsLast(x), "encoder.conv_in");
    }

    /** Latents (B, D, T', H', W') to the decoder's first activations. */
    public NDArray decoderIn(NDArray z) {
        NDArray h = k.channelsLast(z);
        if (config.useQuantLayer()) {
            h = causalConv(h, "post_quant_conv");
        }
        return causalConv(h, "decoder.conv_in");
    }

    /** The residual blocks of a level of the encoder. */
    public NDArray encoderBlocks(NDArray x, int level) {
        return blocks(
                x,
                "encoder.down." + level,
                config.numResBlocks(),
                config.encoderResnetBlocks().get(level),
                config.encoderAttention());
    }

    /** The residual blocks of a level of the decoder. */
    public NDArray decoderBlocks(NDArray x, int level) {
        return blocks(
                x,
                "decoder.up." + level,
                config.numResBlocks() + 1,
                config.decoderResnetBlocks().get(level),
                config.decoderAttention());
    }

    private NDArray blocks(NDArray x, String at, int count, Layer resnet, Layer attention) {
        NDArray h = x;
        for (int i = 0; i < count; i++) {
            h = resnetBlock(h, at + ".block." + i, resnet);
            if (p.has(at + ".attn." + i + ".norm.weight")) {
                h = attentionBlock(h, at + ".attn." + i, attention);
            }
        }
        return h;
    }

    private NDArray middle(NDArray x, String at) {
        return middleBlock2(middleAttention(middleBlock1(x, at), at), at);
    }

    /** The innermost blocks and attention of a half. */
    public NDArray middleBlock1(NDArray x, String at) {
        return resnetBlock(x, at + ".block_1", middleResnet(at));
    }

    public NDArray middleAttention(NDArray x, String at) {
        boolean encoder = at.startsWith("encoder");
        Layer type = encoder ? config.encoderAttention() : config.decoderAttention();
        return attentionBlock(x, at + ".attn_1", type);
    }

    public NDArray middleBlock2(NDArray x, String at) {
        return resnetBlock(x, at + ".block_2", middleResnet(at));
    }

    private Layer middleResnet(String at) {
        return at.startsWith("encoder") ? config.encoderMidResnet() : config.decoderMidResnet();
    }

    private NDArray resnetBlock(NDArray x, String at, Layer type) {
        boolean perFrame = type == Layer.RESNET_2D;
        NDArray h = normSiluConv(x, at + ".norm1", at + ".conv1", perFrame);
        h = instead(h, normSiluConv(h, at + ".norm2", at + ".conv2", perFrame));
        NDArray shortcut =
                p.has(conv(at + ".nin_shortcut") + ".weight")
                        ? instead(x, causalConv(x, at + ".nin_shortcut"))
                        : x;
        k.addTo(h, shortcut);
        shortcut.close();
        return h;
    }

    private NDArray attentionBlock(NDArray x, String at, Layer type) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = within(scratch, norm(x, at + ".norm", type == Layer.ATTENTION_2D));
            NDArray q = causalConv(h, at + ".q");
            NDArray key = causalConv(h, at + ".k");
            NDArray v = causalConv(h, at + ".v");
            h =
                    type == Layer.ATTENTION_3D
                            ? k.mixedFrameAttention(q, key, v)
                            : k.frameAttention(q, key, v);
            h = causalConv(k.channelsLast(h), at + ".proj_out");
            k.addTo(h, x);
            return instead(x, within(outer, h));
        }
    }

    /** Half as many rows and columns, and frames where the layer is of that kind. */
    public NDArray spatialDownsample(NDArray x, int level) {
        String conv = conv("encoder.down." + level + ".downsample.conv");
        return switch (config.encoderSpatialDownsample().get(level)) {
            case NONE -> x;
            case SPATIAL_TIME_DOWNSAMPLE -> halvingConv(x, conv, 2);
            default -> halvingConv(x, conv, 1);
        };
    }

    /** (T + 1) / 2 frames. */
    public NDArray temporalDownsample(NDArray x, int level) {
        String at = "encoder.down." + level + ".time_downsample";
        return switch (config.encoderTemporalDownsample().get(level)) {
            case NONE -> x;
            case TIME_DOWNSAMPLE -> instead(x, k.poolFrames(x));
            default ->
                    instead(
                            x,
                            k.poolFrames(
                                    x,
                                    p.get(at + ".mix_factor"),
                                    p.get(at + ".conv.weight"),
                                    p.get(at + ".conv.bias")));
        };
    }

    /** Twice as many rows and columns, and 2 T - 1 frames where the layer is of that kind. */
    public NDArray spatialUpsample(NDArray x, int level) {
        Layer type = config.decoderSpatialUpsample().get(level);
        if (type == Layer.NONE) {
            return x;
        }
        NDArray larger =
                instead(
                        x,
                        switch (type) {
                            case SPATIAL_TIME_UPSAMPLE -> k.upsampleLinear(x, 2, 2);
                            case SPATIAL_UPSAMPLE_3D -> k.upsampleLinear(x, 1, 2);
                            default -> k.upsampleNearest(x);
                        });
        return instead(larger, causalConv(larger, "decoder.up." + level + ".upsample.conv"));
    }

    /** 2 T - 1 frames. */
    public NDArray temporalUpsample(NDArray x, int level) {
        Layer type = config.decoderTemporalUpsample().get(level);
        if (type == Layer.NONE) {
            return x;
        }
        String at = "decoder.up." + level + ".time_upsample";
        NDArray longer = instead(x, k.upsampleLinear(x, 2, 1));
        if (type == Layer.TIME_UPSAMPLE) {
            return longer;
        }
        String conv = conv(at + ".conv");
        NDArray w = p.get(conv + ".weight");
        NDArray b = p.get(conv + ".bias");
        return instead(longer, k.mixWithConv(longer, p.get(at + ".mix_factor"), w, b));
    }

    private NDArray norm(NDArray x, String at, boolean perFrame) {
        return k.groupNorm(x, p.get(at + ".weight"), p.get(at + ".bias"), perFrame);
    }

    private NDArray normSiluConv(NDArray x, String norm, String at, boolean perFrame) {
        String conv = conv(at);
        return k.normSiluConv(
                x,
                p.get(norm + ".weight"),
                p.get(norm + ".bias"),
                p.get(conv + ".weight"),
                p.get(conv + ".bias"),
                perFrame);
    }

    private NDArray causalConv(NDArray x, String at) {
        String conv = conv(at);
        return k.causalConv3d(x, p.get(conv + ".weight"), p.get(conv + ".bias"));
    }

    private NDArray halvingConv(NDArray x, String conv, int timeStride) {
        NDArray w = p.get(conv + ".weight");
        return instead(x, k.halvingCausalConv3d(x, w, p.get(conv + ".bias"), timeStride));
    }

    /** A causal convolution wraps the one that has the weights. */
    private String conv(String at) {
        return p.has(at + ".conv.weight") ? at + ".conv" : at;
    }

    /**
     * Sizes that are coded at once.
     *
     * @param side rows, and columns
     * @param frames at least 2
     */
    public record Tile(int side, int frames) {
        /** Whether the clip (B, C, T, H, W) is no larger. */
        boolean holds(NDArray x) {
            return x.getShape().get(2) <= frames
                    && x.getShape().get(3) <= side
                    && x.getShape().get(4) <= side;
        }
    }

    /**
     * How large clips are cut, as the reference does it: tiles share a part of their rows and
     * columns, over which they fade into each other, and one frame, which the earlier one keeps.
     * Norms take their statistics of a tile, so that results differ from those of the whole.
     *
     * @param overlap the part that is shared
     */
    public record Tiling(Tile pixels, Tile latents, double overlap) {
        private static final int SIDE = 256;

        /** Of the release that a configuration is of. */
        public static Tiling published(CausalVideoVaeConfig config) {
            int latentSide = SIDE >> (config.levels() - 1);
            return config.useQuantLayer()
                    ? new Tiling(
                            new Tile(SIDE, 65),
                            new Tile(latentSide, 64 / config.temporalFactor() + 1),
                            0.25)
                    // What v1.2 samples with to save memory.
                    : new Tiling(new Tile(SIDE, 29), new Tile(latentSide, 8), 0.125);
        }

        /** Half as many rows, columns and latent frames: about an eighth of the memory. */
        public Tiling halved(CausalVideoVaeConfig config) {
            int latentFrames = Math.max(2, latents.frames / 2);
            return new Tiling(
                    new Tile(pixels.side / 2, (latentFrames - 1) * config.temporalFactor() + 1),
                    new Tile(latents.side / 2, latentFrames),
                    overlap);
        }
    }

    private NDArray tiled(
            NDArray x, UnaryOperator<NDArray> code, Tile from, Tile to, double overlap) {
        long frames = x.getShape().get(2);
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> chunks = new ArrayList<>();
            for (long start = 0; start == 0 || start + 1 < frames; start += from.frames - 1L) {
                long length = Math.min(from.frames, frames - start);
                NDArray chunk = within(scratch, k.narrow(x, 2, start, length));
                NDArray y = tiledFrames(chunk, code, from, to, overlap);
                chunks.add(start == 0 ? y : k.narrow(y, 2, 1, y.getShape().get(2) - 1));
            }
            return within(outer, k.concat(chunks, 2));
        }
    }

    private NDArray tiledFrames(
            NDArray x, UnaryOperator<NDArray> code, Tile from, Tile to, double overlap) {
        int stride = (int) (from.side * (1 - overlap));
        int fade = (int) (to.side * overlap);
        int kept = to.side - fade;
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> bands = new ArrayList<>();
            List<NDArray> above = List.of();
            for (long top = 0; top < x.getShape().get(3); top += stride) {
                List<NDArray> row = new ArrayList<>();
                List<NDArray> band = new ArrayList<>();
                for (long left = 0; left < x.getShape().get(4); left += stride) {
                    NDArray part = cut(cut(x, 3, top, from.side), 4, left, from.side);
                    NDArray tile = within(scratch, code.apply(within(scratch, part)));
                    if (!above.isEmpty()) {
                        k.blend(tile, above.get(row.size()), 3, fade);
                    }
                    if (!row.isEmpty()) {
                        k.blend(tile, row.getLast(), 4, fade);
                    }
                    row.add(tile);
                    band.add(cut(cut(tile, 3, 0, kept), 4, 0, kept));
                }
                bands.add(k.concat(band, 4));
                above = row;
            }
            return within(outer, k.concat(bands, 3));
        }
    }

    /** At most {@code length} entries along an axis. */
    private NDArray cut(NDArray x, int axis, long start, long length) {
        return k.narrow(x, axis, start, Math.min(length, x.getShape().get(axis) - start));
    }

    /** {@code next} in place of {@code h}, which is closed. */
    private static NDArray instead(NDArray h, NDArray next) {
        h.close();
        return next;
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
