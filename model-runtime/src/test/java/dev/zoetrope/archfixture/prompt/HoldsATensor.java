package dev.zoetrope.archfixture.prompt;

import ai.djl.ndarray.NDArray;

/** Makes arrays where only bytes should be read. */
public record HoldsATensor(NDArray tensor) {}
