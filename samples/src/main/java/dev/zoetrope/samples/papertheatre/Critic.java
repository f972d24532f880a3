package dev.zoetrope.samples.papertheatre;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.training.ClipCritic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Watches paper theatre. Knows the sceneries, the sheets of paper, the glyphs and the motions, and
 * that one of each makes a scene, but not which.
 */
final class Critic implements ClipCritic {
    private static final String NONE = "none";

    private final LongFunction<Scene> scenes;

    /**
     * @param scenes of the clips, by index
     */
    Critic(LongFunction<Scene> scenes) {
        this.scenes = scenes;
    }

    @Override
    public Map<String, String> meant(long index) {
        Scene scene = scenes.apply(index);
        return traits(
                scene.colour().word(),
                word(scene.backdrop()),
                word(scene.motion()),
                scene.subject().noun());
    }

    @Override
    public Map<String, String> seen(List<Frame> clip) {
        Film film = Film.of(clip);
        Look look = Look.of(film);
        Tracing tracing = Tracing.of(film, look);
        if (tracing.colour().isEmpty()) {
            return traits(NONE, word(look.backdrop()), NONE, NONE);
        }
        Optional<Motion> motion = Choreography.motion(tracing.outlines());
        Optional<Subject> subject = Casting.subject(tracing.outlines(), motion);
        return traits(
                tracing.colour().get().word(),
                word(look.backdrop()),
                motion.map(Critic::word).orElse(NONE),
                subject.map(Subject::noun).orElse(NONE));
    }

    private static Map<String, String> traits(
            String colour, String background, String motion, String subject) {
        Map<String, String> traits = new LinkedHashMap<>();
        traits.put("colour", colour);
        traits.put("background", background);
        traits.put("motion", motion);
        traits.put("subject", subject);
        return traits;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
