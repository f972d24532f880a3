package dev.zoetrope.model.denoiser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A step of a large model takes minutes: whoever cancels it waits for a layer at most. */
class CancellationTest {
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aVideoDitIsCancelledBetweenAnyTwoOfItsLayers() {
        SmallCheckpoint small = SmallCheckpoint.of("02a_dit_mar05", manager);
        VideoDitConfig config = small.config(VideoDitConfig.class);
        NDArray x = small.noise(1, 1, config.inChannels(), 2, 4, 4);
        NDArray t = manager.create(new float[] {500});

        assertCancellable(
                config.depth(),
                k ->
                        new VideoDit(config, small.weights(config.parameters()), k, Precision.FP32)
                                .forward(x, t, small.numbers(1), null));
    }

    @Test
    void aLatteIsCancelledBetweenAnyTwoOfItsLayers() {
        SmallCheckpoint small = SmallCheckpoint.of("03b2_latte_mar09_class_cfg_f6", manager);
        LatteConfig config = small.config(LatteConfig.class);
        NDArray x = small.noise(1, 1, config.numFrames(), config.inChannels(), 8, 8);
        NDArray t = manager.create(new float[] {500});

        assertCancellable(
                config.depth(),
                k ->
                        new Latte(config, small.weights(config.parameters()), k, Precision.FP32)
                                .forward(x, t, small.numbers(1), null));
    }

    @Test
    void aLatteT2VIsCancelledBetweenAnyTwoOfItsLayers() {
        SmallCheckpoint small = SmallCheckpoint.of("03f_latte_t2v_v1.1_rope", manager);
        LatteT2VConfig config = small.config(LatteT2VConfig.class);
        NDArray x = small.noise(1, 1, config.inChannels(), config.videoLength(), 8, 8);
        NDArray t = manager.create(new float[] {500});
        NDArray text = small.noise(2, 1, 5, config.captionChannels());

        assertCancellable(
                2 * config.numLayers(),
                k ->
                        new LatteT2V(config, small.weights(config.parameters()), k, Precision.FP32)
                                .forward(x, t, text, null, null));
    }

    /** That there are many checks in each block, and that each of them ends the work. */
    private static void assertCancellable(int blocks, Function<Kernels, NDArray> forward) {
        AtomicInteger checks = new AtomicInteger();
        forward.apply(Kernels.inference().checking(checks::incrementAndGet)).close();
        int all = checks.get();
        assertTrue(all >= 8 * blocks, all + " checks in " + blocks + " blocks");
        for (int stopAt = 1; stopAt <= all; stopAt++) {
            int last = stopAt;
            checks.set(0);
            Kernels cancelled =
                    Kernels.inference()
                            .checking(() -> {
                                if (checks.incrementAndGet() == last) {
                                    throw new CancellationException();
                                }
                            });
            assertThrows(CancellationException.class, () -> forward.apply(cancelled));
            assertEquals(last, checks.get());
        }
    }
}
