package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;

import org.junit.jupiter.api.Test;

import java.util.Random;

/** {@link SelfTest} against the same sums in whole numbers. */
final class SelfTestTest {
    @Test
    void theExpectedAnswerIsWhatWholeNumbersGive() {
        Random random = new Random(20240301);
        int[] clip = numbers(random, 16 * 5 * 24 * 24);
        int[] filter = numbers(random, 16 * 16 * 27);
        int[] rows = numbers(random, 64 * 192);
        int[] matrix = numbers(random, 96 * 192);
        Hasher hasher = Hashing.sha256().newHasher();
        for (int out = 0; out < 16; out++) {
            for (int t = 0; t < 5; t++) {
                for (int y = 0; y < 24; y++) {
                    for (int x = 0; x < 24; x++) {
                        hasher.putInt(convolved(clip, filter, out, t, y, x));
                    }
                }
            }
        }
        for (int row = 0; row < 64; row++) {
            for (int column = 0; column < 96; column++) {
                int sum = 0;
                for (int i = 0; i < 192; i++) {
                    sum += rows[row * 192 + i] * matrix[column * 192 + i];
                }
                hasher.putInt(sum);
            }
        }

        assertEquals(SelfTest.EXPECTED, hasher.hash().toString().substring(0, 16));
    }

    @Test
    void thisMachineGivesIt() {
        assertEquals(SelfTest.EXPECTED, SelfTest.answer());
    }

    private static int convolved(int[] clip, int[] filter, int out, int t, int y, int x) {
        int sum = 0;
        for (int in = 0; in < 16; in++) {
            for (int dt = 0; dt < 3; dt++) {
                for (int dy = 0; dy < 3; dy++) {
                    for (int dx = 0; dx < 3; dx++) {
                        sum +=
                                filter[(((out * 16 + in) * 3 + dt) * 3 + dy) * 3 + dx]
                                        * at(clip, in, t + dt - 1, y + dy - 1, x + dx - 1);
                    }
                }
            }
        }
        return sum;
    }

    /** Zero beyond the edges. */
    private static int at(int[] clip, int channel, int t, int y, int x) {
        boolean inside = t >= 0 && t < 5 && y >= 0 && y < 24 && x >= 0 && x < 24;
        return inside ? clip[((channel * 5 + t) * 24 + y) * 24 + x] : 0;
    }

    private static int[] numbers(Random random, int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextInt(-4, 5);
        }
        return numbers;
    }
}
