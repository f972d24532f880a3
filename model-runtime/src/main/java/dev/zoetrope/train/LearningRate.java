package dev.zoetrope.train;

/**
 * Linear warm-up to the peak, constant until {@value #HOLD} of the run, then half a cosine down to
 * a hundredth of the peak.
 */
record LearningRate(double peak, long warmup, long steps) {
    private static final double HOLD = 0.4;
    private static final double FLOOR = 0.01;

    /** The rate of a step, counted from 0. */
    double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double done = (double) step / steps;
        if (done < HOLD) {
            return peak;
        }
        double cosine = (1 + Math.cos(Math.PI * (done - HOLD) / (1 - HOLD))) / 2;
        return peak * (FLOOR + (1 - FLOOR) * cosine);
    }
}
