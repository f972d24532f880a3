package dev.zoetrope.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.sampling.GaussianDiffusion.Losses;
import dev.zoetrope.sampling.GaussianDiffusion.Variance;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class GaussianDiffusionTest {
    private static final GaussianDiffusion PROCESS =
            GaussianDiffusion.linear(1000, 1, Variance.LEARNED_RANGE);
    private static final int[] TIMES = {0, 400};
    private static final Shape SHAPE = new Shape(2, 1, 2, 2);

    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** The squared error teaches the noise, the bound teaches the variance and nothing else. */
    @Test
    void lossesAreDifferentiable() {
        Kernels k = Kernels.autograd();
        float[] noise = {0.5f, -1, 0.2f, 1.5f, -0.3f, 0.8f, -2, 0.1f};
        float[] said = new float[16];
        for (int i = 0; i < said.length; i++) {
            said[i] = 0.1f * i - 0.7f;
        }
        NDArray output = k.copy(manager.create(said, new Shape(2, 2, 2, 2)));
        output.setRequiresGradient(true);
        NDArray loss = loss(k, output, noise);
        float[] gradient = k.gradients(loss, List.of(output)).getFirst().toFloatArray();

        for (int clip = 0; clip < 2; clip++) {
            for (int i = 0; i < 4; i++) {
                int epsilon = clip * 8 + i;
                float expected = 2 * (said[epsilon] - noise[clip * 4 + i]) / 4;
                assertEquals(expected, gradient[epsilon], 1e-5f);
                int variance = epsilon + 4;
                double slope = slope(said, noise, variance);
                assertEquals(slope, gradient[variance], 2e-3 * Math.max(1, Math.abs(slope)));
            }
        }
    }

    private double slope(float[] said, float[] noise, int at) {
        float h = 1e-2f;
        float[] more = said.clone();
        float[] less = said.clone();
        more[at] += h;
        less[at] -= h;
        Kernels k = Kernels.inference();
        Shape shape = new Shape(2, 2, 2, 2);
        double rise =
                loss(k, manager.create(more, shape), noise).getFloat()
                        - loss(k, manager.create(less, shape), noise).getFloat();
        return rise / (2 * h);
    }

    private NDArray loss(Kernels k, NDArray output, float[] noiseValues) {
        NDArray x0 =
                manager.create(new float[] {-1, 0.3f, 1, -0.4f, 0.2f, 0.7f, -0.9f, 0.1f}, SHAPE);
        NDArray noise = manager.create(noiseValues, SHAPE);
        NDArray xt = PROCESS.addNoise(k, x0, noise, TIMES);
        Losses losses = PROCESS.losses(k, output, x0, xt, noise, TIMES);
        return losses.mse().add(losses.bound()).sum();
    }

    @Test
    void stepsAreSpacedEvenlyOrAtAWholeStrideOrBySection() {
        GaussianDiffusion ten = GaussianDiffusion.linear(10, 1, Variance.LEARNED_RANGE);
        assertArrayEquals(new int[] {0, 4, 9}, ten.respaced("3").timestepMap()); // halves to even
        assertArrayEquals(new int[] {0, 5}, ten.respaced("ddim2").timestepMap());
        assertArrayEquals(new int[] {0, 4, 5, 6, 8, 9}, ten.respaced("2,4").timestepMap());
    }

    @Test
    void moreStepsThanThereAreAreRefused() {
        assertThrows(ProblemException.class, () -> PROCESS.respaced("1001"));
        assertThrows(ProblemException.class, () -> PROCESS.respaced("ddim900"));
        assertThrows(ProblemException.class, () -> PROCESS.respaced("0"));
    }
}
