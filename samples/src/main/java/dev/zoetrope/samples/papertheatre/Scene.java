package dev.zoetrope.samples.papertheatre;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a clip shows; {@link PaperTheatre#render} decides the rest by chance. */
public record Scene(Subject subject, Colour colour, Motion motion, Backdrop backdrop) {
    private static final int LOT = 5;
    private static final double HELD_OUT = 0.1;

    private static final List<Scene> ALL = enumerate();
    private static final List<Scene> REHEARSED =
            ALL.stream().filter(scene -> scene.lot() >= HELD_OUT).toList();
    private static final List<Scene> PREMIERES =
            ALL.stream()
                    .filter(scene -> scene.lot() < HELD_OUT)
                    .sorted(Comparator.comparingDouble(Scene::lot))
                    .toList();

    public Scene {
        if (!backdrop.shows(colour)) {
            throw new IllegalArgumentException(
                    "a %s subject cannot be seen against %s".formatted(colour.word(), backdrop));
        }
    }

    /** Every scene there is, in a fixed order. */
    public static List<Scene> all() {
        return ALL;
    }

    /** The nine scenes in ten that training may show. */
    static List<Scene> rehearsed() {
        return REHEARSED;
    }

    /**
     * The others, shuffled. Their parts are all rehearsed, only never together: whoever plays them
     * has understood the parts.
     */
    static List<Scene> premieres() {
        return PREMIERES;
    }

    /** Uniform in [0, 1); a scene keeps its lot whatever scenes are added. */
    private float lot() {
        String words =
                String.join(" ", subject.name(), colour.name(), motion.name(), backdrop.name());
        return new Dice(words.hashCode(), LOT).between(0, 1);
    }

    private static List<Scene> enumerate() {
        List<Scene> scenes = new ArrayList<>();
        for (Subject subject : Subject.values()) {
            for (Colour colour : Colour.values()) {
                for (Motion motion : Motion.values()) {
                    for (Backdrop backdrop : Backdrop.values()) {
                        if (backdrop.shows(colour)) {
                            scenes.add(new Scene(subject, colour, motion, backdrop));
                        }
                    }
                }
            }
        }
        return List.copyOf(scenes);
    }
}
