package dev.zoetrope.cli;

/** Numbers as people write them. */
final class Numbers {
    private Numbers() {}

    /** Without a fraction that is none. */
    static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
