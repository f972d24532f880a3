package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2V;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link LatteT2V} in training. */
public record TrainableLatteT2V(LatteT2VConfig config) implements TrainableDenoiser {
    private static final double NARROW = 0.02;

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    /** All but the embedding that stands for no prompt, which no version ever used. */
    @Override
    public boolean learns(String key) {
        return !key.equals("caption_projection.y_embedding");
    }

    /**
     * As PixArt-alpha (Chen et al. 2023): the text and the output add nothing yet, and the blocks
     * little.
     */
    @Override
    public float[] initial(String key, Shape shape, Draws draw) {
        if (key.endsWith("scale_shift_table")) {
            return draw.normal(shape, 1 / Math.sqrt(config.hiddenSize()));
        }
        if (key.endsWith(".attn1.norm.weight")) {
            return Draws.constant(shape, 1);
        }
        if (key.endsWith(".attn1.sr.weight")) { // the mean of what is merged
            return Draws.constant(shape, (double) shape.get(0) / shape.size());
        }
        boolean silent = key.contains(".attn2.to_out.") || key.startsWith("proj_out.");
        if (shape.dimension() == 1 || silent || !learns(key)) {
            return Draws.constant(shape, 0);
        }
        return key.startsWith("adaln_single.") || key.startsWith("caption_projection.")
                ? draw.normal(shape, NARROW)
                : draw.uniform(shape);
    }

    @Override
    public int channels() {
        return config.inChannels();
    }

    @Override
    public int patch() {
        return config.patchSize();
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public boolean learnsVariance() {
        return config.outChannels() == 2 * config.inChannels();
    }

    @Override
    public Parameters prepare(Parameters p, Kernels k, Precision precision, NDManager manager) {
        return LatteT2V.prepare(p, k, precision, manager);
    }

    @Override
    public Model model(Parameters prepared, Kernels k, Precision precision) {
        LatteT2V model = new LatteT2V(config, prepared, k, precision);
        return (x, times, told, mask) -> {
            Told.Texts texts = texts(told);
            return model.forward(x, times, texts.states(), texts.mask(), latents(mask));
        };
    }

    private static Told.Texts texts(Told told) {
        if (told instanceof Told.Texts texts) {
            return texts;
        }
        throw new IllegalArgumentException(told + " for a LatteT2V");
    }

    /** A mask of patches (B, T, h, w) as one of latents (B, T, H, W). */
    private @Nullable NDArray latents(@Nullable NDArray mask) {
        int patch = config.patchSize();
        return mask == null ? null : mask.repeat(2, patch).repeat(3, patch);
    }

    /** A stage is a layer. */
    @Override
    public Optional<Checkpointed.Staged> staged(
            Parameters prepared, Kernels k, Precision precision) {
        LatteT2V model = new LatteT2V(config, prepared, k, precision);
        return Optional.of(
                new Checkpointed.Staged() {
                    @Override
                    public int stages() {
                        return config.numLayers();
                    }

                    @Override
                    public boolean belongs(String key, int stage) {
                        return key.contains("transformer_blocks." + stage + ".");
                    }

                    @Override
                    public Checkpointed.Carried begin(
                            NDArray x, NDArray times, Told told, @Nullable NDArray mask) {
                        Told.Texts texts = texts(told);
                        LatteT2V.Inputs inputs =
                                model.inputs(x, times, texts.states(), texts.mask(), latents(mask));
                        return new Checkpointed.Carried(
                                List.of(
                                        model.tokens(x),
                                        inputs.embedded(),
                                        inputs.t(),
                                        inputs.text().words()),
                                inputs);
                    }

                    @Override
                    public NDArray stage(Checkpointed.Carried carried, int stage) {
                        return model.layer(carried.arrays().getFirst(), inputs(carried), stage);
                    }

                    @Override
                    public NDArray end(Checkpointed.Carried carried) {
                        return model.output(carried.arrays().getFirst(), inputs(carried));
                    }
                });
    }

    private static LatteT2V.Inputs inputs(Checkpointed.Carried carried) {
        LatteT2V.Inputs inputs = (LatteT2V.Inputs) carried.more();
        return new LatteT2V.Inputs(
                inputs.latents(),
                carried.arrays().get(1),
                carried.arrays().get(2),
                new LatteT2V.Text(carried.arrays().get(3), inputs.text().bias()),
                inputs.frame(),
                inputs.rotation());
    }
}
