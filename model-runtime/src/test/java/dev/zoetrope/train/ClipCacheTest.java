package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.training.ClipShape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ClipCacheTest {
    /** Numbers of a latent frame in a channel. */
    private static final int PLANE = 3;

    @TempDir Path temp;

    /** Latents of two channels and two frames; a number tells clip, channel, frame and place. */
    @Test
    void aClipCanBeReadAsItGoesOnFromItsFirstPicture() {
        ClipCache cache = new ClipCache(temp, Map.of());
        ClipCache.Clips clips = cache.clips(new ClipShape(2, 1, 3), 4 * PLANE, 2 * PLANE);
        clips.add(
                List.of("one", "two"),
                numbers(1000, 1100, 1010, 1110, 2000, 2100, 2010, 2110),
                Optional.of(numbers(1500, 1510, 2500, 2510)));

        try (ClipCache.Reading reading = new ClipCache.Reading(List.of(clips), null)) {
            assertTrue(reading.haveFirst(0));
            ByteBuffer as = ByteBuffer.allocate(4 * PLANE * Short.BYTES);
            reading.latents(0, 1, as);
            assertArrayEquals(read(numbers(2000, 2100, 2010, 2110)), read(as.flip()));
            ByteBuffer from = ByteBuffer.allocate(4 * PLANE * Short.BYTES);
            reading.latentsFromFirst(0, 1, 2, from);
            assertArrayEquals(read(numbers(2500, 2100, 2510, 2110)), read(from.flip()));
        }
    }

    @Test
    void aClipWhoseFirstPictureWasCutShortIsNotThere() {
        ClipCache cache = new ClipCache(temp, Map.of());
        ClipShape shape = new ClipShape(2, 1, 3);
        cache.clips(shape, 4 * PLANE, 2 * PLANE)
                .add(
                        List.of("one", "two"),
                        numbers(1000, 1100, 1010, 1110, 2000, 2100, 2010, 2110),
                        Optional.of(numbers(1500, 1510, 2500)));

        assertEquals(1, cache.clips(shape, 4 * PLANE, 2 * PLANE).count());
    }

    @Test
    void aCacheWithoutFirstPicturesHasNone() {
        ClipCache cache = new ClipCache(temp, Map.of());
        ClipCache.Clips clips = cache.clips(new ClipShape(2, 1, 3), 4 * PLANE, 0);
        clips.add(List.of("one"), numbers(1000, 1100, 1010, 1110), Optional.empty());

        assertFalse(clips.haveFirst());
        try (ClipCache.Reading reading = new ClipCache.Reading(List.of(clips), null)) {
            assertFalse(reading.haveFirst(0));
        }
    }

    /** Planes that count up from these. */
    private static ByteBuffer numbers(int... planes) {
        ByteBuffer bytes = ByteBuffer.allocate(planes.length * PLANE * Short.BYTES);
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (int plane : planes) {
            for (int i = 0; i < PLANE; i++) {
                bytes.putShort((short) (plane + i));
            }
        }
        return bytes.flip();
    }

    private static short[] read(ByteBuffer bytes) {
        ShortBuffer numbers = bytes.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        short[] all = new short[numbers.remaining()];
        numbers.get(all);
        return all;
    }
}
