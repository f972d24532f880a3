package dev.zoetrope.app.train;

import java.time.Duration;

/**
 * How far a training is and how fast.
 *
 * @param step done
 * @param steps there will be
 * @param loss of the newest step whose figures are known
 * @param secondsPerStep newest; 0 before there is one
 */
public record Pace(long step, long steps, double loss, double learningRate, double secondsPerStep) {
    /** Before the first figures. */
    public static final Pace NONE = new Pace(0, 0, 0, 0, 0);

    /** From 0 to 1. */
    public double fraction() {
        return steps == 0 ? 0 : Math.min(1, (double) step / steps);
    }

    /** 0 before there is a pace. */
    public double stepsPerSecond() {
        return secondsPerStep > 0 ? 1 / secondsPerStep : 0;
    }

    /** Time that the rest takes at this pace. */
    public Duration remaining() {
        return Duration.ofMillis(Math.round(Math.max(0, steps - step) * secondsPerStep * 1000));
    }
}
