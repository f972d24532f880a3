package dev.zoetrope.model.denoiser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.weights.WeightFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** The model of a golden case, small enough to run in every test, and what tests ask of models. */
record SmallCheckpoint(Path folder, NDManager manager) {
    static SmallCheckpoint of(String golden, NDManager manager) {
        return new SmallCheckpoint(Path.of("src/test/resources/goldens", golden), manager);
    }

    <T> T config(Class<T> type) {
        try {
            return new ObjectMapper().readValue(folder.resolve("config.json").toFile(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Parameters weights(Map<String, Shape> shapes) {
        WeightFile file = WeightFile.open(folder.resolve("weights.safetensors"));
        return Parameters.load(manager, file, folder.toString(), shapes);
    }

    /** Standard normal numbers. */
    NDArray noise(int seed, long... shape) {
        Random random = new Random(seed);
        Shape of = new Shape(shape);
        float[] values = new float[(int) of.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, of);
    }

    NDArray numbers(long... values) {
        return manager.create(values);
    }

    /** Ones of this shape, and zeros from {@code rows} and {@code columns} on in its last axes. */
    NDArray valid(int rows, int columns, long... shape) {
        NDArray mask = manager.zeros(new Shape(shape));
        mask.set(new NDIndex("..., :" + rows + ", :" + columns), manager.ones(new Shape()));
        return mask;
    }

    /** {@code a} where the mask is 1, {@code b} elsewhere; the mask broadcasts. */
    static NDArray where(NDArray mask, NDArray a, NDArray b) {
        return a.mul(mask).add(b.mul(mask.neg().add(1)));
    }

    static void assertSameBits(NDArray expected, NDArray actual) {
        assertEquals(expected.getShape(), actual.getShape());
        assertTrue(expected.contentEquals(actual), "differ");
    }

    static void assertClose(NDArray expected, NDArray actual, double tolerance) {
        assertEquals(expected.getShape(), actual.getShape());
        double worst = expected.sub(actual).abs().max().getFloat();
        assertTrue(worst <= tolerance, "differ by " + worst);
    }

    static void assertFinite(Shape shape, NDArray actual) {
        assertEquals(shape, actual.getShape());
        float sum = actual.abs().sum().getFloat();
        assertTrue(sum > 0 && sum < 1e6, "adds up to " + sum);
    }

    static double cosine(NDArray a, NDArray b) {
        double ab = a.mul(b).sum().getFloat();
        double aa = a.mul(a).sum().getFloat();
        double bb = b.mul(b).sum().getFloat();
        return ab / Math.sqrt(aa * bb);
    }

    /** That the gradient of a loss of what {@code model} makes of them reaches all of {@code p}. */
    static void assertGradientsReach(
            List<String> keys, Parameters p, Function<Parameters, NDArray> model) {
        Kernels k = Kernels.autograd();
        Parameters trainable = p.map((key, array) -> k.copy(array));
        List<NDArray> arrays = keys.stream().map(trainable::get).toList();
        arrays.forEach(array -> array.setRequiresGradient(true));
        NDArray out = model.apply(trainable);
        NDArray loss = k.mseLoss(out, k.copy(out.stopGradient().mul(0)));
        List<NDArray> gradients = k.gradients(loss, arrays);
        for (int i = 0; i < keys.size(); i++) {
            float sum = gradients.get(i).abs().sum().getFloat();
            assertTrue(sum > 0 && sum < 1e6, keys.get(i) + " " + sum);
        }
    }
}
