package dev.zoetrope.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.sampling.NoiseSource;

/** What the reference started from, then the noise it drew step by step. */
final class RecordedNoise implements NoiseSource {
    private final NDArray start;
    private final NDArray draws;
    private int drawn = -1;

    RecordedNoise(NDArray start, NDArray draws) {
        this.start = start;
        this.draws = draws;
    }

    @Override
    public NDArray draw(NDManager manager, Shape shape) {
        NDArray next = Kernels.inference().copy(drawn < 0 ? start : draws.get(drawn));
        next.attach(manager);
        drawn++;
        return next;
    }

    /** How often a step drew. */
    long drawnBySteps() {
        return drawn;
    }

    Shape shape() {
        return start.getShape();
    }
}
