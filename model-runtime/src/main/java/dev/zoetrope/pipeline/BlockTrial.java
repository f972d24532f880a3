package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2V;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.model.denoiser.VideoDit;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.device.Precision;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One block of a denoiser as wide as the published ones, with random weights, for measuring what a
 * block takes.
 */
public final class BlockTrial implements AutoCloseable {
    private static final int HEADS = 16;
    private static final int HEAD_SIZE = 72;
    private static final int HIDDEN = HEADS * HEAD_SIZE;

    /** What all of them are like, in words. */
    public static final String SIZE = "%d wide, %d heads".formatted(HIDDEN, HEADS);

    private static final int FRAMES = 16;
    private static final int WORDS = 300;

    private final NDManager manager;
    private final Block block;

    /** Blocks whose attention differs. */
    public enum Kind {
        /** All tokens attend to all. */
        VIDEO_DIT,
        /** As before, a quarter of the tokens being padding. */
        VIDEO_DIT_PADDED,
        /** A block within each of 16 frames that also attends to 300 words, and one along time. */
        LATTE_T2V
    }

    /** What computes the block on a new input. */
    private interface Block {
        Supplier<NDArray> on(NDManager manager, int tokens);
    }

    private BlockTrial(NDManager manager, Block block) {
        this.manager = manager;
        this.block = block;
    }

    public static BlockTrial of(Kind kind, Precision precision) {
        NDManager manager = Kernels.newManager();
        return new BlockTrial(
                manager,
                switch (kind) {
                    case VIDEO_DIT -> videoDit(manager, precision, false);
                    case VIDEO_DIT_PADDED -> videoDit(manager, precision, true);
                    case LATTE_T2V -> latteT2V(manager, precision);
                });
    }

    /**
     * Computes it once, and says how long that took.
     *
     * @param tokens N, at least 1; {@link Kind#LATTE_T2V} fills the last of its frames
     */
    public Duration run(int tokens) {
        try (NDManager scratch = manager.newSubManager()) {
            Supplier<NDArray> ready = block.on(scratch, tokens);
            long start = System.nanoTime();
            ready.get().close();
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    private static Block videoDit(NDManager manager, Precision precision, boolean padded) {
        VideoDitConfig config =
                new VideoDitConfig(
                        List.of(FRAMES, 32, 32),
                        2,
                        1,
                        4,
                        HIDDEN,
                        1,
                        HEADS,
                        4.0,
                        null,
                        101,
                        true,
                        2,
                        null,
                        null,
                        false);
        Kernels k = Kernels.inference();
        Parameters p =
                VideoDit.prepare(random(manager, config.parameters()), k, precision, manager);
        VideoDit model = new VideoDit(config, p, k, precision);
        NDArray c = model.condition(manager.create(new float[] {500}), null);
        return (scratch, tokens) -> {
            NDArray x = normal(scratch, precision, 1, tokens, HIDDEN);
            NDArray mask = null;
            if (padded) {
                mask = scratch.zeros(new Shape(1, tokens));
                mask.set(new NDIndex(":, :{}", tokens - tokens / 4), 1);
            }
            NDArray valid = mask;
            return () -> model.block(x, c, null, valid, "blocks.0");
        };
    }

    private static Block latteT2V(NDManager manager, Precision precision) {
        LatteT2VConfig config =
                new LatteT2VConfig(
                        HEADS,
                        HEAD_SIZE,
                        4,
                        8,
                        1,
                        HIDDEN,
                        true,
                        2,
                        "gelu-approximate",
                        "ada_norm_single",
                        false,
                        1e-6,
                        4096,
                        FRAMES,
                        List.of(64, 64),
                        "xformers",
                        1,
                        false,
                        WORDS,
                        1,
                        null);
        Kernels k = Kernels.inference();
        Parameters p =
                LatteT2V.prepare(random(manager, config.parameters()), k, precision, manager);
        LatteT2V model = new LatteT2V(config, p, k, precision);
        NDArray t = model.modulation(model.embeddedTimestep(manager.create(new float[] {500})));
        NDArray words = normal(manager, precision, 1, WORDS, config.captionChannels());
        LatteT2V.Text text = model.text(words, manager.ones(new Shape(1, WORDS)));
        LatteT2V.Frame frame = new LatteT2V.Frame(1, null, null);
        return (scratch, tokens) -> {
            int inFrame = Math.ceilDiv(tokens, FRAMES);
            NDArray x = normal(scratch, precision, 1, FRAMES, inFrame, HIDDEN);
            return () -> {
                try (NDArray within = model.spatialBlock(x, t, text, frame, 0);
                        NDArray turned = within.transpose(0, 2, 1, 3)) { // (1, h w, T, D)
                    return model.temporalBlock(turned, t, null, 0);
                }
            };
        };
    }

    /** Weights of these names and shapes. */
    static Parameters random(NDManager manager, Map<String, Shape> shapes) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        shapes.forEach(
                (key, shape) -> arrays.put(key, normal(manager, Precision.FP32, shape.getShape())));
        return new Parameters(arrays);
    }

    private static NDArray normal(NDManager manager, Precision precision, long... shape) {
        try (NDArray x = manager.randomNormal(0, 0.02f, new Shape(shape), DataType.FLOAT32)) {
            return Kernels.inference().cast(x, precision);
        }
    }
}
