package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.TestClips;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

class OutputGuardTest {
    private static final int SIZE = 16;

    @Test
    void aMovingClipIsFine() {
        assertEquals(Optional.empty(), verdict(TestClips.frames(8, SIZE, SIZE, 8)));
    }

    @Test
    void aPictureIsFine() {
        assertEquals(Optional.empty(), verdict(TestClips.frames(1, SIZE, SIZE, 8)));
    }

    @Test
    void aBlackClipIsNamed() {
        assertFault("black", List.of(flat(1), flat(3), flat(0)));
    }

    @Test
    void aBlackBeginningIsFine() {
        List<Frame> frames = new ArrayList<>(List.of(flat(0)));
        frames.addAll(TestClips.frames(4, SIZE, SIZE, 8));

        assertEquals(Optional.empty(), verdict(frames));
    }

    @Test
    void aFrozenClipIsNamed() {
        assertFault("frozen", Collections.nCopies(6, flat(90)));
    }

    @Test
    void framesThatRepeatAreCounted() {
        List<Frame> doubled = new ArrayList<>();
        TestClips.frames(4, SIZE, SIZE, 8).forEach(frame -> doubled.addAll(List.of(frame, frame)));

        assertFault("4 of its 8 frames", doubled);
    }

    @Test
    void oneRepeatedFrameIsFine() {
        List<Frame> frames = new ArrayList<>(TestClips.frames(6, SIZE, SIZE, 8));
        frames.add(frames.getLast());

        assertEquals(Optional.empty(), verdict(frames));
    }

    private static void assertFault(String expected, List<Frame> frames) {
        String fault = verdict(frames).orElse("nothing");
        assertTrue(fault.contains(expected), fault);
    }

    private static Optional<String> verdict(List<Frame> frames) {
        OutputGuard guard = new OutputGuard();
        frames.forEach(guard::add);
        assertEquals(frames.size(), guard.frames());
        return guard.verdict();
    }

    private static Frame flat(int value) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * SIZE * SIZE);
        while (rgb.hasRemaining()) {
            rgb.put((byte) value);
        }
        return new Frame(SIZE, SIZE, rgb.flip(), 0);
    }
}
