package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.WeightFile;

import java.nio.file.Path;
import java.util.Map;

/**
 * A text encoder on disk, recognised by its tensors. Its sizes come from the {@code config.json}
 * beside it.
 */
public sealed interface TextEncoderCheckpoint
        permits T5EncoderCheckpoint, ClipTextEncoderCheckpoint, BertEncoderCheckpoint {

    /**
     * Opens a weight file or the folder of one. Of a whole T5 or CLIP the text encoder is all that
     * is taken.
     *
     * @throws ProblemException when there is none, or it is no text encoder
     */
    static TextEncoderCheckpoint open(Path place) {
        Component component = Component.open(place);
        if (component.has("encoder.block.0.layer.0.SelfAttention.q.weight")) {
            return T5EncoderCheckpoint.of(component);
        }
        if (component.has("text_model.embeddings.token_embedding.weight")) {
            return ClipTextEncoderCheckpoint.of(component);
        }
        if (component.has("embeddings.word_embeddings.weight")
                && component.has("encoder.layer.0.attention.self.query.weight")) {
            return BertEncoderCheckpoint.of(component);
        }
        throw new Problem.CheckpointUnknown(
                        component.weights().file(), "its tensors are not those of a text encoder")
                .asException();
    }

    /** The file that holds the encoder's tensors, without those of other parts. */
    WeightFile weights();

    /** What people call it. */
    String architecture();

    /** Every tensor and its shape. */
    Map<String, Shape> parameters();

    /** C of the states of words. */
    int channels();

    /**
     * The model, its weights mapped from the file.
     *
     * @param manager owns the weights
     * @param k what it computes with from then on
     */
    LoadedTextEncoder load(NDManager manager, Kernels k, Precision precision);

    /**
     * Checks that the tensors are those of the configuration, without reading them.
     *
     * @throws ProblemException {@link Problem.CheckpointMismatch} with every difference
     */
    default void check() {
        Parameters.check(weights(), architecture(), parameters());
    }

    /**
     * What states of words can be kept under, to be found again with the same encoder only.
     *
     * @throws ProblemException when a file cannot be read
     */
    default String fingerprint() {
        return Fingerprint.of(new Component(weights()));
    }

    /**
     * A checkpoint without configuration: none of them tells its heads by the shape of a tensor.
     */
    static ProblemException withoutConfig(Component component) {
        return new Problem.CheckpointUnknown(
                        component.weights().file(),
                        "there is no config.json beside it, and how many heads it has is nowhere else")
                .asException();
    }
}
