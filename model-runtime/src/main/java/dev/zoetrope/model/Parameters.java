package dev.zoetrope.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** A model's tensors under the checkpoint's own names. */
public final class Parameters {
    private final Map<String, NDArray> arrays;

    public Parameters(Map<String, NDArray> arrays) {
        this.arrays = new LinkedHashMap<>(arrays);
    }

    /**
     * Maps a weight file and checks it strictly: every tensor present once, none besides, all
     * shapes equal. Nothing is read before it is used.
     *
     * @param manager owns the arrays and the mapping
     * @param architecture for the message
     * @param expected names and shapes
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Problem.CheckpointMismatch} with
     *     every difference
     */
    public static Parameters load(
            NDManager manager,
            WeightFile weights,
            String architecture,
            Map<String, Shape> expected) {
        check(weights, architecture, expected);
        return map(manager, weights.tensors());
    }

    /** What {@link #load} checks, without loading anything. */
    public static void check(WeightFile weights, String architecture, Map<String, Shape> expected) {
        Map<String, TensorSlice> found = weights.tensors();
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        expected.forEach((key, shape) -> {
            TensorSlice slice = found.get(key);
            if (slice == null) {
                missing.add(key);
            } else if (!slice.shape().equals(toList(shape))) {
                misshapen.add(
                        "%s is %s instead of %s".formatted(key, slice.shape(), toList(shape)));
            }
        });
        List<String> unexpected =
                found.keySet().stream().filter(key -> !expected.containsKey(key)).toList();
        if (!missing.isEmpty() || !misshapen.isEmpty() || !unexpected.isEmpty()) {
            throw new Problem.CheckpointMismatch(
                            weights.file(), architecture, missing, unexpected, misshapen)
                    .asException();
        }
    }

    /** Maps tensors as they are. */
    public static Parameters map(NDManager manager, Map<String, TensorSlice> slices) {
        Map<Path, NDArray> files = new HashMap<>();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        Kernels k = Kernels.inference();
        slices.forEach((key, slice) -> {
            NDArray file =
                    files.computeIfAbsent(
                            slice.file(), path -> k.mapFile(manager, path, size(path)));
            arrays.put(
                    key,
                    k.viewOfFile(
                            file,
                            slice.dtype().torchCode(),
                            slice.dtype().byteSize(),
                            slice.offset(),
                            toArray(slice.shape()),
                            toArray(slice.strides())));
        });
        return new Parameters(arrays);
    }

    /**
     * The tensor of this name.
     *
     * @throws IllegalArgumentException for a name that was never loaded: a defect of the model
     */
    public NDArray get(String key) {
        NDArray array = arrays.get(key);
        if (array == null) {
            throw new IllegalArgumentException("no parameter " + key);
        }
        return array;
    }

    public boolean has(String key) {
        return arrays.containsKey(key);
    }

    /** All tensors, in the checkpoint's order. */
    public Map<String, NDArray> arrays() {
        return Map.copyOf(arrays);
    }

    /** Each tensor replaced by what {@code change} makes of it. */
    public Parameters map(BiFunction<String, NDArray, NDArray> change) {
        Map<String, NDArray> changed = new LinkedHashMap<>();
        arrays.forEach((key, array) -> changed.put(key, change.apply(key, array)));
        return new Parameters(changed);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }

    private static List<Long> toList(Shape shape) {
        return Arrays.stream(shape.getShape()).boxed().toList();
    }

    private static long[] toArray(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
