package dev.zoetrope.model.denoiser;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDitConfig.Variant;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Open-Sora-Plan's first denoiser: a DiT (Peebles and Xie 2023) whose blocks attend to the patches
 * of all frames at once, conditioned on a class label.
 *
 * <p>Ported from PKU-YuanGroup/Open-Sora-Plan: 5 March 2024, 5a56c372, {@code
 * src/sora/modules/diffusion/dit/models.py}; 7 March, 11996dc9, and 9 March, 9a0d0bc8, {@code
 * opensora/models/diffusion/dit/dit.py}. Latents are (B, C, T, H, W) on 5 March and (B, T, C, H, W)
 * afterwards, H and W multiples of p.
 */
public final class VideoDit {
    static final int TIMESTEP_FEATURES = 256;

    private static final double NORM_EPS = 1e-6;

    private final VideoDitConfig config;
    private final Parameters p;
    private final Kernels k;
    private final Precision precision;

    /**
     * @param p the parameters of {@link VideoDitConfig#parameters()}, as {@link #prepare} leaves
     *     them
     * @param k what to compute with; {@link Kernels#autograd()} to train
     */
    public VideoDit(VideoDitConfig config, Parameters p, Kernels k, Precision precision) {
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
            boolean computes =
                    key.startsWith("final_layer.")
                            || (key.startsWith("blocks.") && !key.contains(".rope."));
            NDArray cast = k.cast(array, computes ? precision : Precision.FP32);
            cast.attach(manager);
            return cast;
        });
    }

    public VideoDitConfig config() {
        return config;
    }

    /**
     * The axis of the output on which guidance counts its {@link #guidedLength}. From 7 March it
     * says channels and means 1, which then is the axis of frames; samples were made that way.
     */
    public int guidedAxis() {
        return 1;
    }

    /**
     * How much of that axis is guided, from its start; the rest is as predicted. 5 March knows of
     * three channels whatever the latents have; afterwards it is C, counted in frames.
     */
    public long guidedLength() {
        return config.variant() == Variant.MAR_05 ? 3 : config.inChannels();
    }

    /**
     * In a batch for guidance the halves with the label come first, those with the null label last.
     */
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
     * @param x latents, fp32
     * @param timesteps (B), 0 to 999, of any numeric type
     * @param labels (B) int64, up to and including {@link #nullLabel}; null for models without
     * @param mask (B, T, h, w), not 0 for patches that are no padding; null for no padding at all
     * @return the noise and, where learned, the variance: {@code x} with {@link
     *     VideoDitConfig#outChannels} channels, fp32
     */
    public NDArray forward(
            NDArray x, NDArray timesteps, @Nullable NDArray labels, @Nullable NDArray mask) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray latents = within(scratch, k.cast(x, Precision.FP32));
            NDArray t = within(scratch, k.cast(timesteps, Precision.FP32));
            NDArray y = labels == null ? null : within(scratch, k.cast(labels, Kernels.INT64));
            NDArray valid = mask == null ? null : within(scratch, mask.flatten(1, 3)); // (B, N)
            NDArray c = condition(t, y); // (B, D)
            NDArray rotation = rotation(latents); // (2, h w, d)
            NDArray h = tokens(latents); // (B, N, D)
            for (int i = 0; i < config.depth(); i++) {
                NDArray next = block(h, c, rotation, valid, "blocks." + i); // (B, N, D)
                h.close();
                h = next;
            }
            return within(outer, finalLayer(h, c, latents));
        }
    }

    /** Patches of latents, embedded frame by frame: (B, T, h w, D), fp32. */
    public NDArray patches(NDArray x) {
        NDArray frames = channelsFirst() ? x.transpose(0, 2, 1, 3, 4) : x; // (B, T, C, H, W)
        return k.patchEmbed(frames, p.get("x_embedder.proj.weight"), p.get("x_embedder.proj.bias"));
    }

    /** Latents to tokens with their positions (B, N, D), frame by frame. */
    public NDArray tokens(NDArray x) {
        Grid grid = grid(x);
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            NDArray h = within(scratch, patches(x)); // (B, T, h w, D)
            h = k.add(h, spatialPositions(scratch, grid));
            NDArray t = temporalPositions(scratch, grid).reshape(-1, 1, config.hiddenSize());
            return within(outer, k.cast(k.add(h, t).flatten(1, 2), precision));
        }
    }

    /** Timesteps (B) embedded (B, D), fp32. */
    public NDArray timestepEmbedding(NDArray timesteps) {
        NDArray h = k.timestepEmbedding(timesteps, TIMESTEP_FEATURES); // (B, 256)
        return linear(k.silu(linear(h, "t_embedder.mlp.0")), "t_embedder.mlp.2");
    }

    /** Timesteps (B) and labels (B) as all blocks are modulated by them: (B, D). */
    public NDArray condition(NDArray timesteps, @Nullable NDArray labels) {
        NDArray c = timestepEmbedding(timesteps);
        if (labels != null) {
            c = k.add(c, k.embedding(labels, p.get("y_embedder.embedding_table.weight")));
        }
        return k.cast(k.silu(c), precision);
    }

    /** Rotary embeddings for latents of this size (2, h w, d); null for models without. */
    public @Nullable NDArray rotation(NDArray x) {
        if (!config.rotary()) {
            return null;
        }
        Grid grid = grid(x);
        NDManager manager = x.getManager();
        // All blocks store the same table.
        NDArray cos = p.get("blocks.0.attn.rope.freqs_cos");
        NDArray sin = p.get("blocks.0.attn.rope.freqs_sin");
        if (grid.asTrained(config) && cos.getShape().get(0) == grid.rows * grid.columns) {
            NDArray rotation = within(manager, k.concat(List.of(cos, sin), 0)); // (2 h w, d)
            return rotation.reshape(2, -1, config.headSize());
        }
        List<Integer> span = config.rotarySpan();
        return k.pairRotation(
                manager.create(spread(grid.rows, span.getFirst())),
                manager.create(spread(grid.columns, span.getLast())),
                config.headSize());
    }

    /**
     * One block.
     *
     * @param x (B, N, D)
     * @param c from {@link #condition}
     * @param rotation from {@link #rotation}
     * @param mask (B, N)
     * @param at its name, such as {@code blocks.0}
     */
    public NDArray block(
            NDArray x, NDArray c, @Nullable NDArray rotation, @Nullable NDArray mask, String at) {
        NDManager outer = x.getManager();
        try (NDManager scratch = outer.newSubManager()) {
            List<NDArray> m = modulation(scratch, c, at, 6); // 6 of (B, D)
            NDArray h = within(scratch, k.layerNorm(x, NORM_EPS)); // (B, N, D)
            h = attention(k.modulate(h, m.get(0), m.get(1)), rotation, mask, at + ".attn");
            NDArray y = within(scratch, k.addGated(x, m.get(2), h));
            h = k.modulate(k.layerNorm(y, NORM_EPS), m.get(3), m.get(4));
            h = k.geluTanh(linear(h, at + ".mlp.fc1")); // (B, N, 4 D)
            return within(outer, k.addGated(y, m.get(5), linear(h, at + ".mlp.fc2")));
        }
    }

    /** Attention of all tokens (B, N, D) on all. */
    public NDArray attention(
            NDArray x, @Nullable NDArray rotation, @Nullable NDArray mask, String at) {
        int heads = config.numHeads();
        double scale = Math.pow(config.headSize(), -0.5);
        List<NDArray> qkv = k.chunk(linear(x, at + ".qkv"), 3, 2); // 3 of (B, N, D)
        NDArray q = qkv.get(0);
        NDArray key = qkv.get(1);
        if (rotation != null) {
            q = k.rotatePairs(q, rotation, heads);
            key = k.rotatePairs(key, rotation, heads);
        }
        NDArray y;
        if (mask == null) {
            y = k.attention(q, key, qkv.get(2), heads, scale);
        } else {
            Bias bias = Bias.of(config.variant());
            y = k.pairMaskedAttention(q, key, qkv.get(2), mask, bias.on, bias.off, heads, scale);
        }
        return linear(y, at + ".proj");
    }

    /** What the reference adds to the logits of two valid tokens, and of any other two. */
    private record Bias(double on, double off) {
        static Bias of(Variant variant) {
            return switch (variant) {
                // Its float32 minimum; what swallows any logit is as good and fits bfloat16.
                case MAR_05 -> new Bias(1, -1e30);
                // Was to be the minimum as well, so that this mask only tilts the balance.
                case MAR_07 -> new Bias(1, 1e-8);
                case MAR_09 -> new Bias(0, -1e8);
            };
        }
    }

    private NDArray finalLayer(NDArray x, NDArray c, NDArray latents) {
        Grid grid = grid(latents);
        List<NDArray> m = modulation(x.getManager(), c, "final_layer", 2); // 2 of (B, D)
        NDArray h = k.modulate(k.layerNorm(x, NORM_EPS), m.get(0), m.get(1)); // (B, N, D)
        h = k.cast(linear(h, "final_layer.linear"), Precision.FP32); // (B, N, p p C)
        h = h.reshape(h.getShape().get(0), grid.frames, grid.rows * grid.columns, -1);
        h = k.unpatchify(h, grid.rows, grid.columns, config.patchSize()); // (B, T, C, H, W)
        return channelsFirst() ? k.contiguous(h.transpose(0, 2, 1, 3, 4)) : h;
    }

    /**
     * Shifts, scales and gates (B, D) of a block or the final layer, for {@code manager} to own.
     */
    public List<NDArray> modulation(NDManager manager, NDArray c, String at, int parts) {
        return k.chunk(within(manager, linear(c, at + ".adaLN_modulation.1")), parts, 1);
    }

    private NDArray linear(NDArray x, String at) {
        return k.linear(x, p.get(at + ".weight"), p.get(at + ".bias"));
    }

    private boolean channelsFirst() {
        return config.variant() == Variant.MAR_05;
    }

    private record Grid(long frames, long rows, long columns) {
        boolean asTrained(VideoDitConfig config) {
            return rows == config.trainedRows() && columns == config.trainedColumns();
        }
    }

    private Grid grid(NDArray x) {
        Shape shape = x.getShape();
        return new Grid(
                shape.get(channelsFirst() ? 2 : 1),
                shape.get(3) / config.patchSize(),
                shape.get(4) / config.patchSize());
    }

    private NDArray spatialPositions(NDManager manager, Grid grid) { // (h w, D)
        int rows = config.trainedRows();
        int columns = config.trainedColumns();
        if (config.variant() != Variant.MAR_09) {
            return k.sincosGrid(
                    manager.create(counted(grid.rows, rows)),
                    manager.create(counted(grid.columns, columns)),
                    config.hiddenSize());
        }
        NDArray table = within(manager, k.cast(p.get("pos_embed"), Precision.FP32));
        return grid.asTrained(config)
                ? table
                : k.resampleGrid(table, rows, columns, grid.rows, grid.columns);
    }

    private NDArray temporalPositions(NDManager manager, Grid grid) { // (T, D)
        int trained = config.trainedFrames();
        return switch (config.variant()) {
            // A grid of one column, so that half of the channels say nothing.
            case MAR_05 ->
                    k.sincosGrid(
                            manager.create(counted(grid.frames, trained)),
                            manager.create(new float[] {0}),
                            config.hiddenSize());
            case MAR_07 ->
                    k.sincos(manager.create(counted(grid.frames, trained)), config.hiddenSize());
            case MAR_09 -> {
                NDArray table = within(manager, k.cast(p.get("temp_embed"), Precision.FP32));
                // A shorter clip keeps the pace; a longer one is squeezed into the trained length.
                yield grid.frames <= trained
                        ? k.narrow(table, 1, 0, grid.frames)
                        : k.resampleFrames(table, grid.frames);
            }
        };
    }

    /** Positions 0, 1, 2, …, squeezed into the trained range where that is wanted and needed. */
    private float[] counted(long count, int trained) {
        return config.interpolatePositions() && count > trained
                ? spread(count, trained)
                : spread(count, (int) count);
    }

    /** As many positions as {@code count}, evenly spread over [0, span). */
    private static float[] spread(long count, int span) {
        float[] positions = new float[(int) count];
        for (int i = 0; i < count; i++) {
            positions[i] = (float) i * span / count;
        }
        return positions;
    }

    private static NDArray within(NDManager manager, NDArray array) {
        array.attach(manager);
        return array;
    }
}
