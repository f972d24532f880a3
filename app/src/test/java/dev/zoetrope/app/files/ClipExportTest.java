package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.Clips;
import dev.zoetrope.app.PaperScene;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.UntaggedCopy;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.FrameComparison;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class ClipExportTest {
    private static final PaperScene SCENE = new PaperScene(96, 54, 12, 24);
    private static final Optional<FrameRange> PART = Optional.of(new FrameRange(5, 12));

    @TempDir Path folder;
    @TempDir Path samples;

    @Test
    void theSampleClipIsAVideo() {
        try (var reader = FrameReader.open(SampleClip.file(samples))) {
            assertEquals(340, reader.info().width());
        }
    }

    @Test
    void inItsOwnFormatAVideoIsCopied() throws IOException {
        Path clip = SampleClip.file(samples);
        Path target = folder.resolve("copy.mp4");
        Files.writeString(target, "an older file");
        ClipExport.write(clip, target, true);
        assertArrayEquals(Files.readAllBytes(clip), Files.readAllBytes(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void inAnotherFormatItIsEncodedWithAllItsFrames() throws IOException {
        Path clip = SampleClip.file(samples);
        Path target = folder.resolve("clip.gif");
        ClipExport.write(clip, target, true);
        try (var before = FrameReader.open(clip);
                var after = FrameReader.open(target)) {
            assertEquals(before.info().width(), after.info().width());
            assertEquals(before.info().frames(), after.info().frames());
        }
        assertEquals(List.of(target), files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"part.mp4", "part.webm", "part.gif", "part.webp", "part"})
    void aPartHasItsFramesAndSaysThatItIsOne(String name) throws IOException {
        Path clip = Clips.make(samples.resolve("clip.mp4"), "a balloon", "starter", SCENE, 1);
        Path target = folder.resolve(name);
        List<Double> progress = new ArrayList<>();

        ClipExport.write(clip, PART, target, true, progress::add, new Cancellation());

        List<Frame> all = frames(clip);
        List<Frame> some = frames(target);
        assertEquals(8, some.size());
        for (int i = 0; i < some.size(); i++) {
            double own = psnr(all.get(5 + i), some.get(i));
            assertTrue(own > psnr(all.get(4 + i), some.get(i)), "frame " + i);
            assertTrue(own > psnr(all.get(6 + i), some.get(i)), "frame " + i);
        }
        if (VideoFormat.of(target) != VideoFormat.PNG_FRAMES) {
            try (var reader = FrameReader.open(target)) {
                // A GIF counts in hundredths of a second, WebP in thousandths.
                assertEquals(SCENE.fps(), reader.info().fps(), name.endsWith("gif") ? 0.5 : 0.02);
            }
        }
        Recipe whole = Recipe.of(clip).orElseThrow().reencoded(VideoFormat.MP4.coding());
        assertEquals(
                PART.map(whole::excerpt).map(Recipe::json), Recipe.of(target).map(Recipe::json));
        assertEquals(8, progress.size());
        assertEquals(1, progress.getLast());
        assertTrue(files().stream().noneMatch(file -> file.toString().endsWith(".part")));
    }

    private static List<Frame> frames(Path clip) {
        List<Frame> frames = new ArrayList<>();
        try (var reader = FrameReader.open(clip)) {
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                frames.add(frame);
            }
        }
        return frames;
    }

    private static double psnr(Frame a, Frame b) {
        return FrameComparison.compare(a, b).psnr();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip.webp"})
    void aCopySaysWhatItsClipDoes(String name) throws IOException {
        Path clip = Clips.make(samples.resolve(name), "a balloon", "starter", SCENE, 1);
        Path target = folder.resolve(name);

        ClipExport.write(clip, target, true);

        assertArrayEquals(Files.readAllBytes(clip), Files.readAllBytes(target));
        assertEquals(Recipe.of(clip).orElseThrow().json(), Recipe.of(target).orElseThrow().json());
    }

    @Test
    void nothingOfAnOlderClipStaysBesideACopy() throws IOException {
        Path told = Clips.make(samples.resolve("told.webp"), "a balloon", "starter", SCENE, 1);
        Path mute = samples.resolve("mute.webp");
        Path target = folder.resolve("copy.webp");
        ClipExport.write(told, mute, false);
        ClipExport.write(told, target, true);

        ClipExport.write(mute, target, true);

        assertEquals(Optional.empty(), Recipe.of(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void eachOfItsPicturesSaysHowAClipWasMade() throws IOException {
        Path clip = Clips.make(samples.resolve("clip.mp4"), "a balloon", "starter", SCENE, 1);
        Path target = folder.resolve("frames");

        ClipExport.write(clip, target, true);

        String recipe = Recipe.of(clip).orElseThrow().reencoded(VideoFormat.MP4.coding()).json();
        assertEquals(recipe, Recipe.of(target).orElseThrow().json());
        assertEquals(recipe, Recipe.of(target.resolve("000007.png")).orElseThrow().json());
    }

    @Test
    void whatIsEncodedAgainSaysFromWhat() throws IOException {
        Path clip = Clips.make(samples.resolve("clip.mp4"), "a balloon", "starter", SCENE, 1);
        Path webm = folder.resolve("clip.webm");
        Path gif = folder.resolve("clip.gif");
        ClipExport.write(clip, webm, true);
        ClipExport.write(webm, gif, true);

        Recipe made = Recipe.of(clip).orElseThrow();
        assertEquals(
                made.reencoded("MP4 (libopenh264 qmax 22 qmin 18)")
                        .reencoded("WEBM (libvpx-vp9 crf 20)")
                        .json(),
                Recipe.of(gif).orElseThrow().json());
    }

    @Test
    void picturesThatLostNothingAreNotEncodedAgain() throws IOException {
        Path clip = Clips.make(samples.resolve("clip"), "a balloon", "starter", SCENE, 1);
        Path target = folder.resolve("clip.mp4");
        ClipExport.write(clip, target, true);
        assertEquals(Recipe.of(clip).map(Recipe::json), Recipe.of(target).map(Recipe::json));
    }

    @ParameterizedTest
    @CsvSource({
        "clip.mp4, copy.mp4",
        "clip.webm, copy.webm",
        "clip.gif, copy.gif",
        "clip.webp, copy.webp",
        "clip.mp4, copy.webm",
        "clip.mp4, copy",
        "clip, copy.mp4"
    })
    void withoutMetadataNothingSaysHowItWasMade(String from, String to) throws IOException {
        Path clip = Clips.make(samples.resolve(from), "a secret balloon", "starter", SCENE, 1);
        Path target = folder.resolve(to);

        ClipExport.write(clip, target, false);

        assertEquals(Optional.empty(), Recipe.of(target));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(text.contains("secret balloon"), file.toString());
            }
        }
        List<Frame> before = frames(clip);
        List<Frame> after = frames(target);
        assertEquals(before.size(), after.size());
        boolean coded = from.endsWith("mp4") || from.endsWith("webm");
        if (coded && VideoFormat.of(clip) == VideoFormat.of(target)) {
            assertTrue(
                    IntStream.range(0, before.size())
                            .allMatch(i -> before.get(i).rgb().equals(after.get(i).rgb())),
                    "it is copied");
        }
    }

    @Test
    void aCopyWithoutMetadataKeepsSoundAndTimes() {
        Path clip = SampleClip.file(samples);
        Path target = folder.resolve("copy.mp4");
        UntaggedCopy.write(clip, target);
        try (var before = FrameReader.open(clip);
                var after = FrameReader.open(target)) {
            assertEquals(before.info().audio(), after.info().audio());
            assertEquals(before.info().fps(), after.info().fps());
            assertEquals(before.info().durationMicros(), after.info().durationMicros());
            assertFalse(after.info().tag(Recipe.TAG).isPresent());
        }
        assertEquals(frames(clip).size(), frames(target).size());
    }

    @Test
    void whatIsCancelledLeavesNoFile() throws IOException {
        Path clip = SampleClip.file(samples);
        var cancellation = new Cancellation();
        assertThrows(
                CancelledException.class,
                () ->
                        ClipExport.write(
                                clip,
                                PART,
                                folder.resolve("part.webm"),
                                true,
                                _ -> cancellation.request(),
                                cancellation));
        assertEquals(List.of(), files());
    }

    @Test
    void aPartNeverReplacesItsClip() throws IOException {
        Path clip = Clips.make(folder.resolve("clip.mp4"), "a balloon", "starter", SCENE, 1);
        byte[] before = Files.readAllBytes(clip);
        assertThrows(
                ProblemException.class,
                () -> ClipExport.write(clip, PART, clip, true, _ -> {}, new Cancellation()));
        assertArrayEquals(before, Files.readAllBytes(clip));
        assertEquals(folder.resolve("clip 6-13.mp4"), ClipExport.suggestion(clip, PART));
    }

    @Test
    void aFolderThatIsNotThereIsAProblem() throws IOException {
        Path target = folder.resolve("missing/clip.mp4");
        var failure =
                assertThrows(
                        ProblemException.class,
                        () -> ClipExport.write(SampleClip.file(samples), target, true));
        assertInstanceOf(Problem.FileInaccessible.class, failure.problem());
        assertTrue(failure.problem().cause().contains("there is no folder"));
        assertEquals(List.of(), files());
    }

    @Test
    void anUnknownExtensionIsAProblem() {
        assertThrows(
                ProblemException.class,
                () ->
                        ClipExport.write(
                                SampleClip.file(samples), folder.resolve("clip.docx"), true));
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
