package dev.zoetrope.samples.papertheatre;

/**
 * How large a subject is and how fast.
 *
 * @param size longer side of the glyph, in units of the stage's shorter side
 * @param travel way to the side, up or down in 16 frames, in units of the stage that way
 * @param turns in 16 frames
 * @param bounces in 16 frames
 * @param jump height of a bounce in units of the stage's
 * @param small as {@code size}, before it grows and after it shrank
 * @param large as {@code size}, after it grew and before it shrinks
 */
record Staging(
        Span size, Span travel, Span turns, Span bounces, float jump, Span small, Span large) {
    /** Of all sizes and paces that can be told apart. */
    static final Staging REPERTOIRE =
            new Staging(
                    new Span(0.52, 0.66),
                    new Span(0.3, 0.42),
                    new Span(0.4, 0.6),
                    new Span(1.4, 2),
                    0.28f,
                    new Span(0.28, 0.36),
                    new Span(0.72, 0.86));

    /** The subject as the star: larger and slower, so that a small model can learn its outline. */
    static final Staging STARRING =
            new Staging(
                    new Span(0.58, 0.7),
                    new Span(0.26, 0.36),
                    new Span(0.35, 0.5),
                    new Span(1.2, 1.6),
                    0.24f,
                    new Span(0.34, 0.42),
                    new Span(0.78, 0.9));

    /** Uniform in [from, to). */
    record Span(double from, double to) {
        float draw(Dice dice) {
            return dice.between(from, to);
        }
    }
}
