package dev.zoetrope.archfixture.weights;

import ai.djl.ndarray.NDArray;

/** Makes arrays where only bytes should be read. */
public record TouchesDjl(NDArray tensor) {}
