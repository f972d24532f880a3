package dev.zoetrope.samples.papertheatre;

import java.util.ArrayList;
import java.util.List;

/** What a clip shows; {@link PaperTheatre#render} decides the rest by chance. */
public record Scene(Subject subject, Colour colour, Motion motion, Backdrop backdrop) {
    private static final List<Scene> ALL = enumerate();

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
