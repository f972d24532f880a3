package dev.zoetrope.runtime.media;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_ARGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGBA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVA420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.primitives.Bytes;

import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

class FrameReaderTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    @TempDir Path folder;

    // What a frame looks like

    /** Corners are named in reading order: red, green, blue, and x for the light one. */
    @ParameterizedTest
    @CsvSource({
        " 1,  0,  0,  1, 64, 48, RGBx",
        " 0,  1, -1,  0, 48, 64, BRxG",
        "-1,  0,  0, -1, 64, 48, xBGR",
        " 0, -1,  1,  0, 48, 64, GxRB",
        "-1,  0,  0,  1, 64, 48, GRxB",
        " 0,  1,  1,  0, 48, 64, RBGx"
    })
    void rotationAndMirroringAreApplied(
            int a, int b, int c, int d, int width, int height, String corners) throws IOException {
        Path file = TestClips.write(folder.resolve("turned.mp4"), 3, WIDTH, HEIGHT, 24);
        setDisplayMatrix(file, a, b, c, d);

        try (FrameReader reader = FrameReader.open(file)) {
            assertEquals(width, reader.info().width());
            assertEquals(height, reader.info().height());
            assertEquals(corners, corners(next(reader)));
            assertEquals(corners, corners(next(reader.scaledTo(40, 40))));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 128, 48", "1, 2, 64, 96", "1, 1, 64, 48", "0, 1, 64, 48"})
    void pixelsAreMadeSquare(int across, int down, int width, int height) {
        Path file =
                new RawEncoder("matroska", "ffv1", AV_PIX_FMT_YUV444P)
                        .with(encoder -> {
                            try (AVRational aspect = new AVRational()) {
                                encoder.sample_aspect_ratio(aspect.num(across).den(down));
                            }
                        })
                        .write(folder.resolve("a.mkv"), frames(1), 24);

        try (FrameReader reader = FrameReader.open(file)) {
            assertEquals(width, reader.info().width());
            assertEquals(height, reader.info().height());
            Frame frame = next(reader);
            assertEquals(width, frame.width());
            assertEquals(height, frame.height());
            assertEquals("RGBx", corners(frame));
        }
    }

    static Stream<Arguments> colourTags() {
        return Stream.of(
                Arguments.of(AVCOL_SPC_BT470BG, AVCOL_RANGE_MPEG),
                Arguments.of(AVCOL_SPC_BT470BG, AVCOL_RANGE_JPEG),
                Arguments.of(AVCOL_SPC_BT709, AVCOL_RANGE_MPEG),
                Arguments.of(AVCOL_SPC_BT709, AVCOL_RANGE_JPEG),
                Arguments.of(AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_UNSPECIFIED));
    }

    @ParameterizedTest
    @MethodSource("colourTags")
    void colourMatrixAndRangeAreHonoured(int matrix, int range) {
        List<Frame> frames = frames(1);
        Path file =
                new RawEncoder("matroska", "ffv1", AV_PIX_FMT_YUV444P)
                        .with(encoder -> encoder.colorspace(matrix).color_range(range))
                        .write(folder.resolve("a.mkv"), frames, 24);

        assertClose(45, frames, TestClips.read(file));
    }

    @Test
    void tenBitsAreRoundedToEight() {
        List<Frame> frames = frames(2);
        Path file =
                new RawEncoder("matroska", "ffv1", AV_PIX_FMT_YUV420P10LE)
                        .write(folder.resolve("a.mkv"), frames, 24);

        assertClose(29, frames, TestClips.read(file));
    }

    static Stream<Arguments> transparentFormats() {
        return Stream.of(
                Arguments.of("a.png", new RawEncoder("image2", "png", AV_PIX_FMT_RGBA)),
                Arguments.of("a.mov", new RawEncoder("mov", "qtrle", AV_PIX_FMT_ARGB)),
                Arguments.of("a.webm", new RawEncoder("webm", "libvpx-vp9", AV_PIX_FMT_YUVA420P)),
                Arguments.of("a.webp", new RawEncoder("webp", "libwebp", AV_PIX_FMT_BGRA)));
    }

    @ParameterizedTest
    @MethodSource("transparentFormats")
    void whatIsTransparentIsLaidOnBlack(String name, RawEncoder encoder) {
        ByteBuffer halfWhite = ByteBuffer.allocate(4 * WIDTH * HEIGHT);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            halfWhite.putInt(0xffffff00 | (i % WIDTH < WIDTH / 2 ? 128 : 0));
        }
        Path file =
                encoder.write(folder.resolve(name), WIDTH, HEIGHT, List.of(halfWhite.flip()), 24);

        Frame frame = TestClips.read(file).getFirst();

        assertEquals(128, level(frame, WIDTH / 4, HEIGHT / 2), 4);
        assertEquals(0, level(frame, 3 * WIDTH / 4, HEIGHT / 2), 4);
    }

    @Test
    void framesOfAnAnimatedWebpAreLaidOverEachOther() {
        List<ByteBuffer> pictures = new ArrayList<>();
        byte[] rgba = new byte[4 * WIDTH * HEIGHT];
        for (int i = 0; i < 8; i++) {
            for (int at = 0; at < WIDTH * HEIGHT; at++) {
                boolean inside = Math.abs(at % WIDTH - 8 * i) < 6 && at / WIDTH > 5 * i;
                if (inside) {
                    rgba[4 * at] = (byte) (200 - 10 * i);
                    rgba[4 * at + 3] = (byte) (i % 2 == 0 ? 255 : 100);
                }
            }
            pictures.add(ByteBuffer.wrap(rgba.clone()));
        }
        Path file =
                new RawEncoder("webp", "libwebp_anim", AV_PIX_FMT_BGRA)
                        .with(Map.of("lossless", "1"))
                        .write(folder.resolve("a.webp"), WIDTH, HEIGHT, pictures, 10);

        List<Frame> frames = TestClips.read(file);

        assertEquals(pictures.size(), frames.size());
        for (int i = 0; i < frames.size(); i++) {
            for (int at = 0; at < WIDTH * HEIGHT; at++) {
                int red = pictures.get(i).get(4 * at) & 0xff;
                int opacity = pictures.get(i).get(4 * at + 3) & 0xff;
                int seen = level(frames.get(i), at % WIDTH, at / WIDTH);
                assertEquals(red * opacity / 255.0, seen, 3, "frame " + i + " at " + at);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"png, rgb24", "mjpeg, yuvj420p", "libwebp, bgra", "tiff, rgb24"})
    void aPictureIsAClipOfOneFrame(String codec, String format) {
        int pixelFormat = av_get_pix_fmt(format);
        String container = codec.equals("libwebp") ? "webp" : "image2";
        Path file =
                new RawEncoder(container, codec, pixelFormat)
                        .write(folder.resolve("picture." + extension(codec)), frames(1), 25);

        try (FrameReader reader = FrameReader.open(file)) {
            assertEquals(1, reader.info().frames());
            assertEquals(0, next(reader).timeMicros());
            assertNull(reader.read());
            reader.seekMicros(5_000_000);
            assertEquals("RGBx", corners(next(reader)));
        }
    }

    private static String extension(String codec) {
        return switch (codec) {
            case "mjpeg" -> "jpg";
            case "libwebp" -> "webp";
            default -> codec;
        };
    }

    @Test
    void scalingHappensWhileReading() {
        Path file = TestClips.write(folder.resolve("a.mp4"), 2, WIDTH, HEIGHT, 24);

        try (FrameReader reader = FrameReader.open(file).scaledTo(31, 17)) {
            Frame frame = next(reader);
            assertEquals(31, frame.width());
            assertEquals(17, frame.height());
            assertEquals("RGBx", corners(frame));
            assertEquals(WIDTH, reader.info().width());
        }
    }

    // When a frame is shown

    @ParameterizedTest
    @ValueSource(strings = {"a.mp4", "a.webm", "a.webp", "a.gif"})
    void irregularTimesAreKept(String name) {
        List<Long> times = List.of(0L, 40_000L, 60_000L, 500_000L, 520_000L, 1_000_000L);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            Frame frame = frames(times.size()).get(i);
            frames.add(new Frame(WIDTH, HEIGHT, frame.rgb(), times.get(i)));
        }
        Path file = folder.resolve(name);
        TestClips.write(file, VideoFormat.of(file), frames, 25, Map.of());

        assertEquals(times, TestClips.read(file).stream().map(Frame::timeMicros).toList());
    }

    @Test
    void theAverageRateOfAnIrregularClipIsItsFramesOverItsLength() {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame : frames(11)) {
            long doubled = frames.size() < 6 ? frame.timeMicros() : 2 * frame.timeMicros();
            frames.add(new Frame(WIDTH, HEIGHT, frame.rgb(), doubled));
        }
        Path file = folder.resolve("a.mp4");
        TestClips.write(file, VideoFormat.MP4, frames, 24, Map.of());

        try (FrameReader reader = FrameReader.open(file)) {
            assertEquals(11 / (reader.info().durationMicros() / 1e6), reader.info().fps(), 0.01);
            assertEquals(21 / 24.0, reader.info().durationMicros() / 1e6, 0.002);
        }
    }

    // Seeking

    static Stream<Arguments> seekable() {
        RawEncoder mpeg4 =
                new RawEncoder("mp4", "mpeg4", AV_PIX_FMT_YUV420P)
                        .with(encoder -> encoder.gop_size(12).max_b_frames(2).bit_rate(2_000_000));
        RawEncoder mpeg2 =
                new RawEncoder("mpegts", "mpeg2video", AV_PIX_FMT_YUV420P)
                        .with(encoder -> encoder.gop_size(12).max_b_frames(2).bit_rate(2_000_000));
        RawEncoder avi =
                new RawEncoder("avi", "mpeg4", AV_PIX_FMT_YUV420P)
                        .with(encoder -> encoder.gop_size(12).max_b_frames(2).bit_rate(2_000_000));
        RawEncoder elementary =
                new RawEncoder("m4v", "mpeg4", AV_PIX_FMT_YUV420P)
                        .with(encoder -> encoder.gop_size(12).bit_rate(2_000_000));
        return Stream.of(
                Arguments.of("b-frames.mp4", mpeg4),
                Arguments.of("b-frames.ts", mpeg2),
                Arguments.of("b-frames.avi", avi),
                Arguments.of("no-times.m4v", elementary),
                Arguments.of("h264.mp4", null),
                Arguments.of("vp9.webm", null),
                Arguments.of("a.webp", null),
                Arguments.of("a.gif", null));
    }

    @ParameterizedTest
    @MethodSource("seekable")
    void everyFrameIsReachedExactlyInAnyOrder(String name, @Nullable RawEncoder encoder) {
        List<Frame> written = frames(48);
        Path file = folder.resolve(name);
        if (encoder == null) {
            TestClips.write(file, VideoFormat.of(file), written, 24, Map.of());
        } else {
            encoder.write(file, written, 24);
        }
        List<Frame> frames = TestClips.read(file);
        assertEquals(48, frames.size());
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(7));

        try (FrameReader reader = FrameReader.open(file)) {
            for (int index : order) {
                reader.seekFrame(index);
                assertSame(frames.get(index), next(reader), "frame " + index);
            }
            for (int index : List.of(5, 6, 7, 8, 7, 6, 47, 0)) {
                reader.seekMicros(frames.get(index).timeMicros());
                assertSame(frames.get(index), next(reader), "at the time of frame " + index);
            }
            reader.seekMicros(frames.get(20).timeMicros() - 1000);
            assertSame(frames.get(19), next(reader), "just before frame 20");
            assertSame(frames.get(20), next(reader), "going on after a seek");
            reader.seekMicros(3_600_000_000L);
            assertSame(frames.get(47), next(reader), "long after the end");
            assertNull(reader.read());
            reader.seekFrame(48);
            assertNull(reader.read());
        }
    }

    private static void assertSame(Frame expected, Frame seen, String message) {
        assertEquals(expected.timeMicros(), seen.timeMicros(), message);
        assertEquals(expected.rgb(), seen.rgb(), message);
    }

    // Names

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space.mp4",
                "déjà vu 视频 🎬.mp4",
                "100%03d.mp4",
                "a?b*{c}[d].mp4",
                "x:y.mp4",
                "-i.mp4"
            })
    void anyNameWillDo(String name) {
        Path file = TestClips.write(folder.resolve(name), 2, WIDTH, HEIGHT, 24);

        assertEquals(2, TestClips.read(file).size());
    }

    @Test
    void aPictureWhoseNameLooksLikeASequenceIsOnePicture() throws IOException {
        Path png =
                new RawEncoder("image2", "png", AV_PIX_FMT_RGB24)
                        .write(folder.resolve("a.png"), frames(1), 25);
        Path odd = Files.move(png, folder.resolve("%03d.png"));

        assertEquals(1, TestClips.read(odd).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "a.png", "a.jpg", "a.mp3", "a"})
    void theContentDecidesNotTheName(String name) throws IOException {
        Path mp4 = TestClips.write(folder.resolve("clip.mp4"), 3, WIDTH, HEIGHT, 24);
        Path renamed = Files.move(mp4, folder.resolve(name));

        assertEquals(3, TestClips.read(renamed).size());
    }

    @Test
    void aFolderOfNumberedPicturesIsAClip() throws IOException {
        List<Frame> frames = TestClips.frames(5, WIDTH, HEIGHT, 24);
        Path clip = folder.resolve("frames");
        TestClips.write(clip, VideoFormat.PNG_FRAMES, frames, 24, Map.of("comment", "five"));
        Files.writeString(clip.resolve("000003.png"), "damaged");

        try (FrameReader reader = FrameReader.open(clip)) {
            assertEquals(5, reader.info().frames());
            assertEquals("five", reader.info().tag("comment").orElse(""));
            for (int i : List.of(0, 1, 3, 4)) {
                Frame seen = reader.read();
                assertNotNull(seen);
                assertEquals(frames.get(i).rgb(), seen.rgb(), "frame " + i);
                assertEquals(40_000L * i, seen.timeMicros());
            }
            assertNull(reader.read());
            assertEquals(1, reader.skippedFrames());
            reader.seekMicros(199_999);
            Frame last = reader.read();
            assertNotNull(last);
            assertEquals(frames.getLast().rgb(), last.rgb());
            reader.seekFrame(5);
            assertNull(reader.read());
        }
    }

    // Damage in the middle

    @Test
    void aDamagedFrameIsLeftOutAndCounted() throws IOException {
        Path file =
                new RawEncoder("avi", "mjpeg", AV_PIX_FMT_YUVJ420P)
                        .write(folder.resolve("a.avi"), frames(10), 24);
        byte[] bytes = Files.readAllBytes(file);
        byte[] startOfPicture = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
        int fifth = -1;
        for (int i = 0; i < 5; i++) {
            fifth = indexOf(bytes, startOfPicture, fifth + 1);
        }
        int sixth = indexOf(bytes, startOfPicture, fifth + 1);
        Arrays.fill(bytes, fifth, sixth - 100, (byte) 0);
        Files.write(file, bytes);

        try (FrameReader reader = FrameReader.open(file)) {
            List<Long> times = new ArrayList<>();
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                times.add(Math.round(frame.timeMicros() * 24 / 1e6));
            }
            assertEquals(List.of(0L, 1L, 2L, 3L, 5L, 6L, 7L, 8L, 9L), times);
            assertEquals(1, reader.skippedFrames());
        }
    }

    @Test
    void aDamagedFrameOfAnAnimatedWebpIsLeftOutAndCounted() throws IOException {
        Path file = TestClips.write(folder.resolve("a.webp"), 6, WIDTH, HEIGHT, 24);
        byte[] bytes = Files.readAllBytes(file);
        int third = -1;
        for (int i = 0; i < 3; i++) {
            third = indexOf(bytes, "VP8 ".getBytes(US_ASCII), third + 1);
        }
        for (int i = 0; i < 40; i++) {
            bytes[third + 8 + i] = 0;
        }
        Files.write(file, bytes);

        try (FrameReader reader = FrameReader.open(file)) {
            int read = 0;
            while (reader.read() != null) {
                read++;
            }
            assertEquals(5, read);
            assertEquals(1, reader.skippedFrames());
        }
    }

    @Test
    void aClosedReaderSaysSo() {
        Path file = TestClips.write(folder.resolve("a.mp4"), 2, WIDTH, HEIGHT, 24);
        FrameReader reader = FrameReader.open(file);
        reader.close();
        reader.close();

        assertThrows(IllegalStateException.class, reader::read);
    }

    @Test
    void aFrameOutlivesItsReader() {
        Path file = TestClips.write(folder.resolve("a.webm"), 2, WIDTH, HEIGHT, 24);
        Frame kept;
        try (FrameReader reader = FrameReader.open(file)) {
            kept = next(reader);
        }

        assertEquals("RGBx", corners(kept));
    }

    private static List<Frame> frames(int count) {
        return TestClips.frames(count, WIDTH, HEIGHT, 24);
    }

    private static Frame next(FrameReader reader) {
        Frame frame = reader.read();
        assertNotNull(frame);
        return frame;
    }

    private static void assertClose(double decibels, List<Frame> expected, List<Frame> seen) {
        assertEquals(expected.size(), seen.size());
        for (int i = 0; i < expected.size(); i++) {
            double psnr = TestClips.psnr(expected.get(i), seen.get(i));
            assertTrue(psnr >= decibels, "frame %d: %.1f dB".formatted(i, psnr));
        }
    }

    private static int level(Frame frame, int x, int y) {
        return frame.rgb().get(3 * (y * frame.width() + x)) & 0xff;
    }

    private static String corners(Frame frame) {
        int right = frame.width() - 1 - frame.width() / 8;
        int bottom = frame.height() - 1 - frame.height() / 8;
        return ""
                + colour(frame, frame.width() / 8, frame.height() / 8)
                + colour(frame, right, frame.height() / 8)
                + colour(frame, frame.width() / 8, bottom)
                + colour(frame, right, bottom);
    }

    private static char colour(Frame frame, int x, int y) {
        int at = 3 * (y * frame.width() + x);
        int red = frame.rgb().get(at) & 0xff;
        int green = frame.rgb().get(at + 1) & 0xff;
        int blue = frame.rgb().get(at + 2) & 0xff;
        if (red > 150 && green < 100 && blue < 100) {
            return 'R';
        } else if (green > 150 && red < 100 && blue < 100) {
            return 'G';
        } else if (blue > 150 && red < 100 && green < 100) {
            return 'B';
        }
        return 'x';
    }

    /** Overwrites the matrix in an MP4's track head (ISO 14496-12, section 8.3.2). */
    private static void setDisplayMatrix(Path mp4, int a, int b, int c, int d) throws IOException {
        byte[] bytes = Files.readAllBytes(mp4);
        int content = indexOf(bytes, new byte[] {'t', 'k', 'h', 'd'}, 0) + 4;
        boolean longTimes = bytes[content] == 1;
        ByteBuffer matrix = ByteBuffer.wrap(bytes).position(content + (longTimes ? 52 : 40));
        matrix.putInt(a << 16).putInt(b << 16).putInt(0).putInt(c << 16).putInt(d << 16);
        Files.write(mp4, bytes);
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        return from + Bytes.indexOf(rest, wanted);
    }
}
