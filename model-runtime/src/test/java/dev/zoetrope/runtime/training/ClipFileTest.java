package dev.zoetrope.runtime.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ClipFileTest {
    @TempDir Path folder;

    @Test
    void aFolderIsListedInOrderWithTheTextsBesideItsFiles() throws IOException {
        Path later = touch("b.mp4");
        Path inside = touch("a/z.png");
        Files.writeString(folder.resolve("b.txt"), "a boat\n");
        touch(".hidden.png");

        assertEquals(
                List.of(new ClipFile(inside, ""), new ClipFile(later, "a boat")),
                ClipFile.in(folder));
    }

    @Test
    void aListIsWhatItNamesThoughTheFilesAreGone() throws IOException {
        Path list = folder.resolve("list.csv");
        Files.writeString(list, "path,caption\ngone.mp4,a boat\n");

        ClipFile gone = new ClipFile(folder.resolve("gone.mp4"), "a boat");
        assertEquals(List.of(gone), ClipFile.in(list));
        assertInstanceOf(
                Problem.FileMissing.class,
                assertThrows(ProblemException.class, gone::info).problem());
    }

    @Test
    void whoeverDoesNotWaitAnyMoreEndsTheListing() throws IOException {
        touch("b.mp4");
        Cancellation stop = new Cancellation();
        stop.request();

        assertThrows(CancelledException.class, () -> ClipFile.in(folder, stop));
    }

    private Path touch(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }
}
