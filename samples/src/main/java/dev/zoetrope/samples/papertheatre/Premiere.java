package dev.zoetrope.samples.papertheatre;

import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import java.util.Optional;

/**
 * What a model that makes clips is tested on: the scenes that no {@link Rehearsal} shows, each once
 * before any comes again.
 */
public final class Premiere implements ClipSource {
    private final PaperTheatre theatre = new PaperTheatre(Staging.STARRING);

    @Override
    public String name() {
        return "paper-theatre-premiere";
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
        return Scene.premieres().get((int) (index % Scene.premieres().size()));
    }
}
