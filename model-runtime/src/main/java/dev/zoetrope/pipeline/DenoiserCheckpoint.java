package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A denoiser on disk, recognised by its tensors. */
public sealed interface DenoiserCheckpoint
        permits VideoDitCheckpoint, LatteCheckpoint, LatteT2VCheckpoint {

    /**
     * Opens a weight file or the folder of one.
     *
     * @throws ProblemException when there is none, or it is no denoiser
     */
    static DenoiserCheckpoint open(Path place) {
        Component component = Component.open(place);
        if (!recognises(component)) {
            throw new Problem.CheckpointUnknown(
                            component.weights().file(), "its tensors are not those of a denoiser")
                    .asException();
        }
        return of(component);
    }

    /** Whether the tensors are those of a denoiser. */
    static boolean recognises(Component component) {
        return isLatteT2V(component)
                || (component.has("x_embedder.proj.weight")
                        && component.has("blocks.0.adaLN_modulation.1.weight"));
    }

    /** The denoiser that {@link #recognises recognised} tensors are. */
    static DenoiserCheckpoint of(Component component) {
        if (isLatteT2V(component)) {
            return LatteT2VCheckpoint.of(component);
        }
        return LatteCheckpoint.isOne(component)
                ? LatteCheckpoint.of(component)
                : VideoDitCheckpoint.of(component);
    }

    private static boolean isLatteT2V(Component component) {
        return component.has("adaln_single.linear.weight")
                && component.has("temporal_transformer_blocks.0.attn1.to_q.weight");
    }

    WeightFile weights();

    /** What people call it. */
    String architecture();

    /** Every tensor and its shape. */
    Map<String, Shape> parameters();

    LatentLayout latents();

    Conditioning conditioning();

    /** How its publishers sample it, where the model folder does not say otherwise. */
    Published published();

    /**
     * A model's published settings.
     *
     * @param scheduler what a {@code scheduler_config.json} would say
     * @param steps of the sampler
     * @param guidance 1 for none
     * @param fps frames per second of its clips
     */
    record Published(String scheduler, int steps, double guidance, double fps) {
        /** Of the first weeks, by improved diffusion. */
        static Published ofMarch(boolean learnSigma) {
            String scheduler =
                    "{\"_class_name\": \"GaussianDiffusion\", \"learn_sigma\": %s}"
                            .formatted(learnSigma);
            return new Published(scheduler, 250, 1, 8);
        }
    }

    /**
     * The model, its weights mapped from the file.
     *
     * @param manager owns the weights
     * @param k what it computes with from then on
     */
    ConditionedDenoiser load(NDManager manager, Kernels k, Precision precision);

    /**
     * Checks that the tensors are those of the configuration, without reading them.
     *
     * @throws ProblemException {@link Problem.CheckpointMismatch} with every difference
     */
    default void check() {
        Parameters.check(weights(), architecture(), parameters());
    }

    /** Names and shapes of a component's tensors. */
    static Map<String, Shape> shapes(Component component) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        component.weights().tensors().forEach((name, slice) -> shapes.put(name, shape(slice)));
        return shapes;
    }

    private static Shape shape(TensorSlice slice) {
        return new Shape(slice.shape().stream().mapToLong(Long::longValue).toArray());
    }

    /** A checkpoint without configuration whose tensors do not tell the sizes. */
    static ProblemException withoutSizes(Component component, String reason) {
        return new Problem.CheckpointUnknown(
                        component.weights().file(),
                        "there is no config.json beside it, and " + reason)
                .asException();
    }
}
