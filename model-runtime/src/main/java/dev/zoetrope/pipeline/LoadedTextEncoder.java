package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;

/** A text encoder on the device. */
@FunctionalInterface
public interface LoadedTextEncoder {
    /**
     * The states of words.
     *
     * @param ids (B, L), int64
     * @param mask (B, L), int64: 1 for words, 0 for padding
     * @return (B, L, C), fp32; of padding they mean nothing
     */
    NDArray encode(NDArray ids, NDArray mask);
}
