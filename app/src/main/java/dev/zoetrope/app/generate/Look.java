package dev.zoetrope.app.generate;

import dev.zoetrope.app.player.Film;
import dev.zoetrope.runtime.generation.GenerationEvent.Stepped;
import dev.zoetrope.runtime.generation.GenerationPlan;

import java.util.OptionalInt;

/**
 * What a clip looked like on its way.
 *
 * @param step of the sampler; empty for the finished clip
 */
public record Look(OptionalInt step, Film film) {
    /**
     * What a step with a preview looks like: latent frames, fewer of them and as long as the clip.
     */
    static Look of(Stepped stepped, GenerationPlan plan) {
        double fps = plan.latent().getFirst() / plan.seconds();
        return new Look(OptionalInt.of(stepped.step()), Film.of(stepped.preview(), fps));
    }
}
