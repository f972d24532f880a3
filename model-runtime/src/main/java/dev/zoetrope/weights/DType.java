package dev.zoetrope.weights;

/**
 * The number types of the safetensors format, under the format's own names. Torch pickles hold a
 * subset of them.
 */
public enum DType {
    BOOL(8, 11),
    /** Packed 4-bit float, two to a byte. */
    F4(4, DType.NOT_IN_TORCH),
    /** Packed 6-bit float, four to three bytes. */
    F6_E2M3(6, DType.NOT_IN_TORCH),
    /** Packed 6-bit float, four to three bytes. */
    F6_E3M2(6, DType.NOT_IN_TORCH),
    U8(8, 0),
    I8(8, 1),
    F8_E5M2(8, 23),
    F8_E4M3(8, 24),
    F8_E8M0(8, 44),
    F8_E4M3FNUZ(8, 26),
    F8_E5M2FNUZ(8, 25),
    I16(16, 2),
    U16(16, 27),
    F16(16, 5),
    BF16(16, 15),
    I32(32, 3),
    U32(32, 28),
    F32(32, 6),
    C64(64, 9),
    F64(64, 7),
    I64(64, 4),
    U64(64, 29);

    private static final int NOT_IN_TORCH = -1;

    private final int bits;
    private final int torchCode;

    DType(int bits, int torchCode) {
        this.bits = bits;
        this.torchCode = torchCode;
    }

    /** Bits per element: 4 or 6 for the packed types, otherwise 8, 16, 32 or 64. */
    public int bits() {
        return bits;
    }

    /** Whether elements are smaller than a byte; such tensors can be listed but not mapped. */
    public boolean isPacked() {
        return bits < Byte.SIZE;
    }

    /**
     * Bytes per element.
     *
     * @throws IllegalStateException for a {@linkplain #isPacked() packed} type
     */
    public int byteSize() {
        requireWholeBytes();
        return bits / Byte.SIZE;
    }

    /**
     * The number of libtorch's {@code ScalarType} of the same name.
     *
     * @throws IllegalStateException for a {@linkplain #isPacked() packed} type, which libtorch does
     *     not have
     */
    public int torchCode() {
        requireWholeBytes();
        return torchCode;
    }

    /**
     * Bytes that {@code elements} elements take, rounded up to whole bytes.
     *
     * @throws ArithmeticException if that exceeds a long
     */
    public long bytesFor(long elements) {
        if (isPacked()) {
            return Math.ceilDiv(Math.multiplyExact(elements, bits), Byte.SIZE);
        }
        return Math.multiplyExact(elements, bits / Byte.SIZE);
    }

    private void requireWholeBytes() {
        if (isPacked()) {
            throw new IllegalStateException(name() + " elements are smaller than a byte");
        }
    }
}
