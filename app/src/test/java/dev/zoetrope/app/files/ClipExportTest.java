package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.recipe.Recipe;
import dev.zoetrope.runtime.reconstruction.FrameComparison;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        ClipExport.write(clip, target);
        assertArrayEquals(Files.readAllBytes(clip), Files.readAllBytes(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void inAnotherFormatItIsEncodedWithAllItsFrames() throws IOException {
        Path clip = SampleClip.file(samples);
        Path target = folder.resolve("clip.gif");
        ClipExport.write(clip, target);
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

        ClipExport.write(clip, PART, target, progress::add, new Cancellation());

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
        assertEquals(
                PART.map(Recipe.of(clip).orElseThrow()::excerpt).map(Recipe::json),
                Recipe.of(target).map(Recipe::json));
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
                () -> ClipExport.write(clip, PART, clip, _ -> {}, new Cancellation()));
        assertArrayEquals(before, Files.readAllBytes(clip));
        assertEquals(folder.resolve("clip 6-13.mp4"), ClipExport.suggestion(clip, PART));
    }

    @Test
    void aFolderThatIsNotThereIsAProblem() throws IOException {
        Path target = folder.resolve("missing/clip.mp4");
        var failure =
                assertThrows(
                        ProblemException.class,
                        () -> ClipExport.write(SampleClip.file(samples), target));
        assertInstanceOf(Problem.FileInaccessible.class, failure.problem());
        assertTrue(failure.problem().cause().contains("there is no folder"));
        assertEquals(List.of(), files());
    }

    @Test
    void anUnknownExtensionIsAProblem() {
        assertThrows(
                ProblemException.class,
                () -> ClipExport.write(SampleClip.file(samples), folder.resolve("clip.docx")));
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
