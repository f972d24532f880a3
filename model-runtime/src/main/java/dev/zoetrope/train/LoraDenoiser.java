package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A denoiser that stays as it is but for a product of two narrow matrices beside each of its
 * blocks' linear layers, which is all that is learned (Hu et al. 2021): W + B A.
 *
 * @param whole the denoiser
 * @param frozen its parameters
 * @param rank r
 */
public record LoraDenoiser(TrainableDenoiser whole, Parameters frozen, int rank)
        implements TrainableDenoiser {
    private static final String WEIGHT = ".weight";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    /**
     * Reads the frozen weights.
     *
     * @param manager owns them
     */
    public static LoraDenoiser of(
            TrainableDenoiser whole, WeightFile frozen, int rank, NDManager manager) {
        Kernels k = Kernels.autograd(); // whose results may have to do with gradients
        try (NDManager file = manager.newSubManager()) {
            Parameters read =
                    Parameters.load(file, frozen, "that is frozen", whole.parameters())
                            .map((_, array) -> {
                                NDArray copy = k.copy(array);
                                copy.attach(manager);
                                return copy;
                            });
            return new LoraDenoiser(whole, read, rank);
        }
    }

    /** (r, in) and (out, r) for each layer, by the names that diffusers has for them. */
    @Override
    public Map<String, Shape> parameters() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        whole.parameters()
                .forEach((key, shape) -> {
                    if (adapts(key, shape)) {
                        shapes.put(beside(key, DOWN), new Shape(rank, shape.get(1)));
                        shapes.put(beside(key, UP), new Shape(shape.get(0), rank));
                    }
                });
        return shapes;
    }

    private static boolean adapts(String key, Shape shape) {
        return key.contains("blocks.") && key.endsWith(WEIGHT) && shape.dimension() == 2;
    }

    private static String beside(String key, String name) {
        return key.substring(0, key.length() - WEIGHT.length()) + name;
    }

    @Override
    public boolean learns(String key) {
        return true;
    }

    /** The product is zero at first. */
    @Override
    public float[] initial(String key, Shape shape, Draws draw) {
        return key.endsWith(UP)
                ? Draws.constant(shape, 0)
                : draw.normal(shape, 1 / Math.sqrt((double) shape.get(1)));
    }

    @Override
    public int channels() {
        return whole.channels();
    }

    @Override
    public int patch() {
        return whole.patch();
    }

    @Override
    public int classes() {
        return whole.classes();
    }

    @Override
    public boolean learnsVariance() {
        return whole.learnsVariance();
    }

    /** The adapters as they are, for they are few, and with them what they lie beside. */
    @Override
    public Parameters prepare(Parameters p, Kernels k, Precision precision, NDManager manager) {
        return with(p, whole.prepare(frozen, k, precision, manager));
    }

    private static Parameters with(Parameters adapters, Parameters base) {
        Map<String, NDArray> all = new LinkedHashMap<>(base.arrays());
        all.putAll(adapters.arrays());
        return new Parameters(all);
    }

    @Override
    public Model model(Parameters prepared, Kernels k, Precision precision) {
        return (x, times, told, mask) ->
                whole.model(merged(prepared, _ -> true, k, x.getManager()), k, precision)
                        .predict(x, times, told, mask);
    }

    /** A stage of the whole is one of this, with its own layers merged while it is computed. */
    @Override
    public Optional<Checkpointed.Staged> staged(
            Parameters prepared, Kernels k, Precision precision) {
        return whole.staged(prepared, k, precision)
                .map(base ->
                        new Checkpointed.Staged() {
                            @Override
                            public int stages() {
                                return base.stages();
                            }

                            @Override
                            public boolean belongs(String key, int stage) {
                                return base.belongs(key, stage);
                            }

                            @Override
                            public Checkpointed.Carried begin(
                                    NDArray x, NDArray times, Told told, @Nullable NDArray mask) {
                                return base.begin(x, times, told, mask);
                            }

                            @Override
                            public NDArray stage(Checkpointed.Carried carried, int stage) {
                                NDManager manager = carried.arrays().getFirst().getManager();
                                try (NDManager part = manager.newSubManager()) {
                                    Parameters own =
                                            merged(
                                                    prepared,
                                                    key -> base.belongs(key, stage),
                                                    k,
                                                    part);
                                    return whole.staged(own, k, precision)
                                            .orElseThrow()
                                            .stage(carried, stage);
                                }
                            }

                            @Override
                            public NDArray end(Checkpointed.Carried carried) {
                                return base.end(carried);
                            }
                        });
    }

    /** Those of the layers asked for that have adapters, with what these add. */
    private static Parameters merged(
            Parameters all, Predicate<String> asked, Kernels k, NDManager manager) {
        return all.map((key, array) -> {
            if (!key.endsWith(WEIGHT) || !all.has(beside(key, UP)) || !asked.test(key)) {
                return array;
            }
            NDArray sum = k.addProduct(array, all.get(beside(key, UP)), all.get(beside(key, DOWN)));
            sum.attach(manager);
            return sum;
        });
    }

    /** Writes the denoiser with what was learned in its own weights, for whatever makes clips. */
    public void merge(WeightFile adapters, Path weights) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        try (NDManager manager = Kernels.newManager()) {
            Parameters learned =
                    Parameters.load(manager, adapters, "of these adapters", parameters());
            Parameters sum = merged(with(learned, frozen), _ -> true, Kernels.inference(), manager);
            whole.parameters()
                    .forEach((key, shape) ->
                            tensors.add(
                                    new SafetensorsWriter.Tensor(
                                            key,
                                            DType.F32,
                                            Arrays.stream(shape.getShape()).boxed().toList(),
                                            sum.get(key)::toByteBuffer)));
            SafetensorsWriter.write(weights, tensors, Map.of("format", "pt"));
        }
    }
}
