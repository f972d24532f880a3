package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class TensorSliceTest {
    private static final Path FILE = Path.of("w");

    @Test
    void aContiguousSliceSpansItsElements() {
        TensorSlice slice = TensorSlice.contiguous(FILE, DType.F32, 8, List.of(2L, 1L, 3L));
        assertEquals(List.of(3L, 3L, 1L), slice.strides());
        assertEquals(6, slice.elements());
        assertEquals(24, slice.byteSpan());
        assertTrue(slice.isContiguous());
        assertTrue(slice.isAligned());
    }

    @Test
    void theStrideOfAnAxisOfOneDoesNotMatter() {
        assertTrue(slice(List.of(2L, 1L, 3L), List.of(3L, 99L, 1L)).isContiguous());
        assertFalse(slice(List.of(2L, 3L), List.of(1L, 2L)).isContiguous());
        assertFalse(slice(List.of(2L), List.of(0L)).isContiguous());
    }

    @Test
    void gapsBetweenElementsBelongToTheSpan() {
        assertEquals(4 * (1 + 5 + 2 * 10), slice(List.of(2L, 3L), List.of(5L, 10L)).byteSpan());
        assertEquals(4, slice(List.of(7L), List.of(0L)).byteSpan());
        assertEquals(0, slice(List.of(0L, 3L), List.of(5L, 10L)).byteSpan());
        assertEquals(4, slice(List.of(), List.of()).byteSpan());
    }

    @Test
    void packedElementsRoundUpToWholeBytesAndAreNeverAligned() {
        TensorSlice slice = TensorSlice.contiguous(FILE, DType.F4, 0, List.of(3L));
        assertEquals(2, slice.byteSpan());
        assertFalse(slice.isAligned());
        assertThrows(IllegalStateException.class, () -> DType.F4.torchCode());
        assertThrows(IllegalStateException.class, () -> DType.F6_E2M3.byteSize());
    }

    @Test
    void anOffsetBetweenTwoElementsIsNotAligned() {
        assertFalse(TensorSlice.contiguous(FILE, DType.F32, 6, List.of(1L)).isAligned());
        assertTrue(TensorSlice.contiguous(FILE, DType.F16, 6, List.of(1L)).isAligned());
    }

    @Test
    void numbersThatNoFileHasAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> slice(List.of(-1L), List.of(1L)));
        assertThrows(IllegalArgumentException.class, () -> slice(List.of(1L), List.of(-1L)));
        assertThrows(IllegalArgumentException.class, () -> slice(List.of(1L), List.of()));
        assertThrows(
                ArithmeticException.class,
                () -> slice(List.of(Long.MAX_VALUE, 2L), List.of(0L, 0L)));
        assertThrows(ArithmeticException.class, () -> slice(List.of(2L), List.of(Long.MAX_VALUE)));
    }

    @Test
    void torchsTypeNumbersAreThoseOfItsScalarTypes() {
        assertEquals(0, DType.U8.torchCode());
        assertEquals(4, DType.I64.torchCode());
        assertEquals(6, DType.F32.torchCode());
        assertEquals(11, DType.BOOL.torchCode());
        assertEquals(15, DType.BF16.torchCode());
        assertEquals(29, DType.U64.torchCode());
    }

    private static TensorSlice slice(List<Long> shape, List<Long> strides) {
        return new TensorSlice(FILE, DType.F32, 0, shape, strides);
    }
}
