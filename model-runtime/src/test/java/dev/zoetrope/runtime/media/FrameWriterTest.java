package dev.zoetrope.runtime.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class FrameWriterTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    @TempDir Path folder;

    // Pictures

    /** The bound is set by the corners' edges, whose colour 4:2:0 halves. */
    @ParameterizedTest
    @CsvSource({"MP4, 29", "WEBM_VP9, 29", "WEBM_AV1, 29", "WEBP, 29", "GIF, 36"})
    void everyFrameComesBackAtItsTime(VideoFormat format, double decibels) {
        List<Frame> frames = frames(24);

        List<Frame> back = TestClips.read(write(format, frames, Map.of()));

        assertEquals(frames.size(), back.size());
        for (int i = 0; i < frames.size(); i++) {
            // GIF counts hundredths of a second, WebM and WebP thousandths.
            assertEquals(
                    (double) frames.get(i).timeMicros(), (double) back.get(i).timeMicros(), 5_000);
            double psnr = TestClips.psnr(frames.get(i), back.get(i));
            assertTrue(psnr > decibels, "frame %d: %.1f dB".formatted(i, psnr));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = VideoFormat.class,
            names = {"MP4", "WEBM_VP9", "WEBM_AV1", "WEBP"})
    void smoothPicturesLoseNextToNothing(VideoFormat format) {
        List<Frame> smooth = new ArrayList<>();
        for (Frame frame : TestClips.frames(8, 32, 24, 24)) {
            smooth.add(TestClips.gradient(160, 120, frame.timeMicros()));
        }

        List<Frame> back = TestClips.read(write(format, smooth, Map.of()));

        for (int i = 0; i < smooth.size(); i++) {
            double psnr = TestClips.psnr(smooth.get(i), back.get(i));
            assertTrue(psnr > 38, "frame %d: %.1f dB".formatted(i, psnr));
        }
    }

    @ParameterizedTest
    @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
    @EnumSource(
            value = VideoFormat.class,
            names = {"MP4", "WEBM_VP9", "WEBM_AV1", "WEBP", "GIF"})
    void noFormatMakesTheThreadThatWritesItARealTimeOne(VideoFormat format) throws IOException {
        Path file = folder.resolve("clip." + format.name());
        try (FrameWriter writer = FrameWriter.create(file, format, 64, 64, 24, Map.of())) {
            for (int i = 0; i < 3; i++) {
                writer.write(TestClips.gradient(64, 64, i * 41_666L));
            }
            writer.finish();
        }
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        List<String> fields =
                Splitter.on(' ').splitToList(stat.substring(stat.lastIndexOf(')') + 2));

        assertEquals("0", fields.get(38), "scheduling policy in " + stat);
    }

    @Test
    void pngFramesAreExactAndNumberedFromOne() {
        List<Frame> frames = frames(3);

        Path written = write(VideoFormat.PNG_FRAMES, frames, Map.of());

        assertEquals(List.of("000001.png", "000002.png", "000003.png"), names(written));
        for (int i = 0; i < frames.size(); i++) {
            Frame back = TestClips.read(written.resolve("00000" + (i + 1) + ".png")).getFirst();
            assertEquals(frames.get(i).rgb(), back.rgb());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = VideoFormat.class,
            names = {"WEBM_VP9", "WEBM_AV1", "WEBP", "GIF"})
    void oddSizesAreKept(VideoFormat format) {
        List<Frame> frames = TestClips.frames(2, 67, 69, 24);

        Frame back = TestClips.read(write(format, frames, Map.of())).getFirst();

        assertEquals(67, back.width());
        assertEquals(69, back.height());
        assertTrue(TestClips.psnr(frames.getFirst(), back) > 27);
    }

    @Test
    void h264RepeatsItsEdgesUpToAnEvenSize() {
        Frame back =
                TestClips.read(
                                write(
                                        VideoFormat.MP4,
                                        List.of(TestClips.gradient(63, 47, 0)),
                                        Map.of()))
                        .getFirst();

        assertEquals(64, back.width());
        assertEquals(48, back.height());
        for (int y = 0; y < 47; y++) {
            int last = back.rgb().get(3 * (64 * y + 62)) & 0xff;
            int repeated = back.rgb().get(3 * (64 * y + 63)) & 0xff;
            assertEquals(last, repeated, 8);
        }
    }

    @ParameterizedTest
    @CsvSource({"MP4, 16", "WEBM_VP9, 1", "WEBP, 1", "GIF, 1"})
    void aSinglePixelIsAClip(VideoFormat format, int side) {
        Frame back =
                TestClips.read(write(format, TestClips.frames(1, 1, 1, 24), Map.of())).getFirst();

        assertEquals(side, back.width());
        assertEquals(side, back.height());
    }

    @Test
    void aSizeTheCodecCannotHoldIsRefusedWithAWayOut() {
        Path file = folder.resolve("a.mp4");
        ProblemException e =
                assertThrows(
                        ProblemException.class,
                        () ->
                                FrameWriter.create(
                                        file, VideoFormat.MP4, 16_000, 16_000, 24, Map.of()));

        assertInstanceOf(Impossible.SizeUnwritable.class, e.problem());
        assertTrue(e.problem().cause().contains("16000 x 16000"), e.problem().cause());
        assertEquals(List.of(), names(folder));
    }

    // Times

    @ParameterizedTest
    @CsvSource({
        "23.976, 24000, 1001",
        "29.97, 30000, 1001",
        "59.94, 60000, 1001",
        "24, 24, 1",
        "25.0, 25, 1",
        "12.5, 12500, 1000",
        "0.5, 500, 1000"
    })
    void roundedRatesMeanTheirFractions(double fps, int numerator, int denominator) {
        assertEquals(new FrameRate(numerator, denominator), FrameRate.of(fps));

        Path file = folder.resolve("a.mp4");
        TestClips.write(
                file, VideoFormat.MP4, TestClips.frames(5, WIDTH, HEIGHT, fps), fps, Map.of());
        try (FrameReader reader = FrameReader.open(file)) {
            assertEquals((double) numerator / denominator, reader.info().fps(), 1e-6);
            assertEquals(5, reader.info().frames());
            assertEquals(
                    5e6 * denominator / numerator, (double) reader.info().durationMicros(), 1000);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, 1001})
    void anImpossibleRateIsRefused(double fps) {
        assertThrows(IllegalArgumentException.class, () -> FrameRate.of(fps));
    }

    @Test
    void aGifLeavesOutWhatViewersWouldSlowDown() {
        Path file = folder.resolve("a.gif");
        TestClips.write(
                file, VideoFormat.GIF, TestClips.frames(20, WIDTH, HEIGHT, 100), 100, Map.of());

        List<Frame> back = TestClips.read(file);

        assertEquals(10, back.size());
        assertEquals(180_000, back.getLast().timeMicros());
    }

    @Test
    void timeThatStandsStillIsRefused() {
        Frame frame = frames(1).getFirst();
        try (FrameWriter writer = create(folder.resolve("a.mp4"))) {
            writer.write(frame);

            assertThrows(IllegalArgumentException.class, () -> writer.write(frame));
        }
    }

    // Tags

    @ParameterizedTest
    @EnumSource(
            value = VideoFormat.class,
            names = {"MP4", "WEBM_VP9", "WEBM_AV1", "GIF", "PNG_FRAMES"})
    void tagsComeBack(VideoFormat format) {
        Map<String, String> tags =
                Map.of("zoetrope", "{\"prompt\": \"猫 = cat\"}\r\n\\n", "title", "Überfahrt");

        Path file = write(format, frames(2), tags);

        Path readable = format == VideoFormat.PNG_FRAMES ? file.resolve("000002.png") : file;
        try (FrameReader reader = FrameReader.open(readable)) {
            tags.forEach((key, value) -> assertEquals(value, reader.info().tag(key).orElse("")));
            assertEquals("Überfahrt", reader.info().metadata().get("title"));
        }
    }

    @ParameterizedTest
    @EnumSource(VideoFormat.class)
    void aLongCommentComesBackFromEveryFormat(VideoFormat format) {
        String comment = "a boat 'in' \"the\" sea \\ 猫; ".repeat(400);

        Path file = write(format, frames(90), Map.of("comment", comment));

        try (FrameReader reader = FrameReader.open(file)) {
            assertEquals(comment, reader.info().tag("comment").orElse(""));
        }
    }

    @Test
    void aWebpHasItsCommentBesideItAndLosesThatOfAnOlderOne() throws IOException {
        Path clip = folder.resolve("a.webp");

        TestClips.write(clip, VideoFormat.WEBP, frames(2), 24, Map.of("comment", "first"));
        assertEquals("first", Files.readString(folder.resolve("a.webp.json")));
        TestClips.write(clip, VideoFormat.WEBP, frames(2), 24, Map.of("title", "no comment"));

        assertEquals(List.of("a.webp"), names(folder));
    }

    @Test
    void tagsAreWrittenInOneOrder() throws IOException {
        Map<String, String> tags = new LinkedHashMap<>(Map.of("a", "1"));
        tags.put("b", "2");
        Map<String, String> turned = new LinkedHashMap<>(Map.of("b", "2"));
        turned.put("a", "1");

        byte[] once = Files.readAllBytes(write(VideoFormat.GIF, frames(2), tags));
        byte[] again = Files.readAllBytes(write(VideoFormat.GIF, frames(2), turned));

        assertArrayEquals(once, again);
    }

    // Files

    @ParameterizedTest
    @EnumSource(VideoFormat.class)
    void nothingIsLeftOfAnUnfinishedClip(VideoFormat format) {
        try (FrameWriter writer = create(folder.resolve("a"), format)) {
            frames(3).forEach(writer::write);
            assertEquals(List.of("a.part"), names(folder));
        }

        assertEquals(List.of(), names(folder));
    }

    @Test
    void aProcessThatEndsCanDiscardWhatItHasNotFinished() {
        try (FrameWriter whole = create(folder.resolve("whole"), VideoFormat.PNG_FRAMES);
                FrameWriter cut = create(folder.resolve("cut.mp4"), VideoFormat.MP4)) {
            frames(2).forEach(whole::write);
            whole.finish();
            frames(2).forEach(cut::write);
            assertEquals(List.of("cut.mp4.part", "whole"), names(folder));

            FrameWriter.discardUnfinished();

            assertEquals(List.of("whole"), names(folder));
        }
    }

    @ParameterizedTest
    @EnumSource(VideoFormat.class)
    void theNameAppearsWithTheWholeClip(VideoFormat format) {
        try (FrameWriter writer = create(folder.resolve("a"), format)) {
            frames(3).forEach(writer::write);
            assertFalse(Files.exists(folder.resolve("a")));
            writer.finish();
            assertEquals(List.of("a"), names(folder));
        }
        assertEquals(List.of("a"), names(folder));
    }

    @Test
    void anOlderClipStaysUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("a.mp4"), "older");
        try (FrameWriter writer = create(file)) {
            writer.write(frames(1).getFirst());
            assertEquals("older", Files.readString(file));
            writer.finish();
        }

        assertEquals(1, TestClips.read(file).size());
    }

    @Test
    void whatAKilledWriterLeftIsReplaced() throws IOException {
        Path left = Files.createDirectory(folder.resolve("frames.part"));
        Files.writeString(left.resolve("000009.png"), "half");

        Path written = TestClips.write(folder.resolve("frames"), 2, WIDTH, HEIGHT, 24);

        assertEquals(List.of("000001.png", "000002.png"), names(written));
    }

    @Test
    void aFolderWithSomethingInItIsNotReplaced() throws IOException {
        Path frames = Files.createDirectory(folder.resolve("frames"));
        Files.writeString(frames.resolve("mine.txt"), "keep");

        assertInaccessible(frames, VideoFormat.PNG_FRAMES);

        assertEquals(List.of("mine.txt"), names(frames));
    }

    @Test
    void aPlaceWhereNothingCanBeWrittenIsRefusedAtOnce() throws IOException {
        assertInaccessible(folder.resolve("nowhere").resolve("a.mp4"), VideoFormat.MP4);
        assertInaccessible(Files.createDirectory(folder.resolve("b.mp4")), VideoFormat.MP4);
        assertInaccessible(
                Files.writeString(folder.resolve("c"), "a file"), VideoFormat.PNG_FRAMES);
    }

    private static void assertInaccessible(Path place, VideoFormat format) {
        ProblemException e =
                assertThrows(ProblemException.class, () -> create(place, format).close());
        assertInstanceOf(Problem.FileInaccessible.class, e.problem());
    }

    @ParameterizedTest
    @EnumSource(
            value = VideoFormat.class,
            names = {"MP4", "WEBM_VP9", "WEBM_AV1", "WEBP", "GIF"})
    void equalFramesMakeEqualFiles(VideoFormat format) throws IOException {
        byte[] once = Files.readAllBytes(write(format, frames(6), Map.of("title", "t")));
        byte[] again = Files.readAllBytes(write(format, frames(6), Map.of("title", "t")));

        assertArrayEquals(once, again);
    }

    @ParameterizedTest
    @CsvSource({
        "a.mp4, MP4",
        "A.MP4, MP4",
        "a.m4v, MP4",
        "a.webm, WEBM_VP9",
        "a.webp, WEBP",
        "a.gif, GIF",
        "frames, PNG_FRAMES"
    })
    void theExtensionChoosesTheFormat(String name, VideoFormat format) {
        assertEquals(format, VideoFormat.of(Path.of(name)));
    }

    @Test
    void anExtensionWithoutAFormatIsRefusedWithAWayOut() {
        ProblemException e =
                assertThrows(ProblemException.class, () -> VideoFormat.of(Path.of("clip.docx")));

        assertTrue(e.problem().cause().contains(".docx"));
        assertTrue(e.problem().remedy().contains(".mp4"));
    }

    @Test
    void aClosedWriterSaysSo() {
        FrameWriter writer = create(folder.resolve("a.mp4"));
        writer.close();

        assertThrows(IllegalStateException.class, () -> writer.write(frames(1).getFirst()));
    }

    // Sound

    @ParameterizedTest
    @CsvSource({"MP4, ENCODED", "WEBM_VP9, ENCODED"})
    void rawSoundIsEncoded(VideoFormat format, SoundTrack expected) throws Exception {
        Path tone = TestSound.write(folder.resolve("tone.wav"), 440, 3);

        assertTone(440, withSound(format, tone, 0, expected));
    }

    @Test
    void soundThatFitsIsCopied() throws Exception {
        Path tone = TestSound.write(folder.resolve("tone.wav"), 440, 3);
        Path source = withSound(VideoFormat.MP4, tone, 0, SoundTrack.ENCODED);

        assertTone(440, withSound(VideoFormat.MP4, source, 0, SoundTrack.COPIED));
        assertTone(440, withSound(VideoFormat.WEBM_VP9, source, 0, SoundTrack.ENCODED));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void soundBeginsWhereThePicturesDo(boolean copied) throws Exception {
        Path tones = TestSound.write(folder.resolve("tones.wav"), 440, 1.5, 880, 2);
        Path source = copied ? withSound(VideoFormat.MP4, tones, 0, SoundTrack.ENCODED, 72) : tones;

        assertTone(
                880,
                withSound(
                        VideoFormat.MP4,
                        source,
                        1.6,
                        copied ? SoundTrack.COPIED : SoundTrack.ENCODED));
    }

    @Test
    void missingSoundIsSaid() throws Exception {
        Path silent = TestClips.write(folder.resolve("silent.mp4"), 2, WIDTH, HEIGHT, 24);
        Path tone = TestSound.write(folder.resolve("tone.wav"), 440, 1);

        withSound(VideoFormat.MP4, silent, 0, SoundTrack.NONE_IN_SOURCE);
        withSound(VideoFormat.GIF, tone, 0, SoundTrack.NONE_IN_FORMAT);
        withSound(VideoFormat.WEBP, tone, 0, SoundTrack.NONE_IN_FORMAT);
    }

    private Path withSound(VideoFormat format, Path source, double start, SoundTrack expected) {
        return withSound(format, source, start, expected, 24);
    }

    private Path withSound(
            VideoFormat format, Path source, double start, SoundTrack expected, int frames) {
        Path file = folder.resolve("clip" + names(folder).size());
        try (FrameWriter writer = create(file, format)) {
            assertEquals(expected, writer.keepAudioOf(source, start, frames / 24.0));
            frames(frames).forEach(writer::write);
            writer.finish();
        }
        try (FrameReader reader = FrameReader.open(file)) {
            boolean heard = expected == SoundTrack.COPIED || expected == SoundTrack.ENCODED;
            assertEquals(heard, reader.info().audio());
        }
        assertEquals(frames, TestClips.read(file).size());
        return file;
    }

    /** Counts the zero crossings of one second of sound. */
    private static void assertTone(double hertz, Path file) throws Exception {
        int crossings = 0;
        int samples = 0;
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.toFile())) {
            grabber.setAudioChannels(1);
            grabber.start();
            short before = 0;
            for (var block = grabber.grabSamples(); block != null; block = grabber.grabSamples()) {
                ShortBuffer levels = (ShortBuffer) block.samples[0];
                while (levels.hasRemaining()) {
                    short level = levels.get();
                    crossings += (level < 0) != (before < 0) ? 1 : 0;
                    before = level;
                    samples++;
                }
            }
            double seconds = (double) samples / grabber.getSampleRate();
            assertEquals(1, seconds, 0.08);
            assertEquals(hertz, crossings / 2.0 / seconds, hertz * 0.03);
        }
    }

    private FrameWriter create(Path file) {
        return create(file, VideoFormat.of(file));
    }

    private static FrameWriter create(Path file, VideoFormat format) {
        return FrameWriter.create(file, format, WIDTH, HEIGHT, 24, Map.of());
    }

    private Path write(VideoFormat format, List<Frame> frames, Map<String, String> tags) {
        return TestClips.write(folder.resolve("clip"), format, frames, 24, tags);
    }

    private static List<Frame> frames(int count) {
        return TestClips.frames(count, WIDTH, HEIGHT, 24);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
