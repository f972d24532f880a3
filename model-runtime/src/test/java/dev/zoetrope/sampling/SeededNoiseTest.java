package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** Noise against numbers that torch prints for {@code torch.randn} with a seeded generator. */
class SeededNoiseTest {
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aSeedGivesTheNumbersThatTorchGives() {
        assertArrayEquals(
                new float[] {1.5409961f, -0.2934289f, -2.1787894f, 0.56843126f},
                draw(new Shape(1, 4), 0));
        assertArrayEquals(
                new float[] {0.33669037f, 0.1288094f, 0.23446237f, 0.23033303f},
                draw(new Shape(1, 4), 42));
    }

    /** Torch fills 16 numbers and more by another method, whose first numbers are others. */
    @Test
    void sixteenNumbersAndMoreAreTorchsToo() {
        float[] many = draw(new Shape(1, 4, 8), 0);
        assertArrayEquals(
                new float[] {-1.1258398f, -1.1523602f, -0.2505786f, -0.4338788f},
                Arrays.copyOf(many, 4),
                1e-6f);
    }

    @Test
    void aClipIsTheSameWhateverIsBesideIt() {
        float[] batch = draw(new Shape(2, 3, 8), 5, 7);
        assertArrayEquals(draw(new Shape(1, 3, 8), 5), Arrays.copyOf(batch, 24));
        assertArrayEquals(draw(new Shape(1, 3, 8), 7), Arrays.copyOfRange(batch, 24, 48));
    }

    @Test
    void aBatchOfAnotherSizeThanTheSeedsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> draw(new Shape(3, 4), 1, 2));
    }

    private float[] draw(Shape shape, long... seeds) {
        try (SeededNoise noise = new SeededNoise(seeds);
                NDArray x = noise.draw(manager, shape)) {
            return x.toFloatArray();
        }
    }
}
