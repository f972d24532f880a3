package dev.zoetrope.samples.papertheatre;

/**
 * Paints a backdrop from a few sheets of paper, far to near, each with a soft shadow on the one
 * behind. All lengths are in units of the shorter side, so that a scene looks the same at every
 * size.
 */
final class Scenery {
    private final int width;
    private final int height;
    private final float shorter;
    private final float[] rgb;

    private Scenery(int width, int height) {
        this.width = width;
        this.height = height;
        shorter = Math.min(width, height);
        rgb = new float[3 * width * height];
    }

    /** Pixels as (H, W, 3) in 0..255. */
    static float[] paint(Backdrop backdrop, Dice dice, int width, int height) {
        Scenery s = new Scenery(width, height);
        switch (backdrop) {
            case SUNSET -> s.sunset(dice);
            case NIGHT -> s.night(dice);
            case MEADOW -> s.meadow(dice);
            case SEA -> s.sea(dice);
            case PAPER -> s.paper(dice);
            case SNOW -> s.snow(dice);
        }
        return s.rgb;
    }

    private void sunset(Dice dice) {
        int shade = shade(dice);
        sky(0xE07A68 + shade, 0xF9B56E + shade);
        float horizon = dice.between(0.76, 0.84) * height / shorter;
        float x = dice.between(0.2, 0.8) * width / shorter;
        disc(x, horizon, dice.between(0.16, 0.22), 0xFFE9A8, 0);
        ridge(dice, horizon, 0.02f, 0x8C4A6B + shade, 0x7A3F66 + shade);
        ridge(dice, horizon + 0.09f, 0.03f, 0x5E3560 + shade, 0x4A2A55 + shade);
    }

    private void night(Dice dice) {
        int shade = shade(dice);
        sky(0x0F1230 + shade, 0x2B3268 + shade);
        // Placed on the paper, not on the screen: more paper, more stars.
        int stars = Math.round(26 * width * (height / (shorter * shorter)));
        for (int i = 0; i < stars; i++) {
            float x = dice.between(0, width / shorter);
            float y = dice.between(0, 0.8 * height / shorter);
            disc(x, y, dice.between(0.004, 0.011), 0xFFF4CF, 0);
        }
        float x = (dice.coin() ? dice.between(0.12, 0.25) : dice.between(0.75, 0.88)) * width;
        crescent(x / shorter, 0.2f, 0.1f, 0xFFF0C0);
        ridge(dice, height / shorter * dice.between(0.84, 0.9), 0.03f, 0x1B2148, 0x141838);
    }

    private void meadow(Dice dice) {
        int shade = shade(dice);
        sky(0x8CC9F0 + shade, 0xB9DFF4 + shade);
        cloud(dice, dice.between(0.1, 0.45) * width / shorter, dice.between(0.06, 0.1));
        cloud(dice, dice.between(0.6, 0.95) * width / shorter, dice.between(0.08, 0.14));
        float top = dice.between(0.62, 0.7) * height / shorter;
        ridge(dice, top, 0.04f, 0x9CCB68 + shade, 0x86BB5A + shade);
        ridge(dice, top + 0.13f, 0.03f, 0x74B052 + shade, 0x5C9A47 + shade);
    }

    private void sea(Dice dice) {
        int shade = shade(dice);
        sky(0x7FD0D6 + shade, 0x4FB2C6 + shade);
        float tall = height / shorter;
        ridge(dice, 0.2f * tall, 0.025f, 0x3A9DBB + shade, 0x348FB2 + shade);
        ridge(dice, 0.45f * tall, 0.03f, 0x2C7FA8 + shade, 0x26719C + shade);
        ridge(dice, 0.7f * tall, 0.03f, 0x1F6390 + shade, 0x1A5480 + shade);
        for (int i = 0; i < 5; i++) {
            float x = dice.between(0.05, 0.95) * width / shorter;
            float y = dice.between(0.05, 0.95) * tall;
            disc(x, y, dice.between(0.012, 0.03), 0xA8E2E6, 0);
        }
    }

    private void paper(Dice dice) {
        int shade = shade(dice);
        sky(0xF0E0C0 + shade, 0xE6D2AC + shade);
    }

    private void snow(Dice dice) {
        int shade = shade(dice);
        sky(0xA3B4C4 + shade, 0xC3D0DB + shade);
        int flakes = Math.round(18 * width * (height / (shorter * shorter)));
        for (int i = 0; i < flakes; i++) {
            float x = dice.between(0, width / shorter);
            float y = dice.between(0, 0.7 * height / shorter);
            disc(x, y, dice.between(0.006, 0.014), 0xF4F8FB, 0);
        }
        float top = dice.between(0.66, 0.74) * height / shorter;
        ridge(dice, top, 0.05f, 0xE2E9F0, 0xD6E0EA);
        ridge(dice, top + 0.12f, 0.04f, 0xF5F8FB, 0xE6EDF4);
    }

    /** The same small step in red, green and blue; backdrop colours leave room for it. */
    private static int shade(Dice dice) {
        return Math.round(dice.between(-6, 6)) * 0x010101;
    }

    private void sky(int top, int bottom) {
        for (int y = 0; y < height; y++) {
            float t = (y + 0.5f) / height;
            for (int x = 0; x < width; x++) {
                blend(
                        x,
                        y,
                        mix(top, bottom, t, 16),
                        mix(top, bottom, t, 8),
                        mix(top, bottom, t, 0),
                        1);
            }
        }
    }

    /** A sheet that covers everything below a wavy line. */
    private void ridge(Dice dice, float top, float swell, int upper, int lower) {
        float phase = dice.between(0, 2 * Math.PI);
        float waves = dice.between(2.6, 4.2);
        float tall = height / shorter - top + swell;
        float shadow = 0.05f;
        for (int x = 0; x < width; x++) {
            float along = (x + 0.5f) / shorter;
            float line =
                    top
                            - swell * (float) StrictMath.sin(waves * along + phase)
                            - 0.4f
                                    * swell
                                    * (float) StrictMath.sin(2.3 * waves * along + 2 * phase);
            for (int y = 0; y < height; y++) {
                float depth = (y + 0.5f) / shorter - line;
                float cover = Math.clamp(depth * shorter + 0.5f, 0f, 1f);
                if (depth > -shadow && cover < 1) {
                    float near = Math.min(1, 1 + depth / shadow);
                    blend(x, y, 10, 8, 30, 0.22f * near * near);
                }
                if (cover > 0) {
                    float t = Math.clamp(depth / tall, 0f, 1f);
                    blend(
                            x,
                            y,
                            mix(upper, lower, t, 16),
                            mix(upper, lower, t, 8),
                            mix(upper, lower, t, 0),
                            cover);
                }
            }
        }
    }

    private void cloud(Dice dice, float x, float y) {
        float size = dice.between(0.7, 0.95);
        int white = 0xE4F3FB;
        disc(x - 0.11f * size, y + 0.02f * size, 0.055f * size, white, 0);
        disc(x, y - 0.01f * size, 0.08f * size, white, 0);
        disc(x + 0.1f * size, y + 0.015f * size, 0.06f * size, white, 0);
        disc(x + 0.04f * size, y + 0.035f * size, 0.05f * size, white, 0);
        disc(x - 0.05f * size, y + 0.035f * size, 0.05f * size, white, 0);
    }

    private void crescent(float x, float y, float radius, int colour) {
        disc(x, y, radius, colour, 0.62f * radius);
    }

    /**
     * A round piece of paper.
     *
     * @param bite when above 0, a disc of the same size is cut away, moved left and up by this much
     */
    private void disc(float x, float y, float radius, int colour, float bite) {
        // Smaller than a pixel is as faint as it is small.
        float pixels = radius * shorter;
        float r = Math.max(pixels, 0.6f);
        float strength = Math.min(1, pixels * pixels / (r * r));
        float cx = x * shorter;
        float cy = y * shorter;
        int x0 = Math.clamp((int) (cx - r - 1), 0, width);
        int x1 = Math.clamp((int) (cx + r + 2), 0, width);
        int y0 = Math.clamp((int) (cy - r - 1), 0, height);
        int y1 = Math.clamp((int) (cy + r + 2), 0, height);
        for (int py = y0; py < y1; py++) {
            for (int px = x0; px < x1; px++) {
                float dx = px + 0.5f - cx;
                float dy = py + 0.5f - cy;
                float cover = Math.clamp(r - length(dx, dy) + 0.5f, 0f, 1f);
                if (bite > 0) {
                    float away = bite * shorter;
                    float gone = r - length(dx + away, dy + 0.5f * away);
                    cover = Math.min(cover, Math.clamp(0.5f - gone, 0f, 1f));
                }
                blend(
                        px,
                        py,
                        (colour >> 16) & 255,
                        (colour >> 8) & 255,
                        colour & 255,
                        cover * strength);
            }
        }
    }

    private void blend(int x, int y, float r, float g, float b, float cover) {
        int at = 3 * (y * width + x);
        rgb[at] += (r - rgb[at]) * cover;
        rgb[at + 1] += (g - rgb[at + 1]) * cover;
        rgb[at + 2] += (b - rgb[at + 2]) * cover;
    }

    private static float mix(int from, int to, float t, int shift) {
        float a = (from >> shift) & 255;
        float b = (to >> shift) & 255;
        return a + (b - a) * t;
    }

    private static float length(float x, float y) {
        return (float) Math.sqrt(x * x + y * y);
    }
}
