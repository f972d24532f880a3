package dev.zoetrope.sampling;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Generator;
import dev.zoetrope.kernel.Kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Noise that depends on seeds alone: clip i of a batch gets what torch's generator on the processor
 * gives for seed i, so that a clip comes out the same whatever it is generated beside.
 */
public final class SeededNoise implements NoiseSource, AutoCloseable {
    private final List<Generator> generators = new ArrayList<>();

    /**
     * Starts all streams.
     *
     * @param seeds one for each clip of the batch
     */
    public SeededNoise(long... seeds) {
        for (long seed : seeds) {
            generators.add(Kernels.inference().generator(seed));
        }
    }

    @Override
    public NDArray draw(NDManager manager, Shape shape) {
        if (shape.get(0) != generators.size()) {
            throw new IllegalArgumentException(
                    "%d seeds for clips of shape %s".formatted(generators.size(), shape));
        }
        Kernels k = Kernels.inference();
        long[] one = shape.getShape().clone();
        one[0] = 1;
        List<NDArray> clips = generators.stream().map(g -> k.normal(manager, g, one)).toList();
        if (clips.size() == 1) {
            return clips.getFirst();
        }
        NDArray batch = k.concat(clips, 0);
        clips.forEach(NDArray::close);
        return batch;
    }

    @Override
    public void close() {
        generators.forEach(Generator::close);
    }
}
