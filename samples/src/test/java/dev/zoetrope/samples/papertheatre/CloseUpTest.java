package dev.zoetrope.samples.papertheatre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.ServiceLoader;
import java.util.Set;

class CloseUpTest {
    private static final ClipShape SMALL = new ClipShape(8, 32, 48);

    private final CloseUp closeUp = new CloseUp();
    private final PaperTheatre theatre = new PaperTheatre();

    @Test
    void isFoundByItsName() {
        assertTrue(
                ServiceLoader.load(ClipSource.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .anyMatch(source -> source.name().equals("paper-theatre-close-up")));
    }

    @Test
    void givesTheSameClipForTheSameIndex() {
        TrainingClip clip = closeUp.clip(3, SMALL);

        assertEquals(SMALL, clip.shape());
        assertEquals(clip.rgb(), closeUp.clip(3, SMALL).rgb());
        assertEquals(theatre.clip(3, SMALL).caption(), clip.caption());
    }

    @Test
    void aClipLargerThanTheStageShowsAllOfIt() {
        ClipShape large = new ClipShape(1, 192, 200);

        assertEquals(theatre.clip(7, large).rgb(), closeUp.clip(7, large).rgb());
    }

    @Test
    void aSmallClipIsAPieceOfALargerStage() {
        Set<Integer> places = new HashSet<>();
        for (long index = 0; index < 20; index++) {
            CloseUp.View view = closeUp.view(index, SMALL);
            assertTrue(view.stage().height() >= 112, view.toString());
            places.add(view.left());

            ByteBuffer stage = theatre.clip(index, view.stage()).rgb();
            ByteBuffer clip = closeUp.clip(index, SMALL).rgb();

            int width = view.stage().width();
            for (int f = 0; f < SMALL.frames(); f++) {
                for (int y = 0; y < SMALL.height(); y++) {
                    for (int i = 0; i < 3 * SMALL.width(); i++) {
                        int row = f * view.stage().height() + view.top() + y;
                        assertEquals(stage.get(3 * (row * width + view.left()) + i), clip.get());
                    }
                }
            }
        }
        assertTrue(places.size() > 10, places.toString());
    }
}
