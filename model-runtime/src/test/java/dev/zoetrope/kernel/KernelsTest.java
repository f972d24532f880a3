package dev.zoetrope.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.Test;

import java.util.List;

class KernelsTest {
    @Test
    void bfloat16ComesBackAsRoundedFloats() {
        Kernels k = Kernels.inference();
        try (NDManager manager = Kernels.newManager()) {
            NDArray x = manager.create(new float[] {1f, 1.0039062f, -3.1415927f});
            NDArray half = k.cast(x, Precision.BF16);
            assertEquals(Kernels.BFLOAT16, k.scalarType(half));
            assertArrayEquals(
                    new float[] {1f, 1f, -3.140625f}, k.cast(half, Precision.FP32).toFloatArray());
        }
    }

    @Test
    void gradientsFlowThroughSeveralKernels() {
        Kernels k = Kernels.autograd();
        try (NDManager manager = Kernels.newManager()) {
            NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(1, 1, 1, 2, 2));
            NDArray w = k.copy(manager.create(new float[] {2}, new Shape(1, 1, 1, 1, 1)));
            w.setRequiresGradient(true);
            long[] none = {0, 0, 0};
            NDArray y = k.relu(k.conv3d(x, w, new long[] {1, 1, 1}, none, none));
            NDArray loss = k.mseLoss(y, k.copy(x));
            NDArray gradient = k.gradients(loss, List.of(w)).getFirst();
            assertEquals(15f, gradient.toFloatArray()[0]); // mean of 2 (w x - x) x over x
        }
    }
}
