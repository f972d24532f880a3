package dev.zoetrope.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;

/**
 * One folder of inputs, weights and outputs recorded from the reference. Every output has to be
 * compared or named as not produced; one that is forgotten fails the case.
 */
final class GoldenCase implements AutoCloseable {
    private final Path folder;
    private final NDManager manager = Kernels.newManager();
    private final Parameters inputs;
    private final Parameters outputs;
    private final Set<String> uncompared;
    private Difference worst = new Difference("", 0, 0);
    private @Nullable Path modelFolder;

    GoldenCase(Path folder) {
        this.folder = folder;
        this.inputs = map(folder.resolve("inputs.safetensors"));
        this.outputs = map(folder.resolve("outputs.safetensors"));
        this.uncompared = new TreeSet<>(outputs.arrays().keySet());
    }

    /** The case's weights as the folder of a model. */
    Path modelFolder() {
        if (modelFolder == null) {
            try {
                modelFolder = Files.createTempDirectory("golden-model");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            GoldenModelFolder.write(folder, modelFolder);
        }
        return modelFolder;
    }

    NDManager manager() {
        return manager;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    <T> T config(Class<T> type) {
        try {
            return new ObjectMapper()
                    .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                    .readValue(Files.readString(folder.resolve("config.json")), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NDArray input(String key) {
        return inputs.get(key);
    }

    boolean hasInput(String key) {
        return inputs.has(key);
    }

    @Nullable NDArray optionalInput(String key) {
        return hasInput(key) ? input(key) : null;
    }

    /** What stands before {@code .name} in the names of inputs: one call of the model each. */
    Set<String> calls(String name) {
        Set<String> calls = new TreeSet<>();
        for (String key : inputs.arrays().keySet()) {
            if (key.endsWith("." + name)) {
                calls.add(key.substring(0, key.length() - name.length() - 1));
            }
        }
        return calls;
    }

    /**
     * Both halves of what the reference makes of a pair of predictions. The second is guided alike
     * and keeps the rest of the unconditional one, which no sampler reads.
     */
    static NDArray guided(Guidance guidance, NDArray conditional, NDArray unconditional) {
        Kernels k = Kernels.inference();
        NDArray first = guidance.combine(conditional, unconditional);
        NDArray second = first;
        long all = first.getShape().get(guidance.axis());
        if (guidance.length() < all) {
            long rest = all - guidance.length();
            int axis = guidance.axis();
            second =
                    k.concat(
                            List.of(
                                    k.narrow(first, axis, 0, guidance.length()),
                                    k.narrow(unconditional, axis, guidance.length(), rest)),
                            axis);
        }
        return k.concat(List.of(first, second), 0);
    }

    boolean hasOutput(String key) {
        return outputs.has(key);
    }

    Set<String> outputs() {
        return outputs.arrays().keySet();
    }

    DataType outputType(String key) {
        return outputs.get(key).getDataType();
    }

    /** What was recorded, for what the reference computed next from it. */
    NDArray output(String key) {
        return outputs.get(key);
    }

    /** Compares floats element by element: |actual - expected| <= atol + rtol * |expected|. */
    void close(String key, NDArray actual, double rtol, double atol) {
        float[] e = expected(key, actual).toFloatArray();
        float[] a = actual.toFloatArray();
        close(key, e.length, i -> e[i], i -> a[i], rtol, atol);
    }

    /**
     * As above, for states that no norm has brought to the order of one, which is what {@code atol}
     * is meant for: it counts in units of their root mean square.
     */
    void closeStates(String key, NDArray actual, double rtol, double atol) {
        double rms = Math.sqrt(outputs.get(key).pow(2).mean().getFloat());
        close(key, actual, rtol, atol * Math.max(1, rms));
    }

    /** As for floats, of float64. */
    void close(String key, double[] actual, double rtol, double atol) {
        double[] e = expected(key, manager.create(actual)).toDoubleArray();
        close(key, e.length, i -> e[i], i -> actual[i], rtol, atol);
    }

    /** Compares pixels, which a rounding may put one step higher or lower. */
    void closeBytes(String key, NDArray actual) {
        byte[] e = expected(key, actual).toByteArray();
        byte[] a = actual.toByteArray();
        close(key, e.length, i -> Byte.toUnsignedInt(e[i]), i -> Byte.toUnsignedInt(a[i]), 0, 1);
    }

    private void close(
            String key,
            int length,
            IntToDoubleFunction expected,
            IntToDoubleFunction actual,
            double rtol,
            double atol) {
        for (int i = 0; i < length; i++) {
            double e = expected.applyAsDouble(i);
            double a = actual.applyAsDouble(i);
            Difference difference = new Difference(key, Math.abs(a - e), atol + rtol * Math.abs(e));
            if (!(difference.error() <= difference.tolerance())) {
                fail("%s[%d]: expected %s, was %s".formatted(key, i, e, a));
            }
            if (difference.share() > worst.share()) {
                worst = difference;
            }
        }
    }

    /**
     * How far an output is from the reference's where that matters most.
     *
     * @param tolerance at that element
     */
    record Difference(String output, double error, double tolerance) {
        /** Of the tolerance, at most 1. */
        double share() {
            return error == 0 ? 0 : error / tolerance;
        }
    }

    /** The largest difference so far, by its share of what it may be. */
    Difference worst() {
        return worst;
    }

    /** Compares integers exactly. */
    void equal(String key, NDArray actual) {
        assertArrayEquals(expected(key, actual).toLongArray(), actual.toLongArray(), key);
    }

    /** As above. */
    void equal(String key, long[] actual) {
        equal(key, manager.create(actual));
    }

    private NDArray expected(String key, NDArray actual) {
        NDArray expected = outputs.get(key);
        uncompared.remove(key);
        assertEquals(expected.size(), actual.size(), () -> key + " " + actual.getShape());
        if (expected.getShape().dimension() == actual.getShape().dimension()) {
            assertEquals(expected.getShape(), actual.getShape(), key);
        }
        return expected;
    }

    void everyOutputWasCompared() {
        assertEquals(Set.of(), uncompared, "outputs that were not compared");
    }

    private Parameters map(Path file) {
        return Parameters.map(manager, WeightFile.open(file).tensors());
    }

    @Override
    public void close() {
        manager.close();
        if (modelFolder != null) {
            try {
                MoreFiles.deleteRecursively(modelFolder, RecursiveDeleteOption.ALLOW_INSECURE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
