package dev.zoetrope.runtime.estimate;

/**
 * Between what and what a quantity is expected to be.
 *
 * @param low at least 0
 * @param high at least {@code low}
 */
public record Range(double low, double high) {
    public static final Range NOTHING = new Range(0, 0);

    public Range {
        if (!(low >= 0 && high >= low)) {
            throw new IllegalArgumentException("from %s to %s".formatted(low, high));
        }
    }

    public Range plus(Range other) {
        return new Range(low + other.low, high + other.high);
    }

    public double middle() {
        return (low + high) / 2;
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
