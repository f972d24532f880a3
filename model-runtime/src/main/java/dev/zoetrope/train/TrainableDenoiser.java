package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/** An architecture as its training sees it, whatever its own layout of latents is. */
public interface TrainableDenoiser {
    /** Every tensor of a checkpoint and its shape. */
    Map<String, Shape> parameters();

    /** Whether a parameter is learned by gradients. */
    boolean learns(String key);

    /**
     * What training from nothing begins with.
     *
     * @param draw of numbers, in the order of {@link #parameters()}
     */
    float[] initial(String key, Shape shape, Draws draw);

    /** C of its latents. */
    int channels();

    /** Rows, and columns, of a patch. */
    int patch();

    /** How many classes it is told of; 0 for models of texts or of nothing. */
    int classes();

    /** Whether it says as many numbers of the variance of a step back. */
    boolean learnsVariance();

    /**
     * Parameters as a model of this precision takes them; those that are so already, as they are.
     */
    Parameters prepare(Parameters p, Kernels k, Precision precision, NDManager manager);

    /** The model. */
    Model model(Parameters prepared, Kernels k, Precision precision);

    /** The model in stages, where it comes in any: for {@link Checkpointed}. */
    default Optional<Checkpointed.Staged> staged(
            Parameters prepared, Kernels k, Precision precision) {
        return Optional.empty();
    }

    /** A model with its parameters. */
    @FunctionalInterface
    interface Model {
        /**
         * What it says of noisy latents.
         *
         * @param x (B, C, T, H, W), fp32
         * @param times (B), as the model is told them
         * @param mask (B, T, h, w), 1 for patches that are no padding; null for no padding at all
         * @return (B, C or 2 C, T, H, W), fp32
         */
        NDArray predict(NDArray x, NDArray times, Told told, @Nullable NDArray mask);
    }

    /** What a batch of clips shows. */
    sealed interface Told {
        /** Nothing: for models without conditions. */
        record Nothing() implements Told {}

        /**
         * Classes.
         *
         * @param labels (B), int64, from 0; one behind the last for none
         */
        record Labels(NDArray labels) implements Told {}

        /**
         * Texts.
         *
         * @param states (B, L, D)
         * @param mask (B, L), 1 for words and 0 for padding
         */
        record Texts(NDArray states, @Nullable NDArray mask) implements Told {}
    }
}
