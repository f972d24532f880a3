package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import java.util.OptionalInt;

/** The steps of a sampler, laid out before the first. */
public interface Plan {
    /**
     * The time of each step, in which the model is asked first; there are as many steps as times,
     * which with samplers of higher order are more than were asked for.
     */
    double[] times();

    /** How often the model is asked in all; empty for a solver that finds that out on its way. */
    default OptionalInt evaluations() {
        return OptionalInt.of(times().length);
    }

    /** The noise level at each step and after the last; empty where a sampler has none. */
    default float[] sigmas() {
        return new float[0];
    }

    /** What standard normal noise is multiplied with to start from it. */
    default double noiseScale() {
        return 1;
    }

    /** The latents after a step. */
    NDArray step(Step step);
}
