package dev.zoetrope.sampling;

/** The noise level after the last step. */
enum FinalLevel {
    ZERO,
    /** The schedule's lowest. */
    SIGMA_MIN;

    float of(NoiseSchedule schedule) {
        return this == ZERO ? 0 : schedule.sigmas()[0];
    }
}
