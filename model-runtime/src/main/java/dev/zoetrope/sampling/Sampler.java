package dev.zoetrope.sampling;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** A way from noise to clean latents. It keeps nothing itself and may serve many runs at once. */
public interface Sampler {
    /**
     * What it does when asked for so many steps.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot take that many
     */
    Plan plan(int steps);

    /**
     * A run from fresh noise, whose first draw is what it starts from.
     *
     * @param manager owns the run's arrays
     * @param steps as {@link #plan} counts them
     * @param shape of the latents, clips first
     */
    default SamplingRun start(NDManager manager, int steps, Shape shape, NoiseSource noise) {
        return SamplingRun.start(manager, plan(steps), steps, shape, noise);
    }

    /**
     * A run that goes on from where another was saved, to the very same latents.
     *
     * @param manager owns the run's arrays
     * @param noise the source that the saved run had, from its beginning
     */
    default SamplingRun restore(NDManager manager, SavedRun saved, NoiseSource noise) {
        return SamplingRun.restore(manager, plan(saved.steps()), saved, noise);
    }
}
