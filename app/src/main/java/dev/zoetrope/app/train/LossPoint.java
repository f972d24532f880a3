package dev.zoetrope.app.train;

/** The loss of a step. */
public record LossPoint(long step, double loss) {}
