package dev.zoetrope.weights;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values that exist only while a pickle is read; {@link PickleTree} turns them into public ones.
 */
sealed interface Pickled {

    /** A Python class or function with its module, named and never looked up. */
    record Name(String qualified) implements Pickled {}

    /** A tuple; unlike a list it cannot be appended to, which keeps it free of cycles by itself. */
    record Tuple(List<@Nullable Object> items) implements Pickled {}

    /** An {@code argparse.Namespace}: an object that is nothing but its attributes. */
    record Namespace(Map<Object, @Nullable Object> attributes) implements Pickled {
        Namespace() {
            this(new LinkedHashMap<>());
        }
    }

    /**
     * A run of numbers outside the pickle.
     *
     * @param key how the file names it
     * @param elements its length in elements of {@code dtype}
     */
    record Storage(String key, DType dtype, long elements) implements Pickled {}

    /**
     * A strided view of a storage.
     *
     * @param dtype the elements' type; differs from the storage's only where that is untyped
     * @param offset elements of {@code dtype} from the start of the storage
     */
    record Tensor(Storage storage, DType dtype, long offset, List<Long> shape, List<Long> strides)
            implements Pickled {}
}
