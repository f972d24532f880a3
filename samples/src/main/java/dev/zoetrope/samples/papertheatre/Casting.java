package dev.zoetrope.samples.papertheatre;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Tells from outlines which glyph was cut out. */
final class Casting {
    /** Looked at, the clearest of the clip. */
    private static final int FRAMES = 6;

    private static final int ANGLES = 36;

    /** What subjects lean to either side, radians. */
    private static final double TILT = 0.04;

    /** No glyph reaches further from its centroid, in units of its longer side. */
    private static final float REACH = 0.75f;

    /** Across the longer side of a glyph. */
    private static final float SAMPLES = 25;

    /** Pixels of area that a pixel cut off by the frame outweighs. */
    private static final int WEIGHT_OF_A_CUT = 20;

    private static final double LEAST_LIKENESS = 0.5;

    private Casting() {}

    /** Empty when no glyph has much in common with the outlines. */
    static Optional<Subject> subject(List<Outline> outlines, Optional<Motion> motion) {
        List<Outline> clearest =
                outlines.stream()
                        .sorted(Comparator.comparingInt(o -> WEIGHT_OF_A_CUT * o.cut() - o.area()))
                        .limit(FRAMES)
                        .toList();
        Optional<Subject> chosen = Optional.empty();
        double most = LEAST_LIKENESS * clearest.size();
        for (Subject subject : Subject.values()) {
            double sum = 0;
            for (Outline outline : clearest) {
                sum += likeness(outline, subject, motion);
            }
            if (sum > most) {
                most = sum;
                chosen = Optional.of(subject);
            }
        }
        return chosen;
    }

    /** With the pose that fits best. */
    private static double likeness(Outline outline, Subject subject, Optional<Motion> motion) {
        double best = 0;
        for (double angle : angles(subject, motion)) {
            best = Math.max(best, likeness(outline, subject, false, angle));
            if (subject.facing() == Subject.Facing.RIGHT) {
                best = Math.max(best, likeness(outline, subject, true, angle));
            }
        }
        return best;
    }

    private static double[] angles(Subject subject, Optional<Motion> motion) {
        if (motion.equals(Optional.of(Motion.SPINNING))) {
            return IntStream.range(0, ANGLES).mapToDouble(i -> 2 * Math.PI * i / ANGLES).toArray();
        }
        return Arrays.stream(Motion.values())
                .mapToDouble(subject.facing()::heading)
                .distinct()
                .flatMap(heading ->
                        DoubleStream.of(-TILT, 0, TILT).map(tilt -> Math.PI * heading + tilt))
                .toArray();
    }

    /** Common area over joint area, with equal areas and centroids. */
    private static double likeness(
            Outline outline, Subject subject, boolean mirrored, double angle) {
        Silhouette glyph = Silhouette.of(subject);
        float size = (float) Math.sqrt(Math.max(1, outline.area()) / glyph.area());
        float cos = (float) StrictMath.cos(angle) / size;
        float sin = (float) StrictMath.sin(angle) / size;
        float reach = REACH * size;
        int x0 = Math.max(0, (int) (outline.x() - reach));
        int x1 = Math.min(outline.width(), (int) (outline.x() + reach) + 1);
        int y0 = Math.max(0, (int) (outline.y() - reach));
        int y1 = Math.min(outline.height(), (int) (outline.y() + reach) + 1);
        int step = Math.max(1, Math.round(size / SAMPLES));
        int both = 0;
        int either = 0;
        for (int y = y0; y < y1; y += step) {
            for (int x = x0; x < x1; x += step) {
                float dx = x + 0.5f - outline.x();
                float dy = y + 0.5f - outline.y();
                float u = cos * dx + sin * dy;
                float v = cos * dy - sin * dx;
                boolean cut =
                        glyph.distance(
                                        (mirrored ? -u : u) + glyph.centroidX(),
                                        v + glyph.centroidY())
                                > 0;
                boolean seen = outline.at(x, y);
                both += cut && seen ? 1 : 0;
                either += cut || seen ? 1 : 0;
            }
        }
        return (double) both / Math.max(1, either);
    }
}
