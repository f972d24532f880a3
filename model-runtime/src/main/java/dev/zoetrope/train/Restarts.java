package dev.zoetrope.train;

/**
 * When a code begins anew, and with what.
 *
 * @param below how many latents a step must choose a code, on average, for it to stay
 * @param count how many it counts as having chosen it then, all of them the latent it restarts at;
 *     0 keeps the averages of the code it was
 */
public record Restarts(double below, double count) {
    /**
     * The reference's. The averages of a code that restarts several times before it is found are
     * those of everywhere it has been, near the middle, where it goes once it counts as used.
     */
    public static final Restarts REFERENCE = new Restarts(1, 0);

    /** Restarts that forget, so that a code stays where it is of use. */
    public static Restarts forgetting(double below) {
        return new Restarts(below, 1);
    }
}
