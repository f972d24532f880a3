package dev.zoetrope.runtime.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class FrameWriterTest {
    @TempDir Path folder;

    @Test
    void everyFrameOfAnMp4ComesBack() {
        List<Frame> frames = TestClips.frames(48, 64, 48, 24);

        List<Frame> back = TestClips.read(TestClips.write(folder.resolve("a.mp4"), 48, 64, 48, 24));

        assertEquals(frames.size(), back.size());
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(frames.get(i).timeMicros(), back.get(i).timeMicros());
            double psnr = TestClips.psnr(frames.get(i), back.get(i));
            assertTrue(psnr > 29, "frame " + i + ": " + psnr);
        }
    }
}
