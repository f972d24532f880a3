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

class FramingTest {
    @Test
    void aSideThatIsWholeOnPaperIsRoundedAsItsReleaseRoundedIt() {
        FrameSize frame = new FrameSize(29, 50);
        assertEquals(new FrameSize(57, 100), size(new Framing.LongSideScale(100), frame));
        assertEquals(new FrameSize(58, 100), size(new Framing.LongSideResize(100, false), frame));
    }

    @Test
    void noSideOfAStripVanishes() {
        FrameSize strip = new FrameSize(1, 1000);
        assertEquals(new FrameSize(1, 24), size(new Framing.LongSideScale(24), strip));
        assertEquals(new FrameSize(1, 24), size(new Framing.LongSideResize(24, true), strip));
        FrameSize box = new FrameSize(24, 24);
        assertEquals(new FrameSize(1, 24), size(new Framing.BoxResize(box, true), strip));
        assertEquals(new FrameSize(1, 316), size(new Framing.AreaResize(100), strip));
        assertEquals(new Window(500, 0, 1, 1), new Framing.CentreCrop(box).of(strip).window());
    }

    @Test
    void smallerFramesAreEnlargedOnlyWhereAskedFor() {
        FrameSize small = new FrameSize(9, 16);
        FrameSize box = new FrameSize(90, 160);
        assertEquals(small, size(new Framing.LongSideResize(160, true), small));
        assertEquals(box, size(new Framing.LongSideResize(160, false), small));
        assertEquals(small, size(new Framing.BoxResize(box, true), small));
        assertEquals(box, size(new Framing.BoxResize(box, false), small));
        assertEquals(small, size(new Framing.AreaResize(144), small));
    }

    @Test
    void halfAPixelOfTheMiddleGoesToTheEvenSide() {
        Framing square = new Framing.CentreCrop(new FrameSize(8, 8));
        assertEquals(new Window(2, 0, 10, 10), square.of(new FrameSize(10, 15)).window());
        assertEquals(new Window(0, 4, 10, 10), square.of(new FrameSize(17, 10)).window());
    }

    @Test
    void framesShorterThanAStrideHaveNoWholeOne() {
        Framing crop = new Framing.StrideCrop(16, true);
        assertThrows(IllegalArgumentException.class, () -> crop.of(new FrameSize(15, 64)));
    }

    @Test
    void onlyTheOldestRuleLeavesDetailToChance() {
        try (NDManager manager = Kernels.newManager()) {
            Kernels k = Kernels.inference();
            float[] stripes = new float[64 * 64];
            for (int i = 0; i < stripes.length; i++) {
                stripes[i] = i % 4 == 0 ? 1 : 0;
            }
            NDArray x = manager.create(stripes, new Shape(1, 64, 64));
            assertEquals(0, new Framing.LongSideScale(16).apply(x, k).max().getFloat());
            NDArray smooth = new Framing.LongSideResize(16, true).apply(x, k);
            assertEquals(0.25, smooth.mean().getFloat(), 0.05);
        }
    }

    @Test
    void aClipOfOnePixelBecomesAnySize() {
        try (NDManager manager = Kernels.newManager()) {
            NDArray pixel = manager.create(new float[] {0.25f}, new Shape(1, 1, 1, 1));
            float[] grey = {0.25f, 0.25f, 0.25f, 0.25f};
            Kernels k = Kernels.inference();
            for (Framing framing :
                    new Framing[] {
                        new Framing.LongSideScale(2),
                        new Framing.LongSideResize(2, false),
                        new Framing.CentreCrop(new FrameSize(2, 2))
                    }) {
                assertArrayEquals(grey, framing.apply(pixel, k).toFloatArray(), 1e-6f);
            }
        }
    }

    private static FrameSize size(Framing framing, FrameSize frame) {
        return framing.of(frame).size();
    }
}
