package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class PaddedBatchTest {
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void clipsOfDifferentLengthAndShapeLieSideBySide() {
        PaddedBatch batch = PaddedBatch.of(List.of(ones(1, 4, 9), ones(5, 8, 4)), 4, 8);
        assertEquals(new Shape(2, 3, 8, 8, 16), batch.pixels().getShape());
        assertArrayEquals(
                new float[] {3 * 4 * 9, 3 * 5 * 8 * 4},
                batch.pixels().flatten(1, 4).sum(new int[] {1}).toFloatArray());
        // Of each clip two frames of one row and two columns of patches.
        assertArrayEquals(new float[] {1, 1, 0, 0, 1, 0, 1, 0}, batch.mask().toFloatArray());
    }

    @Test
    void aSinglePixelIsAPatch() {
        PaddedBatch batch = PaddedBatch.of(List.of(ones(1, 1, 1)), 4, 16);
        assertEquals(new Shape(1, 3, 4, 16, 16), batch.pixels().getShape());
        assertEquals(3, batch.pixels().sum().getFloat());
        assertArrayEquals(new float[] {1}, batch.mask().toFloatArray());
    }

    @Test
    void clipsOfWholePatchesAndOneSizeAreNotPadded() {
        PaddedBatch batch = PaddedBatch.of(List.of(ones(4, 8, 8), ones(4, 8, 8)), 2, 4);
        assertEquals(1, batch.pixels().min().getFloat());
        assertEquals(1, batch.mask().min().getFloat());
        assertEquals(new Shape(2, 2, 2, 2), batch.mask().getShape());
    }

    private NDArray ones(int frames, int height, int width) {
        return manager.ones(new Shape(3, frames, height, width));
    }
}
