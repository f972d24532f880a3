package dev.zoetrope.runtime.training;

/** The loss of a step. */
public record LossPoint(long step, double loss) {}
