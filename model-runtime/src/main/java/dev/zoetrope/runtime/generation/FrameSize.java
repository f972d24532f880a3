package dev.zoetrope.runtime.generation;

/** Of a frame, in pixels. */
public record FrameSize(int width, int height) {}
