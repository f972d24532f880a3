package dev.zoetrope.model.denoiser;

import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertClose;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertFinite;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertGradientsReach;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.assertSameBits;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.cosine;
import static dev.zoetrope.model.denoiser.SmallCheckpoint.where;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class LatteTest {
    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();
    private final SmallCheckpoint checkpoint =
            SmallCheckpoint.of("03b2_latte_mar09_class_cfg_f6", manager);
    private final LatteConfig config = checkpoint.config(LatteConfig.class);
    private final Parameters weights = checkpoint.weights(config.parameters());
    private final Latte model = new Latte(config, weights, k, Precision.FP32);

    private final NDArray x = checkpoint.noise(1, 2, 6, 4, 8, 8);
    private final NDArray t = checkpoint.numbers(321, 21);
    private final NDArray labels = checkpoint.numbers(2, 10);
    private final NDArray mask = checkpoint.valid(4, 3, 2, 6, 4, 4);

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void whatPaddingHoldsNeverReachesTheRest() {
        NDArray valid = checkpoint.valid(8, 6, 2, 6, 1, 8, 8);
        NDArray other = where(valid, x, checkpoint.noise(2, 2, 6, 4, 8, 8));
        assertSameBits(
                model.forward(x, t, labels, mask).mul(valid),
                model.forward(other, t, labels, mask).mul(valid));
    }

    @Test
    void paddingThatIsMaskedLeavesTheRestAsItWouldBeAlone() {
        // Padded in time, where positions of a shorter clip are those of the longer one's start.
        NDArray start = k.narrow(x, 1, 0, 4);
        NDArray frames = manager.ones(new Shape(2, 6, 4, 4));
        k.assign(k.narrow(frames, 1, 4, 2), manager.zeros(new Shape(2, 2, 4, 4)));
        assertClose(
                model.forward(start, t, labels, null),
                k.narrow(model.forward(x, t, labels, frames), 1, 0, 4),
                1e-5);
    }

    @Test
    void storedPositionsAreStretchedOverOtherSizesAndLengths() {
        NDArray larger = checkpoint.noise(1, 2, 9, 4, 6, 12);
        assertFinite(new Shape(2, 9, 8, 6, 12), model.forward(larger, t, labels, null));
    }

    @Test
    void sixteenBitsStayCloseToFloat32() {
        NDArray expected = model.forward(x, t, labels, mask);
        for (Precision precision : List.of(Precision.BF16, Precision.FP16)) {
            Parameters halves = Latte.prepare(weights, k, precision, manager);
            NDArray actual = new Latte(config, halves, k, precision).forward(x, t, labels, mask);
            double cosine = cosine(expected, actual);
            assertTrue(cosine > 0.999, () -> precision + " " + cosine);
        }
    }

    @Test
    void gradientsReachEveryParameter() {
        assertGradientsReach(
                List.copyOf(config.parameters().keySet()),
                weights,
                p ->
                        new Latte(config, p, Kernels.autograd(), Precision.FP32)
                                .forward(x, t, labels, mask));
    }

    @Test
    void nothingButTheResultIsLeftBehind() {
        int before = manager.getManagedArrays().size();
        model.forward(x, t, labels, mask);
        assertEquals(before + 1, manager.getManagedArrays().size());
    }

    @Test
    void aTextSteersTheBlocksOfAModelOfTexts() {
        LatteConfig byText = new LatteConfig(List.of(4), 2, 3, 24, 2, 2, 4.0, 2, 10, true, 78);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        byText.parameters()
                .forEach((key, shape) ->
                        arrays.put(
                                key, checkpoint.noise(arrays.size(), shape.getShape()).mul(0.02f)));
        Latte textual = new Latte(byText, new Parameters(arrays), k, Precision.FP32);
        NDArray clip = checkpoint.noise(1, 1, 2, 3, 4, 4);
        NDArray step = checkpoint.numbers(50);
        NDArray one = textual.forward(clip, step, checkpoint.noise(5, 1, 77, 768), null);
        NDArray two = textual.forward(clip, step, checkpoint.noise(6, 1, 77, 768), null);
        assertFinite(new Shape(1, 2, 6, 4, 4), one);
        assertTrue(one.sub(two).abs().max().getFloat() > 1e-6);
    }

    @Test
    void aCheckpointWithoutConfigurationIsReadFromItsShapes() {
        LatteConfig published =
                new LatteConfig(List.of(32, 32), 2, 4, 1152, 28, 16, 4.0, 16, 101, true, 2);
        assertEquals(293, published.parameters().size());
        assertEquals(published, LatteConfig.of(published.parameters()));
    }
}
