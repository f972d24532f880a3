package dev.zoetrope.model.denoiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Latte (Ma et al. 2024): a DiT whose blocks attend in turn within each frame and along time,
 * unconditioned or by a class label or a text embedding.
 *
 * <p>Ported from PKU-YuanGroup/Open-Sora-Plan 9a0d0bc8, {@code
 * opensora/models/diffusion/latte/latte.py}. Latents are (B, T, C, H, W), H and W multiples of p.
 */
public final class Latte {
    static final int TIMESTEP_FEATURES = 256;

    private static final double NORM_EPS = 1e-6;

    /** Added to the logits of two tokens of which one is padding. */
    private static final double MASKED = -1e8;

    private final LatteConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link LatteConfig#parameters()}, as {@link #prepare} leaves them
     * @param k what to compute with; {@link Kernels#autograd()} to train
     */
    public Latte(LatteConfig config, Parameters p, Kernels k, Precision precision) {
        this.config = config;
        this.p = p;
        this.k = k;
        this.precision = precision;
    }

    /**
     * The parameters as a model of this precision takes them: those of the blocks and of the final
     * layer converted, embeddings and tables in fp32. Where nothing is to be converted the memory
     * is that of the arrays given, so that training changes them in place.
     *
     * @param manager owns what is converted
     */
    public static Parameters prepare(
            Parameters p, Kernels k, Precision precision, NDManager manager) {
        return p.map((key, array) -> {
            boolean computes = key.startsWith("blocks.") || key.startsWith("final_layer.");
            return within(manager, k.cast(array, computes ? precision : Precision.FP32));
        });
    }

    public LatteConfig config() {
        return config;
    }

    /**
     * The axis of the output on which guidance counts its {@link #guidedLength}: channels, which is
     * what the reference's own guidance means where it mixes up the axes and fails.
     */
    public int guidedAxis() {
        return 2;
    }

    /** How much of that axis is guided, from its start: the noise, not the variance. */
    public long guidedLength() {
        return config.inChannels();
    }

    /** In a batch for guidance the conditional half comes first. */
    public boolean conditionalFirst() {
        return true;
    }

    /** The label that stands for none. */
    public long nullLabel() {
        return config.numClasses();
    }

    /**
     * What the model says of noisy latents.
     *
     * @param x latents (B, T, C, H, W), fp32
     * @param timesteps (B), 0 to 999, of any numeric type
     * @param condition labels (B), up to and including {@link #nullLabel}, or CLIP's text
     *     embeddings (B, 77, 768); null for models without
     * @param mask (B, T, h, w), not 0 for patches that are no padding; null for no padding at all
     * @return the noise and, where learned, the variance: {@code x} with {@link
     *     LatteConfig#outChannels} channels, fp32
     */
    public NDArray forward(
            NDArray x, NDArray timesteps, @Nullable NDArray condition, @Nullable NDArray mask) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray latents = within(scratch, k.cast(x, Precision.FP32));
            NDArray t = timestepEmbedding(within(scratch, k.cast(timesteps, Precision.FP32)));
            NDArray c = k.cast(k.silu(condition(t, condition)), precision); // (B, D)
            NDArray inFrame = null;
            NDArray inTime = null;
            if (mask != null) {
                NDArray valid = within(scratch, mask.flatten(2, 3)); // (B, T, h w)
                inFrame = valid.flatten(0, 1); // (B T, h w)
                inTime = valid.transpose(0, 2, 1).flatten(0, 1); // (B h w, T)
            }
            NDArray h = tokens(latents); // (B, T, h w, D)
            for (int i = 0; i < config.depth(); i += 2) {
                NDArray y = turned(block(h, c, inFrame, "blocks." + i)); // (B, h w, T, D)
                h.close();
                if (i == 0) {
                    y = timed(y, latents);
                }
                h = turned(block(y, c, inTime, "blocks." + (i + 1))); // (B, T, h w, D)
                y.close();
            }
            // A text embedding steers the blocks, but not the final layer.
            NDArray last = config.byText() ? k.cast(k.silu(t), precision) : c;
            return within(outer, finalLayer(h, last, latents));
        }
    }

    /** Latents to tokens with their positions in the frame (B, T, h w, D). */
    public NDArray tokens(NDArray x) {
        NDArray h = k.patchEmbed(x, p.get("x_embedder.proj.weight"), p.get("x_embedder.proj.bias"));
        return k.cast(k.add(h, spatialPositions(x)), precision);
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
    public NDArray timestepEmbedding(NDArray timesteps) {
        NDArray h = k.timestepEmbedding(timesteps, TIMESTEP_FEATURES); // (B, 256)
        return linear(k.silu(linear(h, "t_embedder.mlp.0")), "t_embedder.mlp.2");
    }

    /** An embedded timestep with what else steers the blocks (B, D), fp32. */
    public NDArray condition(NDArray t, @Nullable NDArray condition) {
        if (condition == null) {
            return t;
        }
        NDManager scratch = t.getManager();
        if (config.byLabel()) {
            NDArray labels = within(scratch, k.cast(condition, Kernels.INT64));
            return k.add(t, k.embedding(labels, p.get("y_embedder.embedding_table.weight")));
        }
        NDArray text = within(scratch, k.cast(condition, Precision.FP32));
        text = k.silu(text.reshape(t.getShape().get(0), -1)); // (B, 77 * 768)
        return k.add(t, linear(text, "text_embedding_projection.1"));
    }

    /**
     * One block.
     *
     * @param x (B, T, h w, D) to attend within frames, (B, h w, T, D) to attend along time
     * @param c (B, D)
     * @param mask (B T, h w) or (B h w, T)
     * @param at its name, such as {@code blocks.0}
     */
    public NDArray block(NDArray x, NDArray c, @Nullable NDArray mask, String at) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> m = modulation(scratch, c, at, 6); // 6 of (B, D)
            NDArray h = within(scratch, k.layerNorm(x, NORM_EPS));
            h = attention(k.modulate(h, m.get(0), m.get(1)), mask, at + ".attn");
            NDArray y = within(scratch, k.addGated(x, m.get(2), h));
            h = k.modulate(k.layerNorm(y, NORM_EPS), m.get(3), m.get(4));
            h = k.geluTanh(linear(h, at + ".mlp.fc1")); // (…, 4 D)
            return within(outer, k.addGated(y, m.get(5), linear(h, at + ".mlp.fc2")));
        }
    }

    private NDArray attention(NDArray x, @Nullable NDArray mask, String at) {
        int heads = config.numHeads();
        double scale = Math.pow(config.headSize(), -0.5);
        NDArray rows = x.flatten(0, 1); // (B T, h w, D) or (B h w, T, D)
        List<NDArray> qkv = k.chunk(linear(rows, at + ".qkv"), 3, 2);
        NDArray q = qkv.get(0);
        NDArray key = qkv.get(1);
        NDArray v = qkv.get(2);
        NDArray y =
                mask == null
                        ? k.attention(q, key, v, heads, scale)
                        : k.pairMaskedAttention(q, key, v, mask, 0.0, MASKED, heads, scale);
        return linear(y, at + ".proj").reshape(x.getShape());
    }

    private NDArray finalLayer(NDArray x, NDArray c, NDArray latents) {
        List<NDArray> m = modulation(x.getManager(), c, "final_layer", 2); // 2 of (B, D)
        NDArray h = k.modulate(k.layerNorm(x, NORM_EPS), m.get(0), m.get(1)); // (B, T, h w, D)
        h = k.cast(linear(h, "final_layer.linear"), Precision.FP32); // (B, T, h w, p p C)
        return k.unpatchify(h, rows(latents), columns(latents), config.patchSize());
    }

    private List<NDArray> modulation(NDManager manager, NDArray c, String at, int parts) {
        return k.chunk(within(manager, linear(c, at + ".adaLN_modulation.1")), parts, 1);
    }

    private NDArray linear(NDArray x, String at) {
        return k.linear(x, p.get(at + ".weight"), p.get(at + ".bias"));
    }

    private NDArray spatialPositions(NDArray x) { // (1, h w, D)
        NDArray table = within(x.getManager(), k.cast(p.get("pos_embed"), Precision.FP32));
        int trainedRows = config.trainedRows();
        int trainedColumns = config.trainedColumns();
        return rows(x) == trainedRows && columns(x) == trainedColumns
                ? table
                : k.resampleGrid(table, trainedRows, trainedColumns, rows(x), columns(x));
    }

    /** Positions in time (1, T, D). A shorter clip keeps the pace, a longer one is squeezed in. */
    public NDArray temporalPositions(NDArray x) {
        NDArray table = within(x.getManager(), k.cast(p.get("temp_embed"), Precision.FP32));
        long frames = x.getShape().get(1);
        return frames <= config.numFrames()
                ? k.narrow(table, 1, 0, frames)
                : k.resampleFrames(table, frames);
    }

    private long rows(NDArray x) {
        Shape shape = x.getShape();
        return shape.get(3) / config.patchSize();
    }

    private long columns(NDArray x) {
        Shape shape = x.getShape();
        return shape.get(4) / config.patchSize();
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
