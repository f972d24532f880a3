package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.training.ClipShape;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.function.IntBinaryOperator;

class ResamplingTest {
    @Test
    void keepsEveryPixelAtItsOwnSize() {
        ByteBuffer same = resampled(31, 17, (x, y) -> x * 7 + y, new Window(0, 0, 31, 17), 31, 17);
        for (int y = 0; y < 17; y++) {
            for (int x = 0; x < 31; x++) {
                assertEquals(x * 7 + y, green(same, 31, x, y));
            }
        }
    }

    @Test
    void averagesWhatIsTooFineToShow() {
        ByteBuffer grey =
                resampled(
                        240,
                        180,
                        (x, y) -> (x + y) % 2 * 255,
                        new Window(20.3, 10.7, 200, 150),
                        40,
                        30);
        for (int i = 0; i < 40 * 30; i++) {
            assertEquals(127, green(grey, 40, i, 0), 6);
        }
    }

    @Test
    void enlargesWithoutSteps() {
        ByteBuffer ramp = resampled(8, 8, (x, y) -> x * 30, new Window(1, 1, 4, 4), 64, 64);
        for (int x = 1; x < 64; x++) {
            int step = green(ramp, 64, x, 9) - green(ramp, 64, x - 1, 9);
            assertTrue(step >= 1 && step <= 3, "a step of " + step);
        }
    }

    @Test
    void repeatsTheEdgeBeyondTheFrame() {
        ByteBuffer wide = resampled(4, 4, (x, y) -> 50 + x * 40, new Window(-4, 0, 12, 4), 12, 4);
        assertEquals(50, green(wide, 12, 0, 2));
        assertEquals(170, green(wide, 12, 11, 2));
    }

    @Test
    void mirrors() {
        Strip strip = strip(6, 2, (x, y) -> x * 20);
        ByteBuffer out = ByteBuffer.allocateDirect(3 * 12);
        new Resampling(strip, new ClipShape(1, 2, 6), true).append(0, new Window(0, 0, 6, 2), out);
        assertEquals(100, green(out, 6, 0, 0));
        assertEquals(0, green(out, 6, 5, 1));
    }

    private static ByteBuffer resampled(
            int width, int height, IntBinaryOperator picture, Window window, int w, int h) {
        ByteBuffer out = ByteBuffer.allocateDirect(3 * w * h);
        new Resampling(strip(width, height, picture), new ClipShape(1, h, w), false)
                .append(0, window, out);
        assertEquals(0, out.remaining());
        return out;
    }

    private static Strip strip(int width, int height, IntBinaryOperator picture) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                byte value = (byte) picture.applyAsInt(x, y);
                rgb.put(value).put(value).put(value);
            }
        }
        Strip.Unfinished strip = new Strip.Unfinished(width, height, 1);
        strip.add(rgb.flip());
        return strip.finish();
    }

    private static int green(ByteBuffer rgb, int width, int x, int y) {
        return rgb.get(3 * (y * width + x) + 1) & 255;
    }
}
