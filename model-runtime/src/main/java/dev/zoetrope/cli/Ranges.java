package dev.zoetrope.cli;

import dev.zoetrope.runtime.estimate.Estimate;
import dev.zoetrope.runtime.estimate.Range;

import java.util.Locale;

/** Ranges of time and of memory as people write them, both ends in the unit of the upper one. */
final class Ranges {
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;

    private Ranges() {}

    /** Such as {@code 42 to 58 s}. */
    static String seconds(Range seconds) {
        if (seconds.high() < 2 * MINUTE) {
            return text(seconds, 1, "s");
        }
        return seconds.high() < 2 * HOUR ? text(seconds, MINUTE, "min") : text(seconds, HOUR, "h");
    }

    /** Such as {@code 1.2 to 1.5 GiB}. */
    static String bytes(Range bytes) {
        Unit unit = Unit.of(bytes.high());
        return text(bytes, unit.bytes, unit.name);
    }

    /** What is taken of the machine's memory, and of the device's where it has its own. */
    static String memory(Estimate estimate) {
        return bytes(estimate.memory())
                + " of memory"
                + estimate.deviceMemory()
                        .map(bytes -> " and " + bytes(bytes) + " of the GPU's")
                        .orElse("");
    }

    static String bytes(double bytes) {
        Unit unit = Unit.of(bytes);
        return number(bytes / unit.bytes, bytes / unit.bytes) + " " + unit.name;
    }

    private record Unit(double bytes, String name) {
        static Unit of(double bytes) {
            if (bytes < 0x1p20) {
                return new Unit(0x1p10, "KiB");
            }
            return bytes < 0x1p30 ? new Unit(0x1p20, "MiB") : new Unit(0x1p30, "GiB");
        }
    }

    private static String text(Range range, double unit, String name) {
        double high = range.high() / unit;
        String from = number(range.low() / unit, high);
        String to = number(high, high);
        return from.equals(to) ? to + " " + name : from + " to " + to + " " + name;
    }

    /** As many digits as make sense for numbers up to {@code most}. */
    private static String number(double value, double most) {
        return String.format(Locale.ROOT, most < 1 ? "%.2f" : most < 10 ? "%.1f" : "%.0f", value);
    }
}
