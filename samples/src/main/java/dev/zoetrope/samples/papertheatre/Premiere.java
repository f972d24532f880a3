package dev.zoetrope.samples.papertheatre;

/**
 * What a model that makes clips is tested on: the scenes that no {@link Rehearsal} shows, each once
 * before any comes again.
 */
public final class Premiere extends PaperTheatre {
    public Premiere() {
        super(
                "paper-theatre-premiere",
                Staging.STARRING,
                index -> Scene.premieres().get((int) (index % Scene.premieres().size())));
    }
}
