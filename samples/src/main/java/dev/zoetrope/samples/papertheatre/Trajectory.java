package dev.zoetrope.samples.papertheatre;

/** Where the subject is, how large and how turned, at every moment of one clip. */
final class Trajectory {
    /** Longer clips turn and bounce more often, not more slowly. */
    private static final int FRAMES_OF_ONE_BEAT = 16;

    private final Motion motion;
    private final float jump;
    private final int width;
    private final int height;
    private final float shorter;
    private final float beats;
    private final float x;
    private final float y;
    private final float size;
    private final float drift;
    private final float travel;
    private final float turns;
    private final float bounces;
    private final float start;
    private final float small;
    private final float large;
    private final float sway;

    Trajectory(Motion motion, Staging staging, Dice dice, int frames, int width, int height) {
        this.motion = motion;
        jump = staging.jump();
        this.width = width;
        this.height = height;
        shorter = Math.min(width, height);
        beats = Math.max(1, (float) frames / FRAMES_OF_ONE_BEAT);
        x = staging.place().draw(dice);
        y = staging.place().draw(dice);
        size = staging.size().draw(dice);
        drift = staging.drift().draw(dice);
        travel = staging.travel().draw(dice);
        turns = staging.turns().draw(dice) * (dice.coin() ? 1 : -1);
        bounces = staging.bounces().draw(dice);
        start = staging.start().draw(dice);
        small = staging.small().draw(dice);
        large = staging.large().draw(dice);
        sway = dice.between(0, 1);
    }

    /**
     * One moment.
     *
     * @param x centre in pixels
     * @param y centre in pixels
     * @param size longer side of the glyph in pixels
     * @param angle clockwise, radians
     * @param squash height over width, 1 when relaxed
     */
    record Pose(float x, float y, float size, float angle, float squash) {}

    /**
     * @param t 0 at the first frame, 1 at the last
     */
    Pose at(float t) {
        float across = 0.5f + drift + travel * (t - 0.5f);
        float back = 0.5f + drift - travel * (t - 0.5f);
        float bob = 0.014f * wave(beats * t + sway);
        float tilt = 0.05f * wave(0.8f * beats * t + sway);
        return switch (motion) {
            case RIGHT -> pose(across, y + bob, size, tilt, 1);
            case LEFT -> pose(back, y + bob, size, tilt, 1);
            case DOWN -> pose(x, across, size, tilt, 1);
            case UP -> pose(x, back, size, tilt, 1);
            case SPINNING -> pose(x, y, size, (float) (2 * Math.PI) * turns * beats * t, 1);
            case GROWING -> pose(x, y, small + (large - small) * t, tilt, 1);
            case SHRINKING -> pose(x, y, large + (small - large) * t, tilt, 1);
            case BOUNCING -> {
                float u = bounces * beats * t + start;
                u -= (int) u;
                float up = 4 * u * (1 - u);
                // It gives a little where it lands.
                float squash = 1 - 0.16f * Math.max(0, 1 - 5 * up);
                float sunk = 0.5f * size * (1 - squash) * shorter / height;
                yield pose(x, 0.64f + sunk - jump * up, size, 0.4f * tilt, squash);
            }
        };
    }

    private Pose pose(float px, float py, float scale, float angle, float squash) {
        return new Pose(px * width, py * height, scale * shorter, angle, squash);
    }

    private static float wave(float turns) {
        return (float) StrictMath.sin(2 * Math.PI * turns);
    }
}
