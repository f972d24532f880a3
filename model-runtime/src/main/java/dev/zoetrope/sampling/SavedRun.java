package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;

import java.util.Map;

/**
 * A run between two steps.
 *
 * @param steps as the run was started with
 * @param index of the next step
 * @param draws how often noise was drawn, which is where its source stands
 * @param numbers what the sampler handed on
 * @param arrays the latents as {@code x}, the clean ones last predicted as {@code clean}, and what
 *     the sampler handed on; fp32, they belong to the run's manager
 */
public record SavedRun(
        int steps, int index, int draws, Map<String, Double> numbers, Map<String, NDArray> arrays) {
    public SavedRun {
        numbers = Map.copyOf(numbers);
        arrays = Map.copyOf(arrays);
    }
}
