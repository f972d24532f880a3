package dev.zoetrope.archfixture.pipeline;

import org.bytedeco.javacpp.Pointer;

/** Handles native memory outside the media package. */
public record TouchesFfmpeg(Pointer frame) {}
