package dev.zoetrope.weights;

import java.nio.file.Path;
import java.util.List;

/**
 * Where one tensor lies in a file. Element {@code (i, j, …)} begins at byte {@code offset + (i *
 * strides[0] + j * strides[1] + …) * dtype.byteSize()}, little-endian. Slices handed out by {@link
 * WeightFile} lie inside their file; several may share bytes, as tied or transposed weights do.
 *
 * @param offset bytes from the start of the file to the first element
 * @param shape elements along each axis, each at least 0; empty for a scalar
 * @param strides elements from one index to the next along each axis, each at least 0
 */
public record TensorSlice(
        Path file, DType dtype, long offset, List<Long> shape, List<Long> strides) {
    /**
     * @throws IllegalArgumentException if a number is negative or shape and strides differ in rank
     * @throws ArithmeticException if the slice would end beyond the range of a long
     */
    public TensorSlice {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
        if (offset < 0 || shape.size() != strides.size()) {
            throw new IllegalArgumentException(
                    "offset " + offset + ", shape " + shape + ", strides " + strides);
        }
        for (int axis = 0; axis < shape.size(); axis++) {
            if (shape.get(axis) < 0 || strides.get(axis) < 0) {
                throw new IllegalArgumentException("shape " + shape + ", strides " + strides);
            }
        }
        var _ = count(shape);
        var _ = Math.addExact(offset, dtype.bytesFor(span(shape, strides)));
    }

    /** A slice whose elements lie one after the other, the last axis fastest. */
    static TensorSlice contiguous(Path file, DType dtype, long offset, List<Long> shape) {
        return new TensorSlice(file, dtype, offset, shape, contiguousStrides(shape));
    }

    /** Number of elements: the product of the shape, 1 for a scalar. */
    public long elements() {
        return count(shape);
    }

    /**
     * Bytes of the file from the first element to the end of the last one, gaps between them
     * included; 0 for an empty tensor.
     */
    public long byteSpan() {
        return dtype.bytesFor(span(shape, strides));
    }

    /** Whether the elements lie one after the other, the last axis fastest. */
    public boolean isContiguous() {
        long expected = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            long length = shape.get(axis);
            if (length == 0) {
                return true;
            }
            if (length != 1 && strides.get(axis) != expected) {
                return false;
            }
            expected *= length;
        }
        return true;
    }

    /** Whether the offset is a multiple of the element size, as a view of a mapped file needs. */
    public boolean isAligned() {
        return !dtype.isPacked() && offset % dtype.byteSize() == 0;
    }

    /** Product of a shape; throws ArithmeticException beyond a long. */
    static long count(List<Long> shape) {
        long elements = 1;
        for (long length : shape) {
            elements = Math.multiplyExact(elements, length);
        }
        return elements;
    }

    /** Elements from the first to the last one inclusive, 0 if there are none. */
    private static long span(List<Long> shape, List<Long> strides) {
        long last = 0;
        for (int axis = 0; axis < shape.size(); axis++) {
            if (shape.get(axis) == 0) {
                return 0;
            }
            last = Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, strides.get(axis)));
        }
        return Math.addExact(last, 1);
    }

    private static List<Long> contiguousStrides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, Math.max(1, shape.get(axis)));
        }
        return List.of(strides);
    }
}
