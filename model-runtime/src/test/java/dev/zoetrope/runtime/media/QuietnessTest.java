package dev.zoetrope.runtime.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Native code writes past {@link System#err}, so what it writes is seen from outside only. */
class QuietnessTest {
    @TempDir Path folder;

    @Test
    void nativeLogsDoNotReachTheTerminal() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Program.class.getName(),
                                folder.toString())
                        .redirectErrorStream(true)
                        .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals("", output);
        assertEquals(0, process.waitFor());
    }

    /** Writes a clip with each encoder, gives one up, and reads a damaged one. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            List<Frame> frames = TestClips.frames(4, 64, 64, 24);
            for (VideoFormat format : VideoFormat.values()) {
                TestClips.write(folder.resolve("a" + format), format, frames, 24, Map.of());
            }
            Path abandoned = folder.resolve("b");
            try (FrameWriter writer =
                    FrameWriter.create(abandoned, VideoFormat.WEBM_AV1, 64, 64, 24, Map.of())) {
                writer.write(frames.getFirst());
            }
            Path damaged = folder.resolve("a" + VideoFormat.MP4);
            byte[] bytes = Files.readAllBytes(damaged);
            for (int i = bytes.length / 2; i < bytes.length; i += 3) {
                bytes[i] ^= 0x55;
            }
            Files.write(damaged, bytes);
            TestClips.read(damaged);
        }
    }
}
