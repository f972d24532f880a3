package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * A model that remembers only what goes into each of its stages, and computes a stage once more
 * when its gradients are asked for (Chen et al. 2016): the memory of one stage instead of all, for
 * a third more of work.
 */
public final class Checkpointed implements TrainableDenoiser.Model {
    private final Staged model;
    private final Kernels k = Kernels.autograd();
    private final List<NDArray> remembered = new ArrayList<>();
    private @Nullable Carried begun;
    private @Nullable NDArray output;

    /**
     * What passes between stages.
     *
     * @param arrays what gradients pass through: what a stage changes first, then what all are told
     * @param more what else they are told
     */
    public record Carried(List<NDArray> arrays, Object more) {
        public Carried {
            arrays = List.copyOf(arrays);
        }

        private Carried with(NDArray first) {
            List<NDArray> changed = new ArrayList<>(arrays);
            changed.set(0, first);
            return new Carried(changed, more);
        }
    }

    /** A model in stages, one after another. */
    public interface Staged {
        int stages();

        /** Whether a parameter is one of a stage; those of none are of the beginning or the end. */
        boolean belongs(String key, int stage);

        Carried begin(
                NDArray x, NDArray times, TrainableDenoiser.Told told, @Nullable NDArray mask);

        /** What a stage makes of the first of the arrays. */
        NDArray stage(Carried carried, int stage);

        NDArray end(Carried carried);
    }

    Checkpointed(Staged model) {
        this.model = model;
    }

    @Override
    public NDArray predict(
            NDArray x, NDArray times, TrainableDenoiser.Told told, @Nullable NDArray mask) {
        remembered.clear();
        begun = model.begin(x, times, told, mask);
        Carried carried = new Carried(begun.arrays.stream().map(k::copy).toList(), begun.more);
        for (int i = 0; i < model.stages(); i++) {
            remembered.add(carried.arrays.getFirst());
            try (NDArray y = model.stage(carried, i)) {
                carried = carried.with(k.copy(y));
            }
        }
        remembered.add(carried.arrays.getFirst());
        try (NDArray y = model.end(carried)) {
            output = leaf(y);
        }
        return output;
    }

    private NDArray leaf(NDArray x) {
        NDArray leaf = k.copy(x);
        leaf.setRequiresGradient(true);
        return leaf;
    }

    /**
     * The gradients of a loss of the last prediction.
     *
     * @param parameters what the model computes with, under their names
     * @return in the order of the parameters
     */
    List<NDArray> gradients(NDArray loss, Map<String, NDArray> parameters) {
        Carried start = Objects.requireNonNull(begun);
        NDManager manager = loss.getManager();
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        List<NDArray> carried = new ArrayList<>();
        start.arrays.forEach(_ -> carried.add(manager.create(0f)));
        NDArray above = k.gradients(loss, List.of(Objects.requireNonNull(output))).getFirst();
        for (int i = model.stages(); i >= 0; i--) {
            int stage = i;
            Predicate<String> own =
                    key -> stage < model.stages() ? model.belongs(key, stage) : isOfNone(key);
            try (NDManager part = manager.newSubManager()) {
                List<NDArray> leaves = new ArrayList<>();
                for (NDArray array : start.with(remembered.get(i)).arrays) {
                    NDArray leaf = leaf(array);
                    leaf.attach(part);
                    leaves.add(leaf);
                }
                Carried again = new Carried(leaves, start.more);
                NDArray y = stage < model.stages() ? model.stage(again, stage) : model.end(again);
                List<NDArray> found =
                        gradients(List.of(y), List.of(above), leaves, parameters, own, gradients);
                above.close();
                above = found.getFirst();
                for (int j = 1; j < leaves.size(); j++) {
                    NDArray sum = k.add(carried.get(j), found.get(j));
                    carried.set(j, sum);
                }
                above.attach(manager);
            }
        }
        carried.set(0, above);
        gradients(start.arrays, carried, List.of(), parameters, this::isOfNone, gradients);
        return parameters.keySet().stream().map(gradients::get).toList();
    }

    private boolean isOfNone(String key) {
        for (int i = 0; i < model.stages(); i++) {
            if (model.belongs(key, i)) {
                return false;
            }
        }
        return true;
    }

    /** Gradients of leaves; those of parameters are added to what is there of them. */
    private List<NDArray> gradients(
            List<NDArray> outputs,
            List<NDArray> above,
            List<NDArray> leaves,
            Map<String, NDArray> parameters,
            Predicate<String> own,
            Map<String, NDArray> sums) {
        List<String> keys = parameters.keySet().stream().filter(own).toList();
        if (keys.isEmpty() && leaves.isEmpty()) { // a beginning that learns nothing
            return List.of();
        }
        List<NDArray> inputs = new ArrayList<>(leaves);
        keys.forEach(key -> inputs.add(parameters.get(key)));
        NDArray product = k.innerProduct(outputs, above);
        List<NDArray> found = k.gradients(product, inputs);
        NDManager manager = above.getFirst().getManager();
        for (int i = 0; i < keys.size(); i++) {
            NDArray one = found.get(leaves.size() + i);
            one.attach(manager);
            sums.merge(keys.get(i), one, k::add);
        }
        return found;
    }
}
