package dev.zoetrope.samples.papertheatre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.LongStream;

class PaperTheatreTest {
    private static final ClipShape SMALL = new ClipShape(16, 64, 64);
    private static final int SCENERY = 2;

    private final PaperTheatre theatre = new PaperTheatre();

    @Test
    void isFoundByItsName() {
        assertTrue(
                ServiceLoader.load(ClipSource.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .anyMatch(source -> source.name().equals("paper-theatre")));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 16, 64, 64, 48d6097635697ad6",
        "1, 5, 45, 80, 14ae9511de3e13f2",
        "123456789012345, 3, 128, 72, deb068c0428d7e12"
    })
    void givesTheSameBytesOnEveryMachine(
            long index, int frames, int height, int width, String sha256) throws Exception {
        TrainingClip clip = theatre.clip(index, new ClipShape(frames, height, width));
        assertEquals(sha256, sha256(clip));
    }

    @Test
    void givesTheSameClipsFromManyThreads() {
        List<ByteBuffer> alone = LongStream.range(0, 24).mapToObj(this::pixels).toList();
        List<ByteBuffer> together =
                LongStream.range(0, 24).parallel().mapToObj(this::pixels).toList();
        assertEquals(alone, together);
    }

    @Test
    void showsAndSaysTheSameAtEveryShape() {
        for (long index = 0; index < 60; index++) {
            TrainingClip wide = theatre.clip(index, new ClipShape(2, 9, 16));
            TrainingClip tall = theatre.clip(index, new ClipShape(3, 16, 9));
            assertEquals(wide.caption(), tall.caption());
        }
    }

    @ParameterizedTest
    @EnumSource(Backdrop.class)
    void looksTheSameAtEverySize(Backdrop backdrop) {
        Scene scene = new Scene(Subject.FISH, Colour.YELLOW, Motion.GROWING, backdrop);
        TrainingClip small = theatre.render(scene, 5, new ClipShape(4, 48, 80));
        TrainingClip large = theatre.render(scene, 5, new ClipShape(4, 144, 240));
        double difference = 0;
        for (int f = 0; f < 4; f++) {
            for (int y = 0; y < 48; y++) {
                for (int x = 0; x < 80; x++) {
                    int mean = 0;
                    for (int k = 0; k < 9; k++) {
                        mean += red(large, f, 3 * x + k % 3, 3 * y + k / 3);
                    }
                    difference += Math.abs(mean / 9.0 - red(small, f, x, y));
                }
            }
        }
        difference /= 4 * 48 * 80;
        assertTrue(difference < 1.5, "mean difference of " + difference);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "16, 9, 16", "7, 5, 3", "2, 1, 200", "3, 333, 21", "40, 36, 64"})
    void fillsAnyShape(int frames, int height, int width) {
        ClipShape shape = new ClipShape(frames, height, width);
        for (long index = 0; index < 12; index++) {
            assertEquals(shape.bytes(), theatre.clip(index, shape).rgb().remaining());
        }
    }

    @Test
    void captionsNameTheSubjectTheColourAndTheDirection() {
        for (int i = 0; i < Scene.all().size(); i++) {
            Scene scene = Scene.all().get(i);
            String caption = Narrator.caption(scene, new Dice(i, 1));
            assertTrue(caption.contains(scene.subject().noun()), caption);
            assertTrue(caption.contains(scene.colour().word()), caption);
            String direction =
                    caption.lastIndexOf("left") > caption.lastIndexOf("right") ? "LEFT" : "RIGHT";
            boolean sideways = scene.motion() == Motion.LEFT || scene.motion() == Motion.RIGHT;
            boolean named = caption.matches(".*\\b(left|right)\\b.*");
            assertEquals(sideways, named, caption);
            if (sideways) {
                assertEquals(scene.motion().name(), direction, caption);
            }
        }
    }

    @Test
    void captionsDifferInWordingAndReadAsEnglish() {
        Scene scene = new Scene(Subject.UMBRELLA, Colour.ORANGE, Motion.UP, Backdrop.SEA);
        List<String> captions = new ArrayList<>();
        for (int seed = 0; seed < 400; seed++) {
            String caption = theatre.render(scene, seed, new ClipShape(1, 4, 4)).caption();
            assertFalse(caption.matches(".*\\ba [aeio].*"), caption);
            assertFalse(caption.contains("  "), caption);
            assertEquals(caption.toLowerCase(Locale.ROOT), caption);
            captions.add(caption);
        }
        assertTrue(captions.stream().distinct().count() > 100);
    }

    @Test
    void everySceneIsCastSoonerOrLater() {
        long seen = LongStream.range(0, 100_000).mapToObj(theatre::scene).distinct().count();
        assertEquals(Scene.all().size(), seen);
        assertTrue(Subject.values().length >= 8 && Colour.values().length >= 8);
    }

    @ParameterizedTest
    @EnumSource(Backdrop.class)
    void aBackdropIsAlwaysOfItsOwnColours(Backdrop backdrop) {
        float[] first = Scenery.paint(backdrop, new Dice(0, SCENERY), 1, 3);
        for (int seed = 1; seed < 100; seed++) {
            float[] other = Scenery.paint(backdrop, new Dice(seed, SCENERY), 1, 3);
            for (int c = 3; c < 6; c++) {
                // A ridge more or less; a channel that runs over differs by a hundred.
                assertEquals(first[c], other[c], 60, backdrop + " " + seed);
            }
        }
    }

    @Test
    void refusesAColourThatTheBackdropHides() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Scene(Subject.STAR, Colour.WHITE, Motion.UP, Backdrop.SNOW));
    }

    @ParameterizedTest
    @EnumSource(Backdrop.class)
    void everyColourItAllowsStandsOut(Backdrop backdrop) {
        for (Colour colour : Colour.values()) {
            if (!backdrop.shows(colour)) {
                continue;
            }
            double nearest = Double.MAX_VALUE;
            for (Motion motion : Motion.values()) {
                Scene scene = new Scene(Subject.HEART, colour, motion, backdrop);
                nearest = Math.min(nearest, contrast(scene, colour.rgb()));
            }
            assertTrue(nearest > 20, "%s at %s: %.1f".formatted(colour, backdrop, nearest));
        }
    }

    @ParameterizedTest
    @EnumSource(Motion.class)
    void movesAsTheCaptionSays(Motion motion) {
        for (Subject subject : Subject.values()) {
            List<Trace> path = traces(subject, motion, subject.codePoint());
            Trace first = path.getFirst();
            Trace last = path.getLast();
            double dx = last.x - first.x;
            double dy = last.y - first.y;
            String where = "%s %s: %s to %s".formatted(subject, motion, first, last);
            switch (motion) {
                case LEFT -> assertTrue(dx < -0.15 && Math.abs(dy) < 0.06, where);
                case RIGHT -> assertTrue(dx > 0.15 && Math.abs(dy) < 0.06, where);
                case UP -> assertTrue(dy < -0.15 && Math.abs(dx) < 0.06, where);
                case DOWN -> assertTrue(dy > 0.15 && Math.abs(dx) < 0.06, where);
                case GROWING -> assertTrue(last.area > 2.5 * first.area, where);
                case SHRINKING -> assertTrue(first.area > 2.5 * last.area, where);
                case BOUNCING -> {
                    int turns = 0;
                    for (int f = 2; f < path.size(); f++) {
                        double before = path.get(f - 1).y - path.get(f - 2).y;
                        double after = path.get(f).y - path.get(f - 1).y;
                        turns += before * after < 0 ? 1 : 0;
                    }
                    assertTrue(turns >= 2, where + " with " + turns + " turns");
                    assertTrue(Math.abs(dx) < 0.06, where);
                }
                case SPINNING -> {
                    // About the middle of its box, so a lopsided one's centre goes round a little.
                    assertTrue(Math.hypot(dx, dy) < 0.3, where);
                    assertTrue(Math.abs(last.area / first.area - 1) < 0.25, where);
                    TrainingClip clip = play(subject, Colour.RED, motion, subject.codePoint());
                    assertTrue(difference(clip, 0, clip, 5) > 2, where);
                }
            }
        }
    }

    @Test
    void spinsFurtherInALongerClip() {
        Scene scene = new Scene(Subject.CAR, Colour.RED, Motion.SPINNING, Backdrop.PAPER);
        TrainingClip twice = theatre.render(scene, 1, new ClipShape(32, 32, 32));
        TrainingClip once = theatre.render(scene, 1, new ClipShape(16, 32, 32));
        // Half way through twice the length it has turned as far as at the end of the single one.
        assertTrue(difference(twice, 15, once, 15) < 4);
        assertTrue(difference(twice, 15, once, 8) > 4);
    }

    private ByteBuffer pixels(long index) {
        return theatre.clip(index, SMALL).rgb();
    }

    private static int red(TrainingClip clip, int frame, int x, int y) {
        ClipShape shape = clip.shape();
        return clip.rgb().get(3 * ((frame * shape.height() + y) * shape.width() + x)) & 255;
    }

    /** Mean over the pixels of two frames. */
    private static double difference(TrainingClip a, int frameOfA, TrainingClip b, int frameOfB) {
        double sum = 0;
        for (int y = 0; y < a.shape().height(); y++) {
            for (int x = 0; x < a.shape().width(); x++) {
                sum += Math.abs(red(a, frameOfA, x, y) - red(b, frameOfB, x, y));
            }
        }
        return sum / (a.shape().height() * a.shape().width());
    }

    private static String sha256(TrainingClip clip) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(clip.rgb());
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    /** Centre and area of a silhouette, in fractions of the picture. */
    private record Trace(double x, double y, double area) {}

    private List<Trace> traces(Subject subject, Motion motion, long seed) {
        // What differs between a red one and a black one is the subject.
        TrainingClip red = play(subject, Colour.RED, motion, seed);
        TrainingClip black = play(subject, Colour.BLACK, motion, seed);
        List<Trace> traces = new ArrayList<>();
        for (int f = 0; f < 16; f++) {
            double mass = 0;
            double x = 0;
            double y = 0;
            for (int i = 0; i < 64 * 64; i++) {
                double cover =
                        Math.abs(red(red, f, i % 64, i / 64) - red(black, f, i % 64, i / 64));
                mass += cover;
                x += cover * (i % 64);
                int row = i / 64;
                y += cover * row;
            }
            traces.add(new Trace(x / mass / 64, y / mass / 64, mass));
        }
        return traces;
    }

    private TrainingClip play(Subject subject, Colour colour, Motion motion, long seed) {
        return theatre.render(new Scene(subject, colour, motion, Backdrop.PAPER), seed, SMALL);
    }

    /** CIELAB difference from what it covers that 9 of 10 of the subject's pixels reach. */
    private double contrast(Scene scene, long seed) {
        ClipShape shape = new ClipShape(3, 48, 48);
        Colour other = scene.colour() == Colour.YELLOW ? Colour.GREEN : Colour.YELLOW;
        if (!scene.backdrop().shows(other)) {
            other = Colour.PURPLE;
        }
        Scene recoloured = new Scene(scene.subject(), other, scene.motion(), scene.backdrop());
        ByteBuffer shown = theatre.render(scene, seed, shape).rgb();
        ByteBuffer mask = theatre.render(recoloured, seed, shape).rgb();
        float[] behind = Scenery.paint(scene.backdrop(), new Dice(seed, SCENERY), 48, 48);
        double[] differences = new double[3 * 48 * 48];
        int count = 0;
        for (int i = 0; i < differences.length; i++) {
            int r = shown.get(3 * i) & 255;
            int g = shown.get(3 * i + 1) & 255;
            int b = shown.get(3 * i + 2) & 255;
            int change =
                    Math.abs(r - (mask.get(3 * i) & 255))
                            + Math.abs(g - (mask.get(3 * i + 1) & 255))
                            + Math.abs(b - (mask.get(3 * i + 2) & 255));
            if (change > 50) {
                int at = 3 * (i % (48 * 48));
                differences[count++] =
                        distance(lab(r, g, b), lab(behind[at], behind[at + 1], behind[at + 2]));
            }
        }
        Arrays.sort(differences, 0, count);
        return differences[count / 10];
    }

    private static double distance(double[] a, double[] b) {
        return Math.sqrt(
                (a[0] - b[0]) * (a[0] - b[0])
                        + (a[1] - b[1]) * (a[1] - b[1])
                        + (a[2] - b[2]) * (a[2] - b[2]));
    }

    /** sRGB in 0..255 to CIELAB under D65. */
    private static double[] lab(double red, double green, double blue) {
        double r = linear(red);
        double g = linear(green);
        double b = linear(blue);
        double x = response((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        double y = response(0.2126 * r + 0.7152 * g + 0.0722 * b);
        double z = response((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
        return new double[] {116 * y - 16, 500 * (x - y), 200 * (y - z)};
    }

    private static double linear(double value) {
        double v = value / 255;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    private static double response(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16.0 / 116;
    }
}
