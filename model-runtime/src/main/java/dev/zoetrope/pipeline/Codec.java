package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;

import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A codec on the device. Pixels are (1, 3, T, H, W) in the codec's own range; latents are (1, D,
 * T', H', W') as denoisers take and make them. Both are fp32.
 */
public interface Codec {
    /** How its latents lie in a clip, which sizes of clips follow. */
    CodecGrid grid();

    /** Entries of its codebook; empty without one. */
    OptionalInt codebookSize();

    /** Bytes (T, H, W, 3) to pixels. */
    NDArray pixels(NDArray bytes);

    /** Pixels to latents. */
    NDArray encode(NDArray pixels);

    /**
     * Latents to pixels, not clamped.
     *
     * @param codes is told the codes (1, T', H', W') or (1, G, T', H', W') that latents were
     *     rounded to, where there is a codebook
     */
    NDArray decode(NDArray latents, Consumer<? super NDArray> codes);

    /** As above. */
    default NDArray decode(NDArray latents) {
        return decode(latents, _ -> {});
    }

    /** Pixels to bytes (T, H, W, 3), rounded as the codec's reference does it. */
    NDArray bytes(NDArray pixels);
}
