package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.TestClips;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class WindowedCodecTest {
    private static final int WINDOW = 16;
    private static final int OVERLAP = 4;

    @TempDir Path folder;
    private final NDManager manager = Kernels.newManager();
    private Codec model;

    @BeforeEach
    void load() throws IOException {
        model =
                CodecCheckpoint.open(TestCodec.copyTo(folder.resolve("codec")))
                        .load(manager, Kernels.inference(), Precision.FP32);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aClipOfAnyLengthGivesThatManyFramesInOrder() {
        List<Frame> clip = TestClips.frames(40, 8, 8, 24);
        for (int length = 1; length <= clip.size(); length++) {
            List<Frame> originals = new ArrayList<>();
            List<Frame> results = new ArrayList<>();
            code(clip.subList(0, length), originals, results);

            assertEquals(length, results.size());
            assertEquals(length, originals.size());
            for (int i = 0; i < length; i++) {
                assertSame(clip.get(i), originals.get(i), "frame " + i + " of " + length);
                assertEquals(clip.get(i).timeMicros(), results.get(i).timeMicros());
            }
        }
    }

    @Test
    void sizesThatNoFactorDividesAreCutBackToTheirOwn() {
        for (Frame frame : rebuilt(TestClips.frames(3, 17, 13, 24))) {
            assertEquals(17, frame.width());
            assertEquals(13, frame.height());
        }
    }

    @Test
    void twoWindowsAreThoseOfEachAloneFadedIntoEachOther() {
        int step = WINDOW - OVERLAP;
        List<Frame> clip = TestClips.frames(step + WINDOW, 16, 12, 24);
        List<Frame> first = rebuilt(clip.subList(0, WINDOW));
        List<Frame> second = rebuilt(clip.subList(step, step + WINDOW));

        List<Frame> whole = rebuilt(clip);

        for (int i = 0; i < whole.size(); i++) {
            Frame frame = whole.get(i);
            if (i < step) {
                assertEquals(first.get(i).rgb(), frame.rgb(), "frame " + i);
            } else if (i >= WINDOW) {
                assertEquals(second.get(i - step).rgb(), frame.rgb(), "frame " + i);
            } else {
                assertBetween(first.get(i).rgb(), frame.rgb(), second.get(i - step).rgb());
            }
        }
    }

    @Test
    void windowsThatTheFactorDoesNotDivideAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new WindowedCodec(model, manager, 10, 2, KeptWindows.none()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WindowedCodec(model, manager, 16, 8, KeptWindows.none()));
    }

    /** Bytes between those of two others, within rounding. */
    private static void assertBetween(ByteBuffer a, ByteBuffer between, ByteBuffer b) {
        for (int i = 0; i < a.limit(); i++) {
            int x = a.get(i) & 255;
            int y = b.get(i) & 255;
            int value = between.get(i) & 255;
            assertTrue(
                    value >= Math.min(x, y) - 1 && value <= Math.max(x, y) + 1,
                    value + " between " + x + " and " + y);
        }
    }

    private List<Frame> rebuilt(List<Frame> clip) {
        List<Frame> results = new ArrayList<>();
        code(clip, new ArrayList<>(), results);
        return results;
    }

    private void code(List<Frame> clip, List<Frame> originals, List<Frame> results) {
        try (WindowedCodec codec =
                new WindowedCodec(model, manager, WINDOW, OVERLAP, KeptWindows.none())) {
            for (Frame frame : clip) {
                WindowedCodec.Rebuilt rebuilt = codec.add(frame);
                originals.addAll(rebuilt.originals());
                results.addAll(rebuilt.reconstructions());
            }
            WindowedCodec.Rebuilt rest = codec.finish();
            originals.addAll(rest.originals());
            results.addAll(rest.reconstructions());
            assertTrue(codec.bits() > 0 && codec.codebook().orElseThrow().used() >= 1);
        }
    }
}
