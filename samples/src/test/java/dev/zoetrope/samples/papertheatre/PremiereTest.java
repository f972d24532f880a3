package dev.zoetrope.samples.papertheatre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.LongStream;

class PremiereTest {
    private final Rehearsal rehearsal = new Rehearsal();
    private final Premiere premiere = new Premiere();

    @Test
    void bothAreFoundByTheirNames() {
        List<String> names =
                ServiceLoader.load(ClipSource.class).stream()
                        .map(provider -> provider.get().name())
                        .toList();
        assertTrue(
                names.containsAll(List.of("paper-theatre-rehearsal", "paper-theatre-premiere")),
                names.toString());
    }

    @Test
    void everySceneIsEitherRehearsedOrAPremiere() {
        Set<Scene> scenes = new HashSet<>(Scene.rehearsed());
        scenes.addAll(Scene.premieres());
        assertEquals(Set.copyOf(Scene.all()), scenes);
        assertEquals(Scene.all().size(), Scene.rehearsed().size() + Scene.premieres().size());
        double share = (double) Scene.premieres().size() / Scene.all().size();
        assertEquals(0.1, share, 0.02);
    }

    @Test
    void noRehearsalShowsAPremiere() {
        Set<Scene> premieres = Set.copyOf(Scene.premieres());
        assertTrue(
                LongStream.range(0, 20_000)
                        .mapToObj(rehearsal::scene)
                        .noneMatch(premieres::contains));
    }

    @Test
    void anyTwoPartsOfAPremiereAreRehearsedTogether() {
        Set<Object> pairs = new HashSet<>();
        Scene.rehearsed().forEach(scene -> pairs.addAll(pairs(scene)));
        for (Scene scene : Scene.premieres()) {
            assertTrue(pairs.containsAll(pairs(scene)), scene.toString());
        }
    }

    private static List<Object> pairs(Scene s) {
        return List.of(
                List.of(s.subject(), s.colour()),
                List.of(s.subject(), s.motion()),
                List.of(s.subject(), s.backdrop()),
                List.of(s.colour(), s.motion()),
                List.of(s.colour(), s.backdrop()),
                List.of(s.motion(), s.backdrop()));
    }

    @Test
    void eachPremiereComesOnceBeforeAnyComesAgain() {
        int count = Scene.premieres().size();
        Set<Scene> first = new HashSet<>();
        for (long i = 1L << 50; i < (1L << 50) + count; i++) {
            assertTrue(first.add(premiere.scene(i)));
        }
    }

    @Test
    void theSameSceneIsPlayedDifferentlyWhenItComesAgain() {
        ClipShape shape = new ClipShape(4, 16, 16);
        int count = Scene.premieres().size();
        assertEquals(premiere.scene(3), premiere.scene(3 + count));
        assertFalse(premiere.clip(3, shape).rgb().equals(premiere.clip(3 + count, shape).rgb()));
    }
}
