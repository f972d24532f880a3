package dev.zoetrope.runtime.media;

/**
 * Frames per second as the exact fraction that a rounded number stands for: 23.976 is 24000/1001.
 *
 * @param numerator at least 1
 * @param denominator at least 1
 */
record FrameRate(int numerator, int denominator) {
    /** Rates within this of a whole number, or of one over 1.001, are taken for it. */
    private static final double TOLERANCE = 5e-4;

    private static final int PER_MILLE = 1000;
    private static final int NTSC = 1001;

    /**
     * The rate that a number stands for.
     *
     * @param fps above 0, at most 1000
     */
    static FrameRate of(double fps) {
        if (!(fps > 0 && fps <= 1000)) {
            throw new IllegalArgumentException(fps + " frames per second");
        }
        long whole = Math.round(fps);
        if (whole > 0 && Math.abs(fps - whole) < TOLERANCE) {
            return new FrameRate((int) whole, 1);
        }
        long ntsc = Math.round(fps * NTSC / PER_MILLE);
        if (ntsc > 0 && Math.abs(fps - (double) ntsc * PER_MILLE / NTSC) < TOLERANCE) {
            return new FrameRate((int) ntsc * PER_MILLE, NTSC);
        }
        return new FrameRate(Math.max(1, (int) Math.round(fps * PER_MILLE)), PER_MILLE);
    }
}
