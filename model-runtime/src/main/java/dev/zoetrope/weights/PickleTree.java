package dev.zoetrope.weights;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Turns what a pickle held into unmodifiable maps, lists, sets, {@link TensorSlice}s, {@link
 * Opaque}s, text, numbers and null. Values that were shared stay shared, so the work is linear in
 * the size of the pickle; a container that holds itself is damage.
 */
final class PickleTree {
    private static final int MAX_DEPTH = 100;
    private static final int HEAP_PER_NODE = 300;

    private final FileBytes in;
    private final ToLongFunction<Pickled.Storage> locations;
    private final IdentityHashMap<Object, Object> finished = new IdentityHashMap<>();
    private final Set<Object> unfinished = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * @param locations the byte of the file at which a storage begins; must throw a problem unless
     *     the whole storage lies in the file
     */
    PickleTree(FileBytes in, ToLongFunction<Pickled.Storage> locations) {
        this.in = in;
        this.locations = locations;
    }

    @Nullable Object finish(@Nullable Object root) {
        return finish(root, 0);
    }

    private @Nullable Object finish(@Nullable Object value, int depth) {
        if (value == null || isLeaf(value)) {
            return value;
        }
        Object known = finished.get(value);
        if (known != null) {
            return known;
        }
        if (!unfinished.add(value)) {
            throw in.damaged("a container in it holds itself");
        }
        if (depth > MAX_DEPTH) {
            throw in.damaged("its containers are nested deeper than " + MAX_DEPTH);
        }
        in.charge(HEAP_PER_NODE);
        Object result = finishNode(value, depth);
        unfinished.remove(value);
        finished.put(value, result);
        return result;
    }

    private static boolean isLeaf(Object value) {
        return value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Opaque;
    }

    private Object finishNode(Object value, int depth) {
        return switch (value) {
            case Pickled.Name name -> new Opaque(name.qualified());
            case Pickled.Storage storage -> new Opaque("torch.storage " + storage.key());
            case Pickled.Tensor tensor -> slice(tensor);
            case Pickled.Tuple(var items) -> finishList(items, depth);
            case Pickled.Namespace(var attributes) -> finishMap(attributes, depth);
            case List<?> list -> finishList(list, depth);
            case Set<?> set -> Collections.unmodifiableSet(set);
            case Map<?, ?> map -> finishMap(map, depth);
            default -> throw new IllegalStateException("on the stack of a pickle: " + value);
        };
    }

    private List<@Nullable Object> finishList(List<?> list, int depth) {
        in.charge(8L * list.size());
        List<@Nullable Object> result = new ArrayList<>(list.size());
        for (Object item : list) {
            result.add(finish(item, depth + 1));
        }
        return Collections.unmodifiableList(result);
    }

    @SuppressWarnings("unchecked") // The pickle's maps hold any values; only those change here.
    private Map<Object, @Nullable Object> finishMap(Map<?, ?> map, int depth) {
        Map<Object, @Nullable Object> result = (Map<Object, @Nullable Object>) map;
        result.replaceAll((_, item) -> finish(item, depth + 1));
        return Collections.unmodifiableMap(result);
    }

    private TensorSlice slice(Pickled.Tensor tensor) {
        Pickled.Storage storage = tensor.storage();
        try {
            long skipped = tensor.dtype().bytesFor(tensor.offset());
            TensorSlice slice =
                    new TensorSlice(
                            in.file(),
                            tensor.dtype(),
                            Math.addExact(locations.applyAsLong(storage), skipped),
                            tensor.shape(),
                            tensor.strides());
            long size = storage.dtype().bytesFor(storage.elements());
            if (skipped <= size && slice.byteSpan() <= size - skipped) {
                return slice;
            }
        } catch (ArithmeticException e) {
            throw in.damaged("a tensor in it claims more elements than can be counted", e);
        }
        throw in.damaged(
                "a tensor of shape %s reaches beyond its storage %s"
                        .formatted(tensor.shape(), storage.key()));
    }
}
