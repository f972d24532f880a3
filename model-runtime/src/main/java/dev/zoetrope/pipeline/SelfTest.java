package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;

import dev.zoetrope.kernel.Kernels;

import java.util.Random;

/**
 * Whether the device multiplies and adds as it should. Products and sums of small whole numbers are
 * exact in every order and with every instruction, so the answer is the same on all machines.
 */
public final class SelfTest {
    /** What a sound machine answers. */
    public static final String EXPECTED = "88f78580cc7ea5f4";

    private static final long SEED = 20240301;
    private static final int LARGEST = 4;
    private static final int CHANNELS = 16;

    private SelfTest() {}

    /**
     * The answer of this machine: a digest of a convolution in time and space, and of a product.
     */
    public static String answer() {
        Kernels kernels = Kernels.inference();
        Random random = new Random(SEED);
        try (NDManager manager = Kernels.newManager()) {
            NDArray clip = numbers(manager, random, 1, CHANNELS, 5, 24, 24);
            NDArray filter = numbers(manager, random, CHANNELS, CHANNELS, 3, 3, 3);
            NDArray rows = numbers(manager, random, 64, 192);
            NDArray matrix = numbers(manager, random, 96, 192);
            long[] each = {1, 1, 1};
            Hasher hasher = Hashing.sha256().newHasher();
            add(hasher, kernels.conv3d(clip, filter, each, each, each));
            add(hasher, kernels.linear(rows, matrix));
            return hasher.hash().toString().substring(0, 16);
        }
    }

    private static NDArray numbers(NDManager manager, Random random, long... shape) {
        Shape of = new Shape(shape);
        float[] values = new float[Math.toIntExact(of.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-LARGEST, LARGEST + 1);
        }
        return manager.create(values, of);
    }

    /** Rounded, because fast convolutions take detours through fractions. */
    private static void add(Hasher hasher, NDArray result) {
        for (float value : result.toFloatArray()) {
            hasher.putInt(Math.round(value));
        }
    }
}
