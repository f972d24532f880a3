package dev.zoetrope.samples.papertheatre;

/** What a model that makes clips learns from: large, slow subjects, and no {@link Premiere}. */
public final class Rehearsal extends PaperTheatre {
    private static final int CASTING = 6;

    public Rehearsal() {
        super(
                "paper-theatre-rehearsal",
                Staging.STARRING,
                index -> new Dice(index, CASTING).pick(Scene.rehearsed()));
    }
}
