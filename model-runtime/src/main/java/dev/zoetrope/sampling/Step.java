package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * One step as its sampler sees it: the latents, the model, the noise, and what earlier steps left.
 * What a step does not {@link #keep} is forgotten.
 */
public final class Step {
    private final RunState before;
    private final NDManager scratch;
    private final Denoiser denoiser;
    private final NoiseSource source;
    private final Map<String, NDArray> arrays = new HashMap<>();
    private final Map<String, Double> numbers = new HashMap<>();
    private @Nullable NDArray clean;
    private int draws;

    Step(RunState before, NDManager scratch, Denoiser denoiser, NoiseSource source) {
        this.before = before;
        this.scratch = scratch;
        this.denoiser = denoiser;
        this.source = source;
    }

    /** 0 for the first. */
    public int index() {
        return before.index();
    }

    /** The latents so far. */
    public NDArray x() {
        return before.x();
    }

    /** Everything the model says, a predicted variance included. */
    public NDArray output(NDArray x, double time) {
        return denoiser.predict(x, time);
    }

    /** What the model says, without the channels of a variance that follow. */
    public NDArray prediction(NDArray x, double time) {
        NDArray output = output(x, time);
        Shape shape = x.getShape();
        for (int axis = 0; axis < shape.dimension(); axis++) {
            if (output.getShape().get(axis) != shape.get(axis)) {
                return Kernels.inference().narrow(output, axis, 0, shape.get(axis));
            }
        }
        return output;
    }

    /** Fresh standard normal noise of the latents' shape. */
    public NDArray noise() {
        draws++;
        return source.draw(scratch, x().getShape());
    }

    /** Says what the clean latents look like from here. */
    public void showClean(NDArray x0) {
        clean = x0;
    }

    /** Hands something on to the next step. */
    public void keep(String name, NDArray value) {
        arrays.put(name, value);
    }

    /** Hands something on to the next step. */
    public void keep(String name, double value) {
        numbers.put(name, value);
    }

    /** Whether the step before kept this. */
    public boolean has(String name) {
        return before.arrays().containsKey(name);
    }

    /** What the step before kept. */
    public NDArray kept(String name) {
        return present(name, before.arrays().get(name));
    }

    /** What the step before kept. */
    public double keptNumber(String name) {
        return present(name, before.numbers().get(name));
    }

    RunState after(NDArray x) {
        return new RunState(
                before.index() + 1,
                before.draws() + draws,
                x,
                clean == null ? x : clean,
                Map.copyOf(arrays),
                Map.copyOf(numbers));
    }

    private static <T> T present(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("no step kept " + name);
        }
        return value;
    }
}
