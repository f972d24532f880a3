package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.WeightFile;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model in training: its parameters, and for those that are learned what AdamW (Loshchilov and
 * Hutter 2019) and the moving average that is kept as the model remember of them.
 */
final class TrainingState {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;
    private static final double EPS = 1e-8;

    private final Kernels inference = Kernels.inference();
    private final NDManager manager;
    private final Map<String, NDArray> parameters;
    private final List<String> keys;
    private final List<NDArray> learned;
    private final List<NDArray> firstMoments;
    private final List<NDArray> secondMoments;
    private final List<NDArray> stepCounts;
    private final List<NDArray> averages;
    private long step;

    /**
     * @param parameters all of the model, in the order they are saved in
     * @param keys of those that are learned
     */
    TrainingState(NDManager manager, Map<String, NDArray> parameters, List<String> keys) {
        this.manager = manager;
        this.parameters = new LinkedHashMap<>(parameters);
        this.keys = List.copyOf(keys);
        this.learned = keys.stream().map(parameters::get).toList();
        this.firstMoments = zerosLike(learned);
        this.secondMoments = zerosLike(learned);
        this.stepCounts = learned.stream().map(_ -> manager.zeros(new Shape())).toList();
        this.averages = zerosLike(learned);
    }

    private static List<NDArray> zerosLike(List<NDArray> arrays) {
        return arrays.stream().map(NDArray::zerosLike).toList();
    }

    List<String> keys() {
        return keys;
    }

    /** The parameters that are learned, in the order of their keys. */
    List<NDArray> learned() {
        return learned;
    }

    /** Steps done so far. */
    long step() {
        return step;
    }

    /** Begins with the parameters of a file, which must be these and no others. */
    void begin(WeightFile file) {
        assign(parameters, file);
        begin();
    }

    /** Begins with the parameters as they are. */
    void begin() {
        inference.assignAll(averages, learned);
    }

    /**
     * One step of the optimiser and of the average.
     *
     * @param gradients in the order of the keys
     * @param averaging rate of the average
     */
    void advance(
            List<NDArray> gradients, double learningRate, double weightDecay, double averaging) {
        inference.adamw(
                learned,
                gradients,
                firstMoments,
                secondMoments,
                stepCounts,
                learningRate,
                BETA1,
                BETA2,
                weightDecay,
                EPS);
        // An average over about a tenth of the steps so far: young ones follow quickly.
        inference.moveTowards(averages, learned, Math.max(averaging, 10.0 / (step + 10)));
        step++;
    }

    /** The model that is kept: averages of what is learned, the rest as it is. */
    Map<String, NDArray> averaged() {
        Map<String, NDArray> arrays = new LinkedHashMap<>(parameters);
        for (int i = 0; i < keys.size(); i++) {
            arrays.put(keys.get(i), averages.get(i));
        }
        return arrays;
    }

    void write(Path file) {
        SafetensorsWriter.write(file, tensors(all()), Map.of("step", Long.toString(step)));
    }

    /**
     * Goes on from a file that was {@link #write written}.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for the state of another model
     */
    void read(Path file) {
        WeightFile saved = WeightFile.open(file);
        assign(all(), saved);
        step = step(saved);
    }

    /** The step of a file that was written. */
    static long step(WeightFile file) {
        return Long.parseLong(file.metadata().getOrDefault("step", "0"));
    }

    private Map<String, NDArray> all() {
        Map<String, NDArray> all = new LinkedHashMap<>(parameters);
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            all.put("optimizer.m." + key, firstMoments.get(i));
            all.put("optimizer.v." + key, secondMoments.get(i));
            all.put("optimizer.step." + key, stepCounts.get(i));
            all.put("average." + key, averages.get(i));
        }
        return all;
    }

    private void assign(Map<String, NDArray> targets, WeightFile file) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        targets.forEach((key, array) -> shapes.put(key, array.getShape()));
        try (NDManager mapped = manager.newSubManager()) {
            Parameters saved = Parameters.load(mapped, file, "of this run", shapes);
            targets.forEach((key, array) -> inference.assign(array, saved.get(key)));
        }
    }

    /** As they are written to files. */
    static List<SafetensorsWriter.Tensor> tensors(Map<String, NDArray> arrays) {
        return arrays.entrySet().stream()
                .map(entry -> tensor(entry.getKey(), entry.getValue()))
                .toList();
    }

    static SafetensorsWriter.Tensor tensor(String key, NDArray array) {
        return new SafetensorsWriter.Tensor(
                key,
                array.getDataType() == DataType.INT64 ? DType.I64 : DType.F32,
                Arrays.stream(array.getShape().getShape()).boxed().toList(),
                () -> array.stopGradient().toByteBuffer());
    }
}
