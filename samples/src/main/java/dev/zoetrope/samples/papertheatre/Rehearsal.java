package dev.zoetrope.samples.papertheatre;

import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.util.Optional;

/** What a model that makes clips learns from: large, slow subjects, and no {@link Premiere}. */
public final class Rehearsal implements ClipSource {
    private static final int CASTING = 6;

    private final PaperTheatre theatre = new PaperTheatre(Staging.STARRING);

    @Override
    public String name() {
        return "paper-theatre-rehearsal";
    }

    @Override
    public TrainingClip clip(long index, ClipShape shape) {
        return theatre.render(scene(index), index, shape);
    }

    @Override
    public Optional<ClipCritic> critic() {
        return Optional.of(new Critic(this::scene));
    }

    /** The scene of the clip at an index, whatever its shape. */
    public Scene scene(long index) {
        return new Dice(index, CASTING).pick(Scene.rehearsed());
    }
}
