package dev.zoetrope.samples.papertheatre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

class CriticTest {
    private static final ClipShape SQUARE = new ClipShape(16, 128, 128);

    /** As trained, at one and a half times and twice the size, and at twice the length. */
    private static final List<ClipShape> SHAPES =
            List.of(
                    SQUARE,
                    new ClipShape(16, 72, 128),
                    new ClipShape(16, 128, 72),
                    new ClipShape(16, 96, 128),
                    new ClipShape(16, 192, 192),
                    new ClipShape(16, 108, 192),
                    new ClipShape(16, 256, 256),
                    new ClipShape(16, 256, 144),
                    new ClipShape(32, 128, 128),
                    new ClipShape(32, 72, 128));

    @Test
    void seesWhatIsPlayedAtEveryShape() {
        assertSees(new Premiere(), SHAPES, 8, UnaryOperator.identity());
    }

    @Test
    void seesSmallAndFastSubjectsToo() {
        assertSees(new PaperTheatre(), List.of(SQUARE), 16, UnaryOperator.identity());
    }

    @Test
    void seesThroughTheBlurOfACodec() {
        assertSees(new Premiere(), List.of(SQUARE), 16, CriticTest::blurred);
    }

    @Test
    void aClipThatStandsStillHasNoMotion() {
        Premiere premiere = new Premiere();
        for (long index = 0; index < 8; index++) {
            List<Frame> clip = frames(premiere.clip(index, SQUARE));
            List<Frame> still = new ArrayList<>();
            clip.forEach(_ -> still.add(clip.get(7)));
            assertEquals("none", critic(premiere).seen(still).get("motion"), "clip " + index);
        }
    }

    @Test
    void backwardsIsAnotherMotion() {
        Premiere premiere = new Premiere();
        Map<String, String> opposites =
                Map.of("left", "right", "up", "down", "growing", "shrinking");
        for (long index = 0; index < 24; index++) {
            String opposite = opposites.get(critic(premiere).meant(index).get("motion"));
            if (opposite != null) {
                List<Frame> clip = frames(premiere.clip(index, SQUARE)).reversed();
                assertEquals(opposite, critic(premiere).seen(clip).get("motion"), "clip " + index);
            }
        }
    }

    @Test
    void anEmptyStageShowsNoSubject() {
        float[] rgb = Scenery.paint(Backdrop.SEA, new Dice(1, 2), 128, 128);
        ByteBuffer pixels = ByteBuffer.allocateDirect(rgb.length);
        for (float value : rgb) {
            pixels.put((byte) (value + 0.5f));
        }
        List<Frame> clip = new ArrayList<>();
        for (int f = 0; f < 16; f++) {
            clip.add(new Frame(128, 128, pixels.duplicate().flip(), f));
        }
        Map<String, String> seen = critic(new Premiere()).seen(clip);
        assertEquals(
                Map.of("colour", "none", "background", "sea", "motion", "none", "subject", "none"),
                seen);
    }

    private static void assertSees(
            ClipSource source,
            List<ClipShape> shapes,
            int clips,
            UnaryOperator<Frame> seenThrough) {
        Map<String, Integer> right = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (int s = 0; s < shapes.size(); s++) {
            for (long index = (long) s * clips; index < (long) (s + 1) * clips; index++) {
                List<Frame> clip =
                        frames(source.clip(index, shapes.get(s))).stream()
                                .map(seenThrough)
                                .toList();
                Map<String, String> meant = critic(source).meant(index);
                Map<String, String> seen = critic(source).seen(clip);
                meant.forEach((trait, value) ->
                        right.merge(trait, value.equals(seen.get(trait)) ? 1 : 0, Integer::sum));
                if (!meant.equals(seen)) {
                    wrong.add("%d at %s: %s for %s".formatted(index, shapes.get(s), seen, meant));
                }
            }
        }
        int total = shapes.size() * clips;
        assertEquals(
                List.of("colour", "background", "motion", "subject"), List.copyOf(right.keySet()));
        right.forEach((trait, count) ->
                assertTrue(
                        count >= 0.97 * total,
                        () -> "%s of %d in %d: %s".formatted(trait, count, total, wrong)));
    }

    private static ClipCritic critic(ClipSource source) {
        return source.critic().orElseThrow();
    }

    private static List<Frame> frames(TrainingClip clip) {
        ClipShape shape = clip.shape();
        int size = shape.bytes() / shape.frames();
        List<Frame> frames = new ArrayList<>();
        for (int f = 0; f < shape.frames(); f++) {
            ByteBuffer rgb = clip.rgb().slice(f * size, size);
            frames.add(new Frame(shape.width(), shape.height(), rgb, f));
        }
        return frames;
    }

    /** Each pixel the mean of five by five. */
    private static Frame blurred(Frame frame) {
        ByteBuffer sharp = frame.rgb();
        ByteBuffer soft = ByteBuffer.allocateDirect(sharp.remaining());
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                for (int c = 0; c < 3; c++) {
                    int sum = 0;
                    for (int k = 0; k < 25; k++) {
                        int row = Math.clamp(y + k / 5 - 2, 0, frame.height() - 1);
                        int column = Math.clamp(x + k % 5 - 2, 0, frame.width() - 1);
                        sum += sharp.get(3 * (row * frame.width() + column) + c) & 255;
                    }
                    soft.put((byte) (sum / 25));
                }
            }
        }
        return new Frame(frame.width(), frame.height(), soft.flip(), frame.timeMicros());
    }
}
