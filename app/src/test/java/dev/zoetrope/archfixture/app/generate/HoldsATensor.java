package dev.zoetrope.archfixture.app.generate;

import ai.djl.ndarray.NDArray;

/** Native memory in the hands of the window. */
public record HoldsATensor(NDArray tensor) {}
