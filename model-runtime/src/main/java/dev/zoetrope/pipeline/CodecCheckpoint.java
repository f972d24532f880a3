package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.WeightFile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A video codec on disk, recognised by its tensors. */
public sealed interface CodecCheckpoint
        permits VqVaeCheckpoint, CausalVaeCheckpoint, AutoencoderKlCheckpoint, NormalizedCodec {

    /**
     * Opens a weight file, a folder with one, or a model folder whose {@code vae} folder has one.
     *
     * @throws ProblemException when there is none, or it is no codec
     */
    static CodecCheckpoint open(Path place) {
        Path inside = place.resolve("vae");
        boolean isInside = Component.weightsIn(place).isEmpty() && Files.isDirectory(inside);
        Component component = Component.open(isInside ? inside : place);
        if (!recognises(component)) {
            throw new Problem.CheckpointUnknown(
                            component.weights().file(),
                            "its tensors are not those of a video codec")
                    .asException();
        }
        return of(component);
    }

    /** Whether the tensors are those of a codec. */
    static boolean recognises(Component component) {
        return VqVaeCheckpoint.isOne(component)
                || CausalVaeCheckpoint.isOne(component)
                || AutoencoderKlCheckpoint.isOne(component);
    }

    /** The codec that {@link #recognises recognised} tensors are. */
    static CodecCheckpoint of(Component component) {
        return NormalizedCodec.of(raw(component), component);
    }

    private static CodecCheckpoint raw(Component component) {
        if (VqVaeCheckpoint.isOne(component)) {
            return VqVaeCheckpoint.of(component);
        }
        return CausalVaeCheckpoint.isOne(component)
                ? CausalVaeCheckpoint.of(component)
                : AutoencoderKlCheckpoint.of(component);
    }

    WeightFile weights();

    /** What people call it. */
    String architecture();

    /** Every tensor and its shape. */
    Map<String, Shape> parameters();

    /** Its sizes, a short phrase each. */
    List<String> facts();

    /** How its latents lie in a clip. */
    CodecGrid grid();

    /** C of its latents. */
    int latentChannels();

    /** Frames of the clips it was trained on, which is what it does best. */
    int sequenceLength();

    /** What it can work on at once besides the usual, the smaller the later. */
    default List<Portion> portions() {
        return List.of();
    }

    /**
     * The model, its weights mapped from the file.
     *
     * @param manager owns the weights
     * @param k what it computes with from then on
     * @param portion one of {@link #portions}, or the usual
     */
    Codec load(NDManager manager, Kernels k, Precision precision, Portion portion);

    /** As above, with the usual portion. */
    default Codec load(NDManager manager, Kernels k, Precision precision) {
        return load(manager, k, precision, Portion.USUAL);
    }

    /**
     * Checks that the tensors are those of the configuration, without reading them.
     *
     * @throws ProblemException {@link Problem.CheckpointMismatch} with every difference
     */
    default void check() {
        Parameters.check(weights(), architecture(), parameters());
    }
}
