package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuidanceTest {
    private final NDManager manager = Kernels.newManager();
    private int calls;
    private NDArray x;

    @BeforeEach
    void oneClipOfTwoChannels() {
        x = manager.create(new float[] {1, 2}, new Shape(1, 2));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void scaleOneAsksOnceAndChangesNothing() {
        float[] said =
                Guidance.whole(1).inTwoCalls(times(3), times(5)).predict(x, 0).toFloatArray();
        assertArrayEquals(new float[] {3, 6}, said);
        assertEquals(1, calls);
        Guidance.whole(1)
                .inOneBatch(times(3), times(5), Guidance.Order.CONDITIONAL_FIRST)
                .predict(x, 0);
        assertEquals(2, calls);
    }

    @Test
    void twoCallsGoAwayFromTheUnconditional() {
        NDArray said = Guidance.whole(2).inTwoCalls(times(3), times(5)).predict(x, 0);
        assertArrayEquals(new float[] {1, 2}, said.toFloatArray()); // 5 + 2 (3 - 5)
        assertEquals(2, calls);
    }

    @Test
    void oneBatchHoldsBothInEitherOrder() {
        Denoiser both =
                (doubled, time) -> {
                    calls++;
                    assertEquals(new Shape(2, 2), doubled.getShape());
                    return doubled.mul(manager.create(new float[] {3, 5}, new Shape(2, 1)));
                };
        Guidance guidance = Guidance.whole(2);
        assertArrayEquals(
                new float[] {1, 2},
                guidance.inOneBatch(times(3), both, Guidance.Order.CONDITIONAL_FIRST)
                        .predict(x, 0)
                        .toFloatArray());
        assertArrayEquals(
                new float[] {7, 14}, // 3 + 2 (5 - 3)
                guidance.inOneBatch(times(5), both, Guidance.Order.CONDITIONAL_LAST)
                        .predict(x, 0)
                        .toFloatArray());
        assertEquals(2, calls);
    }

    @Test
    void whatIsBeyondTheGuidedPartIsConditional() {
        NDArray said = new Guidance(2, 1, 1).inTwoCalls(times(3), times(5)).predict(x, 0);
        assertArrayEquals(new float[] {1, 6}, said.toFloatArray());
    }

    private Denoiser times(float factor) {
        return (input, time) -> {
            calls++;
            return input.mul(factor);
        };
    }
}
