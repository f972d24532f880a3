package dev.zoetrope.cli;

import java.io.Console;
import java.time.Duration;

/** One line on a terminal that shows how far work is and when it will be done; silent elsewhere. */
final class Progress {
    private static final int WIDTH = 28;
    private static final long REDRAW_NANOS = 100_000_000;

    private final boolean visible;
    private final String unit;
    private final long start = System.nanoTime();
    private long lastDrawn;

    Progress(boolean wanted, String unit) {
        this.visible = wanted && onTerminal();
        this.unit = unit;
    }

    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Shows that {@code done} of {@code total} units are done, with more to say at the end. */
    void show(long done, long total, String more) {
        long now = System.nanoTime();
        if (!visible || (now - lastDrawn < REDRAW_NANOS && done < total)) {
            return;
        }
        lastDrawn = now;
        System.err.print("\r" + line(done, total, (now - start) / 1e9, unit, more) + "\u001b[K");
    }

    static String line(long done, long total, double seconds, String unit, String more) {
        double part = total == 0 ? 1 : Math.min(1, (double) done / total);
        int filled = (int) Math.round(part * WIDTH);
        double rate = done / Math.max(seconds, 1e-9);
        String left =
                done == 0 || done >= total ? "" : ", " + text((total - done) / rate) + " left";
        return "%s%s %3.0f %%  %d/%d %s, %.1f/s%s%s"
                .formatted(
                        "█".repeat(filled),
                        "░".repeat(WIDTH - filled),
                        100 * part,
                        done,
                        total,
                        unit,
                        rate,
                        left,
                        more.isEmpty() ? "" : "  " + more);
    }

    private static String text(double seconds) {
        Duration d = Duration.ofSeconds(Math.round(seconds));
        return d.toHours() > 0
                ? "%d h %02d min".formatted(d.toHours(), d.toMinutesPart())
                : "%d:%02d".formatted(d.toMinutes(), d.toSecondsPart());
    }

    /** Ends the line. */
    void close() {
        if (visible && lastDrawn != 0) {
            System.err.println();
        }
    }
}
