package dev.zoetrope.weights;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the initializers of an ONNX model, which is one protocol buffer; of its graph only what
 * names them. Torch exports the matrix of a linear layer transposed and under a number. It gets
 * back what it was: the name of the layer, which its node still has, and a shape of (out, in).
 */
final class Onnx {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    /** Of a model's version, which is its first field. */
    private static final int VERSION_TAG = 1 << 3 | VARINT;

    private static final int FLOAT = 1;

    private static final String NUMBERED = "onnx::MatMul_";
    private static final String PRODUCT = "/MatMul";

    /** Heap of one initializer's entry beside its name. */
    private static final int HEAP_PER_TENSOR = 1200;

    private static final int HEAP_PER_NODE = 300;

    /** What to do with a field: {@code value} is its number, or for bytes their length. */
    @FunctionalInterface
    private interface Fields {
        void field(int number, int type, long value) throws IOException;
    }

    /** A tensor of the graph as its fields come. */
    private static final class Initializer {
        private final List<Long> shape = new ArrayList<>();
        private String name = "";
        private int type;
        private long offset;
        private long length;
        private boolean floats;
        private boolean elsewhere;
        private boolean numberByNumber;
    }

    /** A node of the graph as its fields come. */
    private static final class Node {
        private String name = "";
        private final List<String> inputs = new ArrayList<>();
    }

    private final FileBytes in;
    private final List<Initializer> initializers = new ArrayList<>();

    /** Names of layers by those of the matrices they multiply with. */
    private final Map<String, String> layers = new HashMap<>();

    private int graphs;
    private boolean hasOperators;

    private Onnx(FileBytes in) {
        this.in = in;
    }

    /** Whether a file begins as a model does: with a version, then another field of a model. */
    static boolean begins(byte[] head) {
        int type = head[2] & 7;
        return head[0] == VERSION_TAG
                && head[1] > 0
                && head[2] >> 3 > 1
                && (type == BYTES || type == VARINT);
    }

    static WeightFile read(FileBytes in) throws IOException {
        in.seek(0);
        Onnx model = new Onnx(in);
        model.readModel();
        return WeightFile.of(in.file(), WeightFile.Format.ONNX, model.slices(), Map.of());
    }

    private void readModel() throws IOException {
        readFields(
                in.size(),
                (field, type, value) -> {
                    switch (field) {
                        case 7 -> readGraph(end(type, value));
                        case 8 -> hasOperators = true;
                        default -> {}
                    }
                });
        // The format demands both, and writers put the set of operators last: without it the file
        // may have been cut short where a field ends.
        if (graphs != 1 || !hasOperators) {
            throw in.damaged("it does not have one graph and a set of operators");
        }
        if (initializers.isEmpty()) {
            throw in.unknown("it holds no named weights");
        }
    }

    private void readGraph(long end) throws IOException {
        graphs++;
        readFields(
                end,
                (field, type, value) -> {
                    switch (field) {
                        case 1 -> readNode(end(type, value));
                        case 5 -> readInitializer(end(type, value));
                        default -> {}
                    }
                });
    }

    private void readNode(long end) throws IOException {
        in.charge(HEAP_PER_NODE);
        Node node = new Node();
        readFields(
                end,
                (field, type, value) -> {
                    switch (field) {
                        case 1 -> node.inputs.add(text(type, value));
                        case 3 -> node.name = text(type, value);
                        default -> {}
                    }
                });
        if (node.inputs.size() == 2
                && node.inputs.get(1).startsWith(NUMBERED)
                && node.name.startsWith("/")
                && node.name.endsWith(PRODUCT)) {
            String layer = node.name.substring(1, node.name.length() - PRODUCT.length());
            layers.put(node.inputs.get(1), layer.replace('/', '.'));
        }
    }

    private void readInitializer(long end) throws IOException {
        in.charge(HEAP_PER_TENSOR);
        Initializer tensor = new Initializer();
        readFields(
                end,
                (field, type, value) -> {
                    switch (field) {
                        case 1 -> readShape(tensor, type, value);
                        case 2 -> tensor.type = Math.clamp(value, 0, Byte.MAX_VALUE);
                        case 4 -> {
                            readNumbers(tensor, type, value);
                            tensor.floats = true;
                        }
                        case 5, 6, 7, 10, 11 -> tensor.numberByNumber = true;
                        case 8 -> tensor.name = text(type, value);
                        case 9 -> readNumbers(tensor, type, value);
                        case 13, 14 -> tensor.elsewhere |= field == 13 || value != 0;
                        default -> {}
                    }
                });
        initializers.add(tensor);
    }

    /** Lengths come one to a field or all in one. */
    private void readShape(Initializer tensor, int type, long value) throws IOException {
        if (type == VARINT) {
            in.charge(64);
            tensor.shape.add(value);
            return;
        }
        long end = end(type, value);
        while (in.position() < end) {
            in.charge(64);
            tensor.shape.add(varint());
        }
    }

    /** Numbers lie as they do in memory; those of floats may do so in a field of their own. */
    private void readNumbers(Initializer tensor, int type, long length) {
        if (type != BYTES || tensor.length > 0) {
            throw malformed();
        }
        tensor.offset = in.position();
        tensor.length = length;
    }

    /** Reads fields up to exactly {@code end}; the bytes that nobody reads are skipped. */
    private void readFields(long end, Fields fields) throws IOException {
        while (in.position() < end) {
            long tag = varint();
            int number = (int) (tag >>> 3);
            int type = (int) (tag & 7);
            if (tag >>> 32 != 0 || number == 0) {
                throw malformed();
            }
            long value =
                    switch (type) {
                        case VARINT, BYTES -> varint();
                        case FIXED_32 -> Integer.BYTES;
                        case FIXED_64 -> Long.BYTES;
                        default -> throw malformed();
                    };
            long next = in.position() + (type == VARINT ? 0 : value);
            if (next < in.position() || next > end) {
                throw malformed();
            }
            fields.field(number, type, value);
            if (in.position() > next) {
                throw malformed();
            }
            in.seek(next);
        }
        if (in.position() != end) {
            throw malformed();
        }
    }

    /** Where a field of bytes ends that begins here. */
    private long end(int type, long length) {
        if (type != BYTES) {
            throw malformed();
        }
        return in.position() + length;
    }

    private String text(int type, long length) throws IOException {
        return in.text(end(type, length) - in.position());
    }

    /** Seven bits to a byte, the lowest first; negative when it does not fit a signed long. */
    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = in.u8();
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw malformed();
    }

    private RuntimeException malformed() {
        return in.damaged("a part of it is not what its length and kind say");
    }

    private Map<String, TensorSlice> slices() {
        Map<String, TensorSlice> slices = new LinkedHashMap<>();
        for (Initializer tensor : initializers) {
            String layer = layers.get(tensor.name);
            TensorSlice slice = slice(tensor);
            boolean linear = layer != null && tensor.shape.size() == 2;
            String name = linear ? layer + ".weight" : tensor.name;
            if (slices.put(name, linear ? transposed(slice) : slice) != null) {
                throw in.damaged("tensor " + name + " exists twice");
            }
        }
        return slices;
    }

    private TensorSlice slice(Initializer tensor) {
        if (tensor.elsewhere) {
            throw in.unknown("the numbers of tensor " + tensor.name + " are in another file");
        }
        if (tensor.numberByNumber) {
            throw in.unknown("the numbers of tensor " + tensor.name + " are listed one by one");
        }
        DType dtype = dtype(tensor.type);
        if (dtype == null) {
            throw in.unknown(
                    "tensor %s has the number type %d".formatted(tensor.name, tensor.type));
        }
        if (tensor.floats && tensor.type != FLOAT) {
            throw malformed();
        }
        try {
            if (tensor.shape.stream().allMatch(length -> length >= 0)
                    && dtype.bytesFor(TensorSlice.count(tensor.shape)) == tensor.length) {
                return TensorSlice.contiguous(in.file(), dtype, tensor.offset, tensor.shape);
            }
        } catch (ArithmeticException e) {
            throw in.damaged(
                    "tensor " + tensor.name + " claims more elements than can be counted", e);
        }
        throw in.damaged(
                "tensor %s of shape %s does not fill its %d bytes"
                        .formatted(tensor.name, tensor.shape, tensor.length));
    }

    private static TensorSlice transposed(TensorSlice slice) {
        return new TensorSlice(
                slice.file(),
                slice.dtype(),
                slice.offset(),
                slice.shape().reversed(),
                slice.strides().reversed());
    }

    private static @Nullable DType dtype(int number) {
        return switch (number) {
            case FLOAT -> DType.F32;
            case 2 -> DType.U8;
            case 3 -> DType.I8;
            case 4 -> DType.U16;
            case 5 -> DType.I16;
            case 6 -> DType.I32;
            case 7 -> DType.I64;
            case 9 -> DType.BOOL;
            case 10 -> DType.F16;
            case 11 -> DType.F64;
            case 12 -> DType.U32;
            case 13 -> DType.U64;
            case 14 -> DType.C64;
            case 16 -> DType.BF16;
            default -> null;
        };
    }
}
