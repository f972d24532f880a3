package dev.zoetrope.runtime.training;

/** What a denoiser learns to predict of noisy latents. */
public enum Objective {
    /** The velocity of a straight line from the clip to the noise: a rectified flow. */
    FLOW,
    /** The velocity of SiT, whose time runs from noise at 0 to clips at 1. */
    SIT,
    /** The noise, and where the model has the channels for it the variance of a step back. */
    EPS,
    /** The velocity along a diffusion, a turn of clip and noise by a quarter. */
    V
}
