package dev.zoetrope.app.reconstruct;

import java.time.Duration;

/**
 * How far a reconstruction is.
 *
 * @param done frames that are there
 * @param total frames there will be; at least {@code done}
 * @param framesPerSecond mean rate so far; 0 before the first frame
 */
public record Progress(long done, long total, double framesPerSecond) {
    /** Before the first frame. */
    public static final Progress NONE = new Progress(0, 0, 0);

    /** Progress after a time of work. */
    public static Progress after(long done, long total, Duration elapsed) {
        double seconds = elapsed.toNanos() / 1e9;
        return new Progress(done, Math.max(done, total), seconds > 0 ? done / seconds : 0);
    }

    /** From 0 to 1. */
    public double fraction() {
        return total == 0 ? 0 : (double) done / total;
    }

    /** Time that the rest takes at the mean rate; zero before there is one. */
    public Duration remaining() {
        return framesPerSecond > 0
                ? Duration.ofMillis(Math.round((total - done) / framesPerSecond * 1000))
                : Duration.ZERO;
    }
}
