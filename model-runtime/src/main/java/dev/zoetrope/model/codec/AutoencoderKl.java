package dev.zoetrope.model.codec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The image VAE of latent diffusion (Rombach et al. 2022) under the names that diffusers gives its
 * weights: Stable Diffusion's, with which Open-Sora-Plan's Latte of March 2024 codes each frame of
 * a clip by itself. Pixels are in [-1, 1]. For inference only.
 *
 * <p>Clips of any length are coded a few frames at a time, so that memory does not grow with them.
 */
public final class AutoencoderKl {
    /** As many as do well in every memory that the model fits in. */
    public static final int FRAMES_AT_ONCE = 4;

    /** What a projection is as a convolution. */
    private static final Shape POINT = new Shape(1, 1, 1);

    private final AutoencoderKlConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;
    private final int framesAtOnce;

    /**
     * @param p the parameters of {@link AutoencoderKlConfig#parameters()}, as {@link #prepare}
     *     leaves them
     * @param k what to compute with
     * @param framesAtOnce of a clip that are coded together, at least 1
     */
    public AutoencoderKl(
            AutoencoderKlConfig config,
            Parameters p,
            Kernels k,
            Precision precision,
            int framesAtOnce) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
        this.framesAtOnce = framesAtOnce;
    }

    /** As above, with {@value #FRAMES_AT_ONCE} frames at once. */
    public AutoencoderKl(AutoencoderKlConfig config, Parameters p, Kernels k, Precision precision) {
        this(config, p, k, precision, FRAMES_AT_ONCE);
    }

    /**
     * The parameters as a model of this precision takes them: convolutions and the attention's
     * projections converted, channels-last and with an axis of time of length 1; norms in fp32.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) -> {
            Precision own = key.contains("norm") ? Precision.FP32 : precision;
            NDArray cast = within(manager, k.cast(array, own));
            return switch (cast.getShape().dimension()) {
                case 2 -> k.channelsLast(cast.reshape(cast.getShape().addAll(POINT)));
                case 4 -> k.channelsLast(cast.expandDims(2));
                default -> cast;
            };
        });
    }

    /** Pixels (B, 3, T, H, W) to the means of their latents (B, D, T, H', W'), fp32. */
    public NDArray encode(NDArray x) {
        return byFrames(x, this::means);
    }

    /** Latents (B, D, T, H', W') to pixels (B, 3, T, H, W), fp32, not clamped. */
    public NDArray decode(NDArray z) {
        return byFrames(z, this::pixels);
    }

    private NDArray byFrames(NDArray x, UnaryOperator<NDArray> code) {
        long frames = x.getShape().get(2);
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> coded = new ArrayList<>();
            for (long start = 0; start < frames; start += framesAtOnce) {
                long count = Math.min(framesAtOnce, frames - start);
                coded.add(code.apply(within(scratch, k.narrow(x, 2, start, count))));
            }
            return within(outer, k.concat(coded, 2));
        }
    }

    private NDArray means(NDArray x) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = k.channelsLast(within(scratch, k.cast(x, precision)));
            h = instead(h, conv(h, "encoder.conv_in"));
            for (int i = 0; i < config.levels(); i++) {
                String at = "encoder.down_blocks." + i;
                h = resnets(h, at, config.layersPerBlock());
                if (i + 1 < config.levels()) {
                    h = instead(h, halvingConv(h, at + ".downsamplers.0.conv"));
                }
            }
            h = middle(h, "encoder.mid_block");
            h = instead(h, normSiluConv(h, "encoder.conv_norm_out", "encoder.conv_out"));
            h = instead(h, conv(h, "quant_conv")); // means, then log variances
            h = k.narrow(h, 1, 0, config.latentChannels());
            return within(outer, k.cast(h, Precision.FP32));
        }
    }

    private NDArray pixels(NDArray z) {
        NDManager outer = z.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = k.channelsLast(within(scratch, k.cast(z, precision)));
            h = instead(h, conv(h, "post_quant_conv"));
            h = instead(h, conv(h, "decoder.conv_in"));
            h = middle(h, "decoder.mid_block");
            for (int i = 0; i < config.levels(); i++) {
                String at = "decoder.up_blocks." + i;
                h = resnets(h, at, config.layersPerBlock() + 1);
                if (i + 1 < config.levels()) {
                    h = instead(h, k.upsampleNearest(h));
                    h = instead(h, conv(h, at + ".upsamplers.0.conv"));
                }
            }
            h = instead(h, normSiluConv(h, "decoder.conv_norm_out", "decoder.conv_out"));
            return within(outer, k.cast(h, Precision.FP32));
        }
    }

    // What follows closes the activations it is given as soon as it can: those of frames are large.

    private NDArray middle(NDArray x, String at) {
        NDArray h = resnet(x, at + ".resnets.0");
        return resnet(attention(h, at + ".attentions.0"), at + ".resnets.1");
    }

    private NDArray resnets(NDArray x, String at, int count) {
        NDArray h = x;
        for (int i = 0; i < count; i++) {
            h = resnet(h, at + ".resnets." + i);
        }
        return h;
    }

    private NDArray resnet(NDArray x, String at) {
        NDArray h = normSiluConv(x, at + ".norm1", at + ".conv1");
        h = instead(h, normSiluConv(h, at + ".norm2", at + ".conv2"));
        boolean widens = p.has(at + ".conv_shortcut.weight");
        NDArray shortcut = widens ? instead(x, conv(x, at + ".conv_shortcut")) : x;
        k.addTo(h, shortcut);
        shortcut.close();
        return h;
    }

    private NDArray attention(NDArray x, String at) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray normed =
                    k.groupNorm(x, weight(at + ".group_norm"), bias(at + ".group_norm"), true);
            NDArray h = within(scratch, normed);
            NDArray q = conv(h, at + ".to_q");
            NDArray key = conv(h, at + ".to_k");
            NDArray v = conv(h, at + ".to_v");
            h = conv(k.channelsLast(k.frameAttention(q, key, v)), at + ".to_out.0");
            k.addTo(h, x);
            return instead(x, within(outer, h));
        }
    }

    private NDArray normSiluConv(NDArray x, String norm, String conv) {
        return k.normSiluConv(x, weight(norm), bias(norm), weight(conv), bias(conv), true);
    }

    /** Its kernel has no length in time, so that it is causal as any is. */
    private NDArray conv(NDArray x, String at) {
        return k.causalConv3d(x, weight(at), bias(at));
    }

    private NDArray halvingConv(NDArray x, String at) {
        return k.halvingCausalConv3d(x, weight(at), bias(at), 1);
    }

    private NDArray weight(String at) {
        return p.get(at + ".weight");
    }

    private NDArray bias(String at) {
        return p.get(at + ".bias");
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
