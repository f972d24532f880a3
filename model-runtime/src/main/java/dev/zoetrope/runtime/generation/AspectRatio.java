package dev.zoetrope.runtime.generation;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Width to height, such as 16:9.
 *
 * @param width above 0
 * @param height above 0
 */
public record AspectRatio(double width, double height) {
    private static final Pattern FORMAT =
            Pattern.compile("(\\d+(?:\\.\\d+)?)(?:\\s*[:x/]\\s*(\\d+(?:\\.\\d+)?))?");

    /** Beyond this a picture is a strip that no model was trained on. */
    private static final double EXTREME = 16;

    /**
     * @throws IllegalArgumentException when a side is not above 0, or one is more than 16 times the
     *     other
     */
    public AspectRatio {
        double ratio = width / height;
        if (!(width > 0 && height > 0 && ratio <= EXTREME && ratio >= 1 / EXTREME)) {
            throw new IllegalArgumentException(
                    "an aspect ratio of %s to %s".formatted(width, height));
        }
    }

    /**
     * Reads {@code 16:9}, {@code 16x9}, {@code 16/9} or {@code 1.85}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static AspectRatio parse(String text) {
        Matcher matcher = FORMAT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " is not an aspect ratio such as 16:9");
        }
        String height = matcher.group(2);
        return new AspectRatio(
                Double.parseDouble(matcher.group(1)),
                height == null ? 1 : Double.parseDouble(height));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return plain(width) + ":" + plain(height);
    }

    private static String plain(double side) {
        return BigDecimal.valueOf(side).stripTrailingZeros().toPlainString();
    }

    /** Width by height. */
    public double ratio() {
        return width / height;
    }
}
