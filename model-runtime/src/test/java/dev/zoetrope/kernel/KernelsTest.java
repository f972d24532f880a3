package dev.zoetrope.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
    void theProcessorIsTakenWhereItIsAskedFor() {
        String before = System.setProperty(ComputeDevice.PROPERTY, "cpu");
        try (NDManager manager = Kernels.newManager()) {
            assertEquals(ComputeDevice.CPU, Kernels.device());
            assertFalse(manager.zeros(new Shape(1)).getDevice().isGpu());
            assertThrows(
                    ProblemException.class, () -> Kernels.precision(Optional.of(Precision.FP16)));
        } finally {
            restore(before);
        }
    }

    @Test
    void aGpuIsNeverPretended() {
        String before = System.setProperty(ComputeDevice.PROPERTY, "cuda");
        try {
            boolean there = Engine.getEngine("PyTorch").getGpuCount() > 0;
            if (there) {
                assertEquals(ComputeDevice.CUDA, Kernels.device());
            } else {
                ProblemException problem =
                        assertThrows(ProblemException.class, Kernels::newManager);
                assertTrue(problem.problem().remedy().contains("--device"));
            }
        } finally {
            restore(before);
        }
    }

    private static void restore(@Nullable String device) {
        if (device == null) {
            System.clearProperty(ComputeDevice.PROPERTY);
        } else {
            System.setProperty(ComputeDevice.PROPERTY, device);
        }
    }

    @Test
    void attentionOfMoreRowsThanAGridOfCudaHoldsIsThatOfEachRow() {
        Kernels k = Kernels.inference();
        long rows = 65_535 + 3;
        try (NDManager manager = Kernels.newManager()) {
            NDArray x = manager.randomNormal(new Shape(rows, 2, 4));
            NDArray bias = manager.randomNormal(new Shape(rows, 1, 1, 2));
            NDArray all = k.attention(x, x, x, bias, 1, 0.5);
            NDArray end = k.narrow(x, 0, rows - 5, 5);
            NDArray ofEnd = k.attention(end, end, end, k.narrow(bias, 0, rows - 5, 5), 1, 0.5);
            assertArrayEquals(
                    k.contiguous(ofEnd).toFloatArray(),
                    k.contiguous(k.narrow(all, 0, rows - 5, 5)).toFloatArray(),
                    1e-6f);
        }
    }

    @Test
    void whatLibtorchRefusesIsSaidInItsOwnWords() {
        try (NDManager manager = Kernels.newManager()) {
            NDArray two = manager.zeros(new Shape(2));
            NDArray three = manager.zeros(new Shape(3));
            EngineException refused =
                    assertThrows(EngineException.class, () -> Kernels.inference().add(two, three));
            assertTrue(
                    String.valueOf(refused.getMessage()).startsWith("The size of tensor a (2)"),
                    refused::getMessage);
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

    @Test
    void aCodeThatRestartsForgetsWhereItWasOnRequest() {
        Kernels k = Kernels.inference();
        for (double restartCount : new double[] {0, 2}) {
            try (NDManager manager = Kernels.newManager()) {
                NDArray rows = manager.create(new float[] {1, 1, 3, 3}, new Shape(2, 2));
                NDArray candidates = manager.create(new float[] {7, 7, 9, 8}, new Shape(2, 2));
                NDArray embeddings = manager.create(new float[] {2, 2, 5, 5}, new Shape(2, 2));
                NDArray count = manager.create(new float[] {2, 0.5f});
                NDArray average = manager.create(new float[] {4, 4, 6, 6}, new Shape(2, 2));

                NDArray restarted =
                        k.codebookUpdate(
                                rows,
                                manager.create(new long[] {0, 0}),
                                candidates,
                                embeddings,
                                count,
                                average,
                                0.5,
                                1,
                                restartCount);

                assertEquals(1f, restarted.toFloatArray()[0]);
                assertArrayEquals(new float[] {9, 8}, row(embeddings, 1));
                assertArrayEquals(
                        restartCount == 0 ? new float[] {2, 0.25f} : new float[] {2, 2},
                        count.toFloatArray());
                assertArrayEquals(
                        restartCount == 0 ? new float[] {3, 3} : new float[] {18, 16},
                        row(average, 1));
                assertArrayEquals(new float[] {4, 4}, row(average, 0));
            }
        }
    }

    private static float[] row(NDArray x, int index) {
        int width = (int) x.getShape().get(1);
        return Arrays.copyOfRange(x.toFloatArray(), index * width, (index + 1) * width);
    }

    @Test
    void theOptimiserMovesEachElementByItsOwnGradient() {
        Kernels k = Kernels.autograd();
        try (NDManager manager = Kernels.newManager()) {
            Shape shape = new Shape(2, 3, 2, 2, 2);
            NDArray w = k.copy(manager.create(unlike(48, 3), shape));
            NDArray before = k.copy(w);
            w.setRequiresGradient(true);
            // As in training: the gradient of a channels-last kernel is channels-last.
            NDArray x = k.copy(manager.create(unlike(96, 4), new Shape(1, 3, 4, 4, 2)));
            long[] one = {1, 1, 1};
            long[] none = {0, 0, 0};
            NDArray y =
                    k.conv3d(
                            k.channelsLast(k.cast(x, Precision.BF16)),
                            k.channelsLast(k.cast(w, Precision.BF16)),
                            one,
                            none,
                            none);
            y = k.cast(y, Precision.FP32);
            NDArray target = k.copy(manager.zeros(y.getShape()));
            List<NDArray> gradients = k.gradients(k.mseLoss(y, target), List.of(w));
            float[] gradient = gradients.getFirst().toFloatArray();
            Kernels.inference()
                    .adamw(
                            List.of(w),
                            gradients,
                            List.of(manager.zeros(shape)),
                            List.of(manager.zeros(shape)),
                            List.of(manager.zeros(new Shape())),
                            0.5,
                            0.9,
                            0.99,
                            0,
                            1e-8);
            // The first step of Adam is the learning rate in the direction of the gradient.
            float[] expected = before.toFloatArray();
            for (int i = 0; i < expected.length; i++) {
                expected[i] -= 0.5f * Math.signum(gradient[i]);
            }
            assertArrayEquals(expected, w.stopGradient().toFloatArray(), 1e-4f);
        }
    }

    @Test
    void aClipShorterThanTheKernelHasTheSameGradientInBfloat16() {
        Kernels k = Kernels.autograd();
        try (NDManager manager = Kernels.newManager()) {
            float[] expected = gradientOfShortClip(k, manager, Precision.FP32);
            assertArrayEquals(expected, gradientOfShortClip(k, manager, Precision.BF16), 0.02f);
        }
    }

    /**
     * Gradient (32, 32, 3, 3, 3) of a convolution of two frames, in a heap full of large numbers.
     */
    private static float[] gradientOfShortClip(Kernels k, NDManager manager, Precision precision) {
        List<NDArray> litter = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            litter.add(manager.full(new Shape((long) Math.exp(i % 60 / 5.5)), 1e30f));
        }
        litter.forEach(NDArray::close);
        try (NDManager step = manager.newSubManager()) {
            Shape clip = new Shape(1, 32, 2, 4, 4);
            NDArray x = step.create(unlike((int) clip.size(), 3), clip);
            Shape kernel = new Shape(32, 32, 3, 3, 3);
            NDArray w = k.copy(step.create(unlike((int) kernel.size(), 4), kernel).div(10));
            w.setRequiresGradient(true);
            long[] one = {1, 1, 1};
            NDArray y =
                    k.conv3d(
                            k.channelsLast(k.cast(x, precision)),
                            k.channelsLast(k.cast(w, precision)),
                            one,
                            one,
                            one);
            y = k.cast(y, Precision.FP32);
            NDArray loss = k.mseLoss(y, k.copy(step.zeros(y.getShape())));
            NDArray gradient = k.gradients(loss, List.of(w)).getFirst();
            return gradient.div(gradient.abs().max()).toFloatArray();
        }
    }

    /** Numbers in no order that a change of strides would keep. */
    private static float[] unlike(int count, int seed) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i * i * seed % 11 - 5) * 0.3f + 0.05f;
        }
        return values;
    }
}
