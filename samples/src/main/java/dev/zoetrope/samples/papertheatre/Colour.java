package dev.zoetrope.samples.papertheatre;

import java.util.Locale;

/** The sheets of paper that subjects are cut from. */
public enum Colour {
    RED(0xD2372E),
    ORANGE(0xF08A24),
    YELLOW(0xF8D13C),
    GREEN(0x2F9A52),
    BLUE(0x2F63CC),
    PURPLE(0x8A45B4),
    WHITE(0xFBF9F4),
    BLACK(0x26242B);

    private final int rgb;

    Colour(int rgb) {
        this.rgb = rgb;
    }

    /** What captions call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** sRGB as 0xRRGGBB; a clip's paper differs from it by a shade. */
    public int rgb() {
        return rgb;
    }
}
