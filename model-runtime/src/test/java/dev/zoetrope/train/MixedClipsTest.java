package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;

class MixedClipsTest {
    private static final ClipShape SHAPE = new ClipShape(1, 1, 1);

    /** Says its name and the index in the caption. */
    private record Named(String name) implements ClipSource {
        @Override
        public TrainingClip clip(long index, ClipShape shape) {
            return new TrainingClip(
                    shape, ByteBuffer.allocateDirect(shape.bytes()), name + " " + index);
        }
    }

    private final MixedClips mix =
            new MixedClips(
                    List.of(
                            new MixedClips.Share(new Named("often"), 7),
                            new MixedClips.Share(new Named("seldom"), 1)));

    @Test
    void keepsTheShares() {
        int often = 0;
        for (long index = 0; index < 16_000; index++) {
            often += mix.clip(index, SHAPE).caption().startsWith("often") ? 1 : 0;
        }
        assertEquals(14_000, often, 150);
    }

    @Test
    void passesTheIndexOnAndDecidesByItAlone() {
        for (long index = 0; index < 50; index++) {
            String caption = mix.clip(index, SHAPE).caption();
            assertEquals(String.valueOf(index), caption.substring(caption.indexOf(' ') + 1));
            assertEquals(caption, mix.clip(index, SHAPE).caption());
        }
    }

    @Test
    void isNamedAfterItsSources() {
        assertEquals("often:7,seldom:1", mix.name());
    }

    @Test
    void refusesAnEmptyMixAndAShareOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> new MixedClips(List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new MixedClips.Share(new Named("never"), 0));
    }
}
