package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Bytes;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

class BrokenMediaTest {
    @TempDir Path folder;

    @Test
    void aMissingFileIsCalledMissing() {
        ProblemException e =
                assertThrows(
                        ProblemException.class,
                        () -> FrameReader.open(folder.resolve("nowhere.mp4")));

        assertInstanceOf(Problem.FileMissing.class, e.problem());
    }

    @Test
    void aFolderIsCalledAFolder() {
        assertUnreadable(folder, "it is a folder");
    }

    @Test
    void anEmptyFileIsCalledEmpty() throws IOException {
        assertUnreadable(Files.createFile(folder.resolve("a.mp4")), "it is empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.mp4", "a.webm", "a.gif", "a.webp", "a.png", "a.jpg", "a.txt", "a"})
    void textUnderAnotherNameIsNoVideo(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "Once upon a time.\n".repeat(500));

        assertUnreadable(file, "it is a text file");
    }

    @Test
    void aPlaylistDoesNotLeadToTheNetwork() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:%d/a.ts".formatted(server.getLocalPort());
            Path list =
                    Files.writeString(
                            folder.resolve("a.m3u8"),
                            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
                                    + address
                                    + "\n#EXT-X-ENDLIST\n");

            assertUnreadable(list, "it is a text file");

            server.setSoTimeout(100);
            assertThrows(SocketTimeoutException.class, server::accept);
        }
    }

    @Test
    void aRecordingCutOffBeforeItsIndexSaysSo() throws IOException {
        Path file =
                new RawEncoder("mp4", "mpeg4", AV_PIX_FMT_YUV420P)
                        .write(folder.resolve("a.mp4"), TestClips.frames(24, 64, 48, 24), 24);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

        assertUnreadable(file, "its index is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.mp4", "a.webm", "a.gif", "a.webp"})
    void aFileCutOffInTheMiddleGivesTheFramesItHas(String name) throws IOException {
        Path file = TestClips.write(folder.resolve(name), 24, 64, 48, 24);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));

        int frames = TestClips.read(file).size();

        assertTrue(frames > 5 && frames < 24, frames + " frames");
    }

    @Test
    void aContainerWithoutAFrameIsUnreadable() throws IOException {
        Path file = TestClips.write(folder.resolve("a.mp4"), 2, 64, 48, 24);
        byte[] bytes = Files.readAllBytes(file);
        // The sample table's count of pictures, twice: sizes and times.
        zeroCount(bytes, "stsz", 8);
        zeroCount(bytes, "stts", 4);
        Files.write(file, bytes);

        assertUnreadable(file, "not one frame");
    }

    private static void zeroCount(byte[] bytes, String box, int offset) {
        int at = Bytes.indexOf(bytes, box.getBytes(UTF_8)) + 4 + offset;
        Arrays.fill(bytes, at, at + 4, (byte) 0);
    }

    @Test
    void soundAloneIsNoVideo() throws IOException {
        assertUnreadable(TestSound.write(folder.resolve("a.wav"), 440, 1), "sound but no video");
    }

    @Test
    void aPictureOfOnePixelIsAClip() {
        Path file =
                new RawEncoder("image2", "png", AV_PIX_FMT_RGB24)
                        .write(folder.resolve("a.png"), TestClips.frames(1, 1, 1, 24), 25);

        Frame frame = TestClips.read(file).getFirst();

        assertEquals(1, frame.width());
        assertEquals(1, frame.height());
    }

    @Test
    void aPictureWithoutPixelsIsUnreadable() throws IOException {
        assertUnreadable(png(0, 0), "not one frame");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20_000})
    void aHugePictureIsRefusedWithItsNumbers(int height) throws IOException {
        assertUnreadable(png(100_000, height), "100000");
    }

    /** Only what stands in the picture's head is changed; its pixels are those of another size. */
    private Path png(int width, int height) throws IOException {
        Path file =
                new RawEncoder("image2", "png", AV_PIX_FMT_RGB24)
                        .write(folder.resolve("a.png"), TestClips.frames(1, 64, 48, 24), 25);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 12, 17);
        ByteBuffer.wrap(bytes).putInt(29, (int) checksum.getValue());
        return Files.write(file, bytes);
    }

    /**
     * Whatever the bytes, there are frames or a problem; never another exception, a crash, a hang.
     */
    @ParameterizedTest
    @ValueSource(strings = {"a.mp4", "a.webm", "a.gif", "a.webp"})
    void randomDamageEndsInFramesOrAProblem(String name) throws IOException {
        byte[] whole = Files.readAllBytes(TestClips.write(folder.resolve(name), 12, 64, 48, 24));
        Random random = new Random(name.hashCode());
        int opened = 0;
        for (int i = 0; i < 12; i++) {
            byte[] bytes = whole.clone();
            for (int n = 0; n < 1 + i; n++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve(i + name), bytes);
            try (FrameReader reader = FrameReader.open(file)) {
                opened++;
                while (reader.read() != null) {
                    assertTrue(reader.info().width() > 0);
                }
                reader.seekFrame(3);
                reader.read();
            } catch (ProblemException e) {
                assertInstanceOf(Problem.MediaUnreadable.class, e.problem());
            }
        }
        assertTrue(opened > 0);
    }

    private static void assertUnreadable(Path file, String reason) {
        ProblemException e = assertThrows(ProblemException.class, () -> FrameReader.open(file));

        Problem problem = assertInstanceOf(Problem.MediaUnreadable.class, e.problem());
        assertTrue(problem.cause().contains(reason), problem.cause());
    }
}
