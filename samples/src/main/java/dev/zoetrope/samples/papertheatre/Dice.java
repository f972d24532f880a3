package dev.zoetrope.samples.papertheatre;

import java.util.List;
import java.util.Random;

/**
 * The chance in a clip. {@link Random} is the one generator whose algorithm the platform's
 * documentation fixes, so a seed means the same on every machine and in every release.
 */
final class Dice {
    private final Random random;

    /**
     * @param purpose keeps draws for different things apart, so that drawing more of one does not
     *     change another
     */
    Dice(long seed, int purpose) {
        // Neighbouring seeds start Random alike; a full avalanche sets them apart.
        long mixed = seed * 0x9E3779B97F4A7C15L + purpose * 0xD1B54A32D192ED03L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        random = new Random(mixed ^ (mixed >>> 32));
    }

    /** Uniform in [from, to). */
    float between(double from, double to) {
        return (float) (from + (to - from) * random.nextDouble());
    }

    boolean coin() {
        return random.nextBoolean();
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
