package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

class FirstFrameTest {
    private static final int STEPS = 6;
    private static final Shape SHAPE = new Shape(1, 2, 3, 4, 4);

    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();
    private final FirstFrame first =
            new FirstFrame(manager.arange(32f).reshape(1, 2, 1, 4, 4).div(32), 2);

    @AfterEach
    void close() {
        manager.close();
    }

    private static Stream<String> everySampler() {
        return Samplers.names().stream();
    }

    /** Whatever the model makes of its first frame, which is what it sees of it here. */
    @ParameterizedTest
    @MethodSource("everySampler")
    void theModelSeesItAtEachEvaluationAndTheRestFollowsFromThat(String sampler) {
        Denoiser model =
                (x, _) -> {
                    assertArrayEquals(
                            first.latents().toFloatArray(), frames(x, 0, 1).toFloatArray());
                    NDArray mean = x.mean(new int[] {2}, true);
                    return x.mul(0.3f).add(mean.mul(0.2f));
                };

        float[] given = sampled(sampler, first.given(model));
        float[] heard = sampled(sampler, (x, time) -> model.predict(first.put(x), time));

        // Only the solver that finds its steps itself asks how well all of the latents do.
        assertArrayEquals(heard, given, sampler.equals("sit_ode") ? 1e-2f : 0);
        for (float number : given) {
            assertTrue(Float.isFinite(number));
        }
    }

    @Test
    void aModelThatTakesFramesBeforeChannelsSeesItToo() {
        FirstFrame turned = new FirstFrame(first.latents().transpose(0, 2, 1, 3, 4), 1);
        NDArray x = manager.ones(new Shape(1, 3, 2, 4, 4));

        NDArray put = turned.put(x);

        assertArrayEquals(turned.latents().toFloatArray(), put.get("0:1, 0:1").toFloatArray());
        assertArrayEquals(x.get("0:1, 1:").toFloatArray(), put.get("0:1, 1:").toFloatArray());
    }

    @Test
    void guidanceHasItOnBothSides() {
        NDArray x = manager.ones(SHAPE);
        NDArray mean = first.put(x).mean(new int[] {2}, true).broadcast(SHAPE);
        Denoiser towards = (y, _) -> y.mean(new int[] {2}, true).broadcast(SHAPE).mul(2);
        Denoiser from = (y, _) -> y.mean(new int[] {2}, true).broadcast(SHAPE).neg();

        NDArray output = first.given(Guidance.whole(3).inTwoCalls(towards, from)).predict(x, 0);

        // -1 and three times the way from there to 2.
        assertArrayEquals(
                frames(mean.mul(8), 1, 2).toFloatArray(),
                frames(output, 1, 2).toFloatArray(),
                1e-5f);
    }

    /** The frames behind the first. */
    private float[] sampled(String sampler, Denoiser denoiser) {
        try (SeededNoise noise = new SeededNoise(5);
                SamplingRun run =
                        Samplers.named(sampler, SchedulerConfig.defaults(), 1)
                                .start(manager, STEPS, SHAPE, noise)) {
            while (!run.isFinished()) {
                run.step(denoiser);
            }
            return frames(run.sample(), 1, 2).toFloatArray();
        }
    }

    private NDArray frames(NDArray x, int from, int count) {
        return k.contiguous(k.narrow(x, 2, from, count));
    }
}
