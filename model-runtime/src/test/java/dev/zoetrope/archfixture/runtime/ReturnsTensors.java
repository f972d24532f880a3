package dev.zoetrope.archfixture.runtime;

import ai.djl.ndarray.NDArray;

import java.util.List;
import java.util.Map;

/** Shows tensors to whoever drives the runtime, if only as a type argument. */
public interface ReturnsTensors {
    Map<String, List<NDArray>> tensors();
}
