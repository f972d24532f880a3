package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Where a run's standard normal noise comes from, one draw after the other. */
@FunctionalInterface
public interface NoiseSource {
    /**
     * The next noise, fp32.
     *
     * @param manager owns it
     * @param shape of the latents, clips first
     */
    NDArray draw(NDManager manager, Shape shape);
}
