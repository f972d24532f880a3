package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.media.FrameSize;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

class ConditionMaskTest {
    @Test
    void framesAnywhereAreDifferentOnes() {
        Random random = new Random(1);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            ConditionMask mask = ConditionMask.anywhere(7, 3, random);
            assertEquals(3, mask.given().size());
            seen.addAll(mask.given());
        }
        assertEquals(7, seen.size());
        assertEquals(ConditionMask.everything(7), ConditionMask.anywhere(7, 7, random));
    }

    @Test
    void aPictureIsItsOwnFirstAndLastFrame() {
        assertEquals(ConditionMask.everything(1), ConditionMask.first(1));
        assertEquals(ConditionMask.everything(1), ConditionMask.ends(1));
    }

    @Test
    void framesBeyondTheClipAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ConditionMask.beginning(4, 5));
        assertThrows(IllegalArgumentException.class, () -> new ConditionMask(4, Set.of(-1)));
    }

    @Test
    void theFirstFrameOfAnOddLengthFillsALatentFrameOfItsOwn() {
        try (NDManager manager = Kernels.newManager()) {
            ConditionMask mask = ConditionMask.beginning(9, 3);
            NDArray pixels = mask.pixels(manager, new FrameSize(8, 8)).reshape(1, 1, 9, 8, 8);
            NDArray latents = Kernels.inference().compressMask(pixels, 4, 8);
            assertEquals(new Shape(1, 4, 3, 1, 1), latents.getShape());
            assertArrayEquals(
                    new float[] {0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1}, latents.toFloatArray());
        }
    }
}
