package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

/** A model with its conditions, as a sampler sees it. */
@FunctionalInterface
public interface Denoiser {
    /**
     * What the model says of noisy latents.
     *
     * @param x latents of any shape, fp32
     * @param time the same for the whole batch: a step of the training schedule, 0 to 999, not
     *     always whole; for flow models in [0, 1]
     * @return noise, velocity or clean latents, as the model was trained, with further channels
     *     where it also predicts a variance; fp32
     */
    NDArray predict(NDArray x, double time);
}
