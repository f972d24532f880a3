package dev.zoetrope.model.denoiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2VConfig.Version;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The text-to-video Latte (Ma et al. 2024) of Open-Sora-Plan up to v1.1: blocks of PixArt-alpha
 * (Chen et al. 2023) within each frame, which also attend to the text, in turn with blocks along
 * time.
 *
 * <p>Ported from PKU-YuanGroup/Open-Sora-Plan: March 2024, 9a0d0bc8, {@code
 * opensora/models/diffusion/latte_t2v/latte_t2v.py}; v1.0.0, a7375034, and v1.1.0, 2a8b2328, {@code
 * opensora/models/diffusion/latte/modeling_latte.py}. Latents are (B, C, T, H, W), H and W
 * multiples of p.
 */
public final class LatteT2V {
    static final int TIMESTEP_FEATURES = 256;

    private static final String TIME = "temporal_transformer_blocks.";

    private static final double OUTPUT_NORM_EPS = 1e-6;
    private static final double COMPRESSED_NORM_EPS = 1e-5;

    /** Added to the logits of keys that are padding. */
    private static final double MASKED = -10_000;

    private final LatteT2VConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link LatteT2VConfig#parameters()}, as {@link #prepare} leaves
     *     them
     * @param k what to compute with; {@link Kernels#autograd()} to train
     */
    public LatteT2V(LatteT2VConfig config, Parameters p, Kernels k, Precision precision) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
    }

    /**
     * The parameters as a model of this precision takes them: those of the blocks, of the text's
     * projection and of the output converted, the rest in fp32. Where nothing is to be converted
     * the memory is that of the arrays given, so that training changes them in place.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) -> {
            boolean embeds =
                    key.startsWith("pos_embed.")
                            || key.startsWith("adaln_single.")
                            || key.endsWith("scale_shift_table");
            return within(manager, k.cast(array, embeds ? Precision.FP32 : precision));
        });
    }

    public LatteT2VConfig config() {
        return config;
    }

    /** The axis of the output on which guidance counts its {@link #guidedLength}: channels. */
    public int guidedAxis() {
        return 1;
    }

    /** How much of that axis is guided: all, the variance included. */
    public long guidedLength() {
        return config.outChannels();
    }

    /** In a batch for guidance the half with the negative prompt comes first. */
    public boolean conditionalFirst() {
        return false;
    }

    /**
     * What the model says of noisy latents. A single frame is an image to a model of longer videos:
     * blocks along time, which never see one in training, are left out.
     *
     * @param x latents (B, C, T, H, W), fp32
     * @param timesteps (B), 0 to 999, of any numeric type
     * @param text (B, L, {@link LatteT2VConfig#captionChannels})
     * @param textMask (B, L), 1 for words, 0 for padding; null for no padding
     * @param mask (B, T, H, W), not 0 for latents that are no padding; null for no padding at all.
     *     Versions before v1.1 take no notice of it
     * @return the noise and the variance (B, {@link LatteT2VConfig#outChannels}, T, H, W), fp32
     */
    public NDArray forward(
            NDArray x,
            NDArray timesteps,
            NDArray text,
            @Nullable NDArray textMask,
            @Nullable NDArray mask) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray latents = within(scratch, k.cast(x, Precision.FP32));
            Inputs inputs = inputs(latents, timesteps, text, textMask, mask);
            NDArray h = tokens(latents); // (B, T, h w, D)
            for (int i = 0; i < config.numLayers(); i++) {
                NDArray y = layer(h, inputs, i);
                h.close();
                h = y;
            }
            return within(outer, output(h, inputs));
        }
    }

    /**
     * What all layers are told.
     *
     * @param latents (B, C, T, H, W), fp32
     * @param embedded the timesteps (B, D), fp32
     * @param t what they say to all blocks alike (B, 6, D), fp32
     * @param rotation rotary embeddings of frames; null for models without
     */
    public record Inputs(
            NDArray latents,
            NDArray embedded,
            NDArray t,
            Text text,
            Frame frame,
            @Nullable NDArray rotation) {}

    /** The inputs of {@link #forward} as the layers take them, on the manager of {@code x}. */
    public Inputs inputs(
            NDArray x,
            NDArray timesteps,
            NDArray text,
            @Nullable NDArray textMask,
            @Nullable NDArray mask) {
        NDManager manager = x.getManager();
        NDArray embedded =
                embeddedTimestep(within(manager, k.cast(timesteps, Precision.FP32))); // (B, D)
        return new Inputs(
                x,
                embedded,
                modulation(embedded),
                text(within(manager, k.cast(text, precision)), textMask),
                frame(x, mask),
                temporalRotation(x));
    }

    /** Both blocks of a layer, (B, T, h w, D). */
    public NDArray layer(NDArray x, Inputs inputs, int layer) {
        NDArray latents = inputs.latents;
        NDArray h = spatialBlock(x, inputs.t, inputs.text, inputs.frame, layer);
        boolean image = latents.getShape().get(2) == 1 && config.videoLength() > 1;
        if (image) {
            return h;
        }
        NDArray y = turned(h); // (B, h w, T, D)
        if (layer == 0) {
            y = timed(y, latents);
        }
        h = turned(temporalBlock(y, inputs.t, inputs.rotation, layer)); // (B, T, h w, D)
        y.close();
        return h;
    }

    /** Whether a weight is one of those that {@link #layer} leaves out of a single frame. */
    public static boolean isOfTime(String weight) {
        return weight.startsWith(TIME);
    }

    /** A prompt as the blocks attend to it: its words (B, L, D) and the bias of their keys. */
    public record Text(NDArray words, @Nullable NDArray bias) {}

    /** The text (B, L, C) projected, in the model's precision. */
    public Text text(NDArray text, @Nullable NDArray mask) {
        NDArray h = k.geluTanh(linear(text, "caption_projection.linear_1"));
        NDArray words = linear(h, "caption_projection.linear_2"); // (B, L, D)
        return new Text(
                words,
                mask == null
                        ? null
                        : bias(within(text.getManager(), k.cast(mask, Precision.FP32))));
    }

    /**
     * What attention within the frames of a clip needs to know of them.
     *
     * @param rows h
     * @param rotation rotary embeddings of h w positions; null for models without
     * @param mask (B T, h, w), 1 for patches that are no padding; null for no padding at all
     */
    public record Frame(long rows, @Nullable NDArray rotation, @Nullable NDArray mask) {}

    /** Of latents (B, C, T, H, W) and their mask (B, T, H, W). */
    public Frame frame(NDArray x, @Nullable NDArray mask) {
        NDArray patches = null;
        if (mask != null && config.version() == Version.V1_1) {
            NDArray frames = within(x.getManager(), mask.flatten(0, 1)); // (B T, H, W)
            patches = k.poolMask(frames, config.patchSize());
        }
        return new Frame(rows(x), config.rotary() ? spatialRotation(x) : null, patches);
    }

    /** Latents to tokens with their positions in the frame (B, T, h w, D). */
    public NDArray tokens(NDArray x) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray frames = within(scratch, x.transpose(0, 2, 1, 3, 4)); // (B, T, C, H, W)
            NDArray w = p.get("pos_embed.proj.weight");
            NDArray h = k.patchEmbed(frames, w, p.get("pos_embed.proj.bias"));
            NDArray positions = within(scratch, spatialPositions(x)); // (h w, D)
            return within(outer, k.cast(k.add(h, positions), precision));
        }
    }

    /** The other of the axes T and h w innermost; closes {@code x}. */
    private static NDArray turned(NDArray x) {
        NDArray y = x.transpose(0, 2, 1, 3);
        x.close();
        return y;
    }

    /** {@code x} (B, h w, T, D) with its positions in time; closes it. */
    private NDArray timed(NDArray x, NDArray latents) {
        NDArray y = k.add(x, k.cast(temporalPositions(latents), precision));
        x.close();
        return y;
    }

    /** Timesteps (B) embedded (B, D), fp32. */
    public NDArray embeddedTimestep(NDArray timesteps) {
        String at = "adaln_single.emb.timestep_embedder";
        NDArray h = k.timestepEmbedding(timesteps, TIMESTEP_FEATURES); // (B, 256)
        return linear(k.silu(linear(h, at + ".linear_1")), at + ".linear_2");
    }

    /** What an embedded timestep (B, D) says to all blocks alike (B, 6, D), fp32. */
    public NDArray modulation(NDArray embedded) {
        return linear(k.silu(embedded), "adaln_single.linear").reshape(-1, 6, config.hiddenSize());
    }

    /** A layer's first block: attention within each frame of (B, T, h w, D), then to the text. */
    public NDArray spatialBlock(NDArray x, NDArray t, Text text, Frame frame, int layer) {
        String at = "transformer_blocks." + layer;
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> m =
                    modulation(scratch, t, at + ".scale_shift_table", 6); // 6 of (B, 1, D)
            NDArray h = within(scratch, k.layerNorm(x, config.normEps()));
            h = k.modulate(h, m.get(0), m.get(1));
            h = spatialAttention(h.flatten(0, 1), frame, layer); // (B T, h w, D)
            NDArray y = within(scratch, k.addGated(x, m.get(2), h.reshape(x.getShape())));
            NDArray q = y.flatten(1, 2); // (B, T h w, D), so that no frame needs its own text
            h = attention(q, text.words, text.bias, null, at + ".attn2");
            y = k.add(y, h.reshape(x.getShape()));
            return within(outer, feedForward(y, m, at));
        }
    }

    /** A layer's second block: attention along time, (B, h w, T, D). */
    public NDArray temporalBlock(NDArray x, NDArray t, @Nullable NDArray rotation, int layer) {
        String at = TIME + layer;
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> m =
                    modulation(scratch, t, at + ".scale_shift_table", 6); // 6 of (B, 1, D)
            NDArray h = within(scratch, k.layerNorm(x, config.normEps()));
            h = k.modulate(h, m.get(0), m.get(1)).flatten(0, 1); // (B h w, T, D)
            NDArray keys = h;
            if (config.compression(layer) > 1) {
                String sr = at + ".attn1.sr";
                keys = k.compressFrames(h, p.get(sr + ".weight"), p.get(sr + ".bias"));
                keys = compressedNorm(keys, at);
            }
            h = attention(h, keys, null, rotation, at + ".attn1");
            NDArray y = within(scratch, k.addGated(x, m.get(2), h.reshape(x.getShape())));
            return within(outer, feedForward(y, m, at));
        }
    }

    private NDArray spatialAttention(NDArray x, Frame frame, int layer) {
        String at = "transformer_blocks." + layer;
        int factor = config.compression(layer);
        NDArray keys = x;
        NDArray mask = frame.mask;
        if (factor > 1) {
            String sr = at + ".attn1.sr";
            keys = k.compressGrid(x, p.get(sr + ".weight"), p.get(sr + ".bias"), frame.rows);
            keys = compressedNorm(keys, at); // (B T, h w / r / r, D)
            mask = mask == null ? null : k.poolMask(mask, factor);
        }
        NDArray bias = mask == null ? null : bias(within(x.getManager(), mask.flatten(1, 2)));
        return attention(x, keys, bias, frame.rotation, at + ".attn1");
    }

    private NDArray compressedNorm(NDArray x, String at) {
        String norm = at + ".attn1.norm";
        return k.layerNorm(x, p.get(norm + ".weight"), p.get(norm + ".bias"), COMPRESSED_NORM_EPS);
    }

    private NDArray attention(
            NDArray x,
            NDArray source,
            @Nullable NDArray bias,
            @Nullable NDArray rotation,
            String at) {
        int heads = config.numAttentionHeads();
        double scale = Math.pow(config.attentionHeadDim(), -0.5);
        NDArray q = linear(x, at + ".to_q");
        NDArray key = within(x.getManager(), linear(source, at + ".to_k"));
        NDArray v = within(x.getManager(), linear(source, at + ".to_v"));
        if (rotation != null) {
            q = k.rotateHalves(q, rotation, heads);
            key = k.rotateHalves(key, rotation, heads);
        }
        NDArray y =
                bias == null
                        ? k.attention(q, key, v, heads, scale)
                        : k.attention(q, key, v, bias, heads, scale);
        return linear(y, at + ".to_out.0");
    }

    private NDArray feedForward(NDArray x, List<NDArray> m, String at) {
        NDArray h = k.modulate(k.layerNorm(x, config.normEps()), m.get(3), m.get(4));
        h = k.geluTanh(linear(h, at + ".ff.net.0.proj")); // (…, 4 D)
        return k.addGated(x, m.get(5), linear(h, at + ".ff.net.2"));
    }

    /** Tokens (B, T, h w, D) after the last layer to the model's prediction. */
    public NDArray output(NDArray x, Inputs inputs) {
        NDArray latents = inputs.latents;
        NDArray t = inputs.embedded.reshape(-1, 1, config.hiddenSize());
        List<NDArray> m = modulation(x.getManager(), t, "scale_shift_table", 2); // 2 of (B, 1, D)
        NDArray h = k.modulate(k.layerNorm(x, OUTPUT_NORM_EPS), m.get(0), m.get(1));
        h = k.cast(linear(h, "proj_out"), Precision.FP32); // (B, T, h w, p p C)
        h = k.unpatchify(h, rows(latents), columns(latents), config.patchSize());
        return k.contiguous(h.transpose(0, 2, 1, 3, 4)); // (B, C, T, H, W)
    }

    private List<NDArray> modulation(NDManager manager, NDArray t, String table, int parts) {
        NDArray shifted = within(manager, k.add(t, p.get(table))); // (B, parts, D)
        return k.chunk(k.cast(shifted, precision), parts, 1);
    }

    private NDArray bias(NDArray mask) {
        return k.cast(k.keyBias(mask, MASKED), precision); // (B, 1, 1, S)
    }

    private NDArray linear(NDArray x, String at) {
        return p.has(at + ".bias")
                ? k.linear(x, p.get(at + ".weight"), p.get(at + ".bias"))
                : k.linear(x, p.get(at + ".weight"));
    }

    /** Positions in the frame (h w, D), fp32: always those of the trained size, spread over it. */
    public NDArray spatialPositions(NDArray x) {
        NDManager manager = x.getManager();
        return k.sincosGrid(
                manager.create(spread(rows(x))),
                manager.create(spread(columns(x))),
                config.hiddenSize());
    }

    private float[] spread(long count) {
        float step = (float) ((double) count / config.baseGrid());
        float[] positions = new float[(int) count];
        for (int i = 0; i < count; i++) {
            positions[i] = i / step / config.spatialScale();
        }
        return positions;
    }

    /** Positions in time (T, D), fp32. */
    public NDArray temporalPositions(NDArray x) {
        float[] positions = times(x.getShape().get(2));
        return k.sincos(x.getManager().create(positions), config.hiddenSize());
    }

    /** A shorter clip keeps the pace; a longer one is squeezed into the trained length. */
    private float[] times(long frames) {
        double pace = Math.min(1.0, (double) config.videoLength() / frames);
        float[] positions = new float[(int) frames];
        for (int i = 0; i < frames; i++) {
            positions[i] = (float) (i * pace / config.temporalScale());
        }
        return positions;
    }

    /** Rotary embeddings of rows and columns, which the reference truncates once scaled. */
    private NDArray spatialRotation(NDArray latents) {
        int columns = (int) columns(latents);
        int tokens = (int) rows(latents) * columns;
        float[] positions = new float[2 * tokens];
        for (int i = 0; i < tokens; i++) {
            int y = i / columns / config.spatialScale();
            int x = i % columns / config.spatialScale();
            positions[2 * i] = y;
            positions[2 * i + 1] = x;
        }
        NDArray array = latents.getManager().create(positions, new Shape(tokens, 2));
        return k.halfRotation(array, config.attentionHeadDim());
    }

    /** Rotary embeddings of frames, truncated as well; null for models without. */
    public @Nullable NDArray temporalRotation(NDArray x) {
        if (!config.rotary()) {
            return null;
        }
        float[] positions = times(x.getShape().get(2));
        for (int i = 0; i < positions.length; i++) {
            positions[i] = (int) positions[i];
        }
        NDArray array = x.getManager().create(positions, new Shape(positions.length, 1));
        return k.halfRotation(array, config.attentionHeadDim());
    }

    private long rows(NDArray x) {
        return x.getShape().get(3) / config.patchSize();
    }

    private long columns(NDArray x) {
        return x.getShape().get(4) / config.patchSize();
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
