package dev.zoetrope.train;

import java.util.Random;

/** The random choices of codebook training. */
public interface CodebookDraws {

    /** {@code count} different numbers out of 0 until {@code n}, in random order. */
    long[] rows(int n, int count);

    /** {@code n} standard normal numbers. */
    float[] noise(int n);

    /**
     * Draws that depend on nothing but the seed and the step, so that a resumed run repeats them.
     */
    static CodebookDraws seeded(long seed, long step) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + step);
        return new CodebookDraws() {
            @Override
            public long[] rows(int n, int count) {
                long[] numbers = new long[n];
                for (int i = 0; i < n; i++) {
                    numbers[i] = i;
                }
                long[] chosen = new long[count];
                for (int i = 0; i < count; i++) {
                    int j = i + random.nextInt(n - i);
                    chosen[i] = numbers[j];
                    numbers[j] = numbers[i];
                }
                return chosen;
            }

            @Override
            public float[] noise(int n) {
                float[] values = new float[n];
                for (int i = 0; i < n; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                return values;
            }
        };
    }
}
