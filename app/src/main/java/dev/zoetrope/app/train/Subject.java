package dev.zoetrope.app.train;

/** What is trained. */
public enum Subject {
    CODEC,
    DENOISER
}
