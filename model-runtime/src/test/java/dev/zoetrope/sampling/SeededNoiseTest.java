package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
        float[] printed = {
            -1.1258f, -1.1524f, -0.2506f, -0.4339f, 0.8487f, 0.6920f, -0.3160f, -2.1152f,
            0.3223f, -1.2633f, 0.3500f, 0.3081f, 0.1198f, 1.2377f, 1.1168f, -0.2473f
        };
        float[] sixteen = draw(new Shape(1, 2, 8), 0);
        assertArrayEquals(printed, sixteen, 6e-5f);
        assertArrayEquals(sixteen, Arrays.copyOf(draw(new Shape(1, 4, 8), 0), 16));
    }

    /** Torch replaces the last 16 numbers when there are some beyond a multiple of 16. */
    @Test
    void theLastSixteenOfAnOddNumberAreDrawnAgain() {
        float[] sixteen = draw(new Shape(1, 16), 0);
        float[] twenty = draw(new Shape(1, 20), 0);
        assertArrayEquals(Arrays.copyOf(sixteen, 4), Arrays.copyOf(twenty, 4));
        assertNotEquals(sixteen[4], twenty[4]);
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
