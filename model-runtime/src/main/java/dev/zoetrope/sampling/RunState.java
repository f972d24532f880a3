package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import java.util.Map;

/** All that a run carries from one step to the next. */
record RunState(
        int index,
        int draws,
        NDArray x,
        NDArray clean,
        Map<String, NDArray> arrays,
        Map<String, Double> numbers) {

    void attach(NDManager manager) {
        x.attach(manager);
        clean.attach(manager);
        arrays.values().forEach(array -> array.attach(manager));
    }
}
