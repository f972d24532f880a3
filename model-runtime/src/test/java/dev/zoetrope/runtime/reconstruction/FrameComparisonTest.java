package dev.zoetrope.runtime.reconstruction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.media.Frame;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntUnaryOperator;

class FrameComparisonTest {
    private static final int WIDTH = 24;
    private static final int HEIGHT = 17;

    private final Frame original = frame(i -> 40 + (7 * i) % 170);

    @Test
    void equalFramesAreInfinitelyCloseAndFullySimilar() {
        FrameQuality quality = FrameComparison.compare(original, frame(i -> 40 + (7 * i) % 170));

        assertEquals(Double.POSITIVE_INFINITY, quality.psnr());
        assertEquals(1, quality.ssim(), 1e-6);
    }

    @Test
    void anErrorOfOneInEveryByteIs48Decibels() {
        Frame above = frame(i -> 41 + (7 * i) % 170);
        Frame below = frame(i -> 39 + (7 * i) % 170);

        // 20 log10(255)
        assertEquals(48.1308, FrameComparison.compare(original, above).psnr(), 1e-4);
        assertEquals(48.1308, FrameComparison.compare(original, below).psnr(), 1e-4);
    }

    @Test
    void oneWrongByteCountsByItsShareOfAllChannels() {
        Frame changed = frame(i -> i == 5 ? 255 : 0);
        Frame black = frame(_ -> 0);

        // The mean squared error is 255² over the number of bytes.
        double expected = 10 * Math.log10(3 * WIDTH * HEIGHT);
        assertEquals(expected, FrameComparison.compare(black, changed).psnr(), 1e-9);
    }

    @Test
    void psnrAndMeanSquaredErrorAreInverse() {
        assertEquals(12.5, FrameComparison.meanSquaredError(FrameComparison.psnr(12.5)), 1e-9);
        assertEquals(0, FrameComparison.meanSquaredError(Double.POSITIVE_INFINITY));
        assertEquals(0, FrameComparison.psnr(255 * 255), 1e-9);
    }

    @Test
    void similarityOfTwoFlatFramesIsThatOfTheirBrightness() {
        double x = 100;
        double y = 140;
        double c1 = 0.01 * 255 * 0.01 * 255;
        double expected = (2 * x * y + c1) / (x * x + y * y + c1);

        double ssim = FrameComparison.compare(frame(_ -> 100), frame(_ -> 140)).ssim();

        // The windows are summed in floats, which blurs the variance of bright flat areas.
        assertEquals(expected, ssim, 5e-4);
    }

    @Test
    void similarityIsSymmetricAndFallsWithNoise() {
        Frame little = noisy(4);
        Frame much = noisy(40);

        double near = FrameComparison.compare(original, little).ssim();
        double far = FrameComparison.compare(original, much).ssim();

        assertEquals(near, FrameComparison.compare(little, original).ssim(), 1e-6);
        assertTrue(far < near && near < 1, near + " and " + far);
    }

    @Test
    void framesOfTwoSizesAreRefused() {
        Frame other = new Frame(2, 2, ByteBuffer.allocateDirect(12), 0);

        assertThrows(
                IllegalArgumentException.class, () -> FrameComparison.compare(original, other));
    }

    private static Frame noisy(int strength) {
        Random random = new Random(1);
        return frame(i -> 40 + (7 * i) % 170 + random.nextInt(2 * strength + 1) - strength);
    }

    private static Frame frame(IntUnaryOperator value) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * WIDTH * HEIGHT);
        for (int i = 0; i < rgb.capacity(); i++) {
            rgb.put((byte) value.applyAsInt(i));
        }
        return new Frame(WIDTH, HEIGHT, rgb.flip(), 0);
    }
}
