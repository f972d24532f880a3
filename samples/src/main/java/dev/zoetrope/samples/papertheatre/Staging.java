package dev.zoetrope.samples.papertheatre;

/**
 * How large a subject is, how fast, and how much of that is left to chance.
 *
 * @param place of what stays, and of what travels the other way, in units of the stage
 * @param drift of the middle of the way, from the stage's
 * @param size longer side of the glyph, in units of the stage's shorter side
 * @param travel way to the side, up or down in 16 frames, in units of the stage that way
 * @param turns in 16 frames
 * @param bounces in 16 frames
 * @param start part of a bounce that is over at the first frame
 * @param jump height of a bounce in units of the stage's
 * @param small as {@code size}, before it grows and after it shrank
 * @param large as {@code size}, after it grew and before it shrinks
 */
record Staging(
        Span place,
        Span drift,
        Span size,
        Span travel,
        Span turns,
        Span bounces,
        Span start,
        float jump,
        Span small,
        Span large) {
    /** Of all sizes and paces that can be told apart. */
    static final Staging REPERTOIRE =
            new Staging(
                    new Span(0.42, 0.58),
                    new Span(-0.04, 0.04),
                    new Span(0.52, 0.66),
                    new Span(0.3, 0.42),
                    new Span(0.4, 0.6),
                    new Span(1.4, 2),
                    new Span(0, 1),
                    0.28f,
                    new Span(0.28, 0.36),
                    new Span(0.72, 0.86));

    /**
     * The subject as the star: large, slow, and on its mark. Where chance decides little, words
     * alone tell the outline, which is what a small model can learn.
     */
    static final Staging STARRING =
            new Staging(
                    new Span(0.48, 0.52),
                    new Span(-0.01, 0.01),
                    new Span(0.62, 0.68),
                    new Span(0.28, 0.34),
                    new Span(0.4, 0.46),
                    new Span(1.35, 1.5),
                    new Span(0, 0.15),
                    0.24f,
                    new Span(0.36, 0.4),
                    new Span(0.8, 0.88));

    /** Uniform in [from, to). */
    record Span(double from, double to) {
        float draw(Dice dice) {
            return dice.between(from, to);
        }
    }
}
