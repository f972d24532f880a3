package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class ClipExportTest {
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
