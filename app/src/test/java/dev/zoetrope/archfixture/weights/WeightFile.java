package dev.zoetrope.archfixture.weights;

/** Stands for what is behind the runtime's doors. */
public final class WeightFile {}
