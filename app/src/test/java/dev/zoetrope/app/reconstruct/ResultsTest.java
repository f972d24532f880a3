package dev.zoetrope.app.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class ResultsTest {
    @TempDir Path home;

    @Test
    void theFolderIsMadeAndTheNameTellsTheSource() {
        var results = new Results(home.resolve("Videos/Zoetrope"));
        assertEquals(
                home.resolve("Videos/Zoetrope/street - reconstruction.mp4"),
                results.fileFor(Path.of("/somewhere/street.webm")));
    }

    @Test
    void anEarlierResultKeepsItsName() throws IOException {
        var results = new Results(home);
        Files.createFile(results.fileFor(Path.of("a.mp4")));
        Files.createFile(results.fileFor(Path.of("a.mp4")));
        assertEquals(home.resolve("a - reconstruction 3.mp4"), results.fileFor(Path.of("a.mp4")));
    }

    @Test
    void namesWithoutExtensionAndHiddenFilesKeepTheirName() {
        var results = new Results(home);
        assertEquals(home.resolve("clip - reconstruction.mp4"), results.fileFor(Path.of("clip")));
        assertEquals(home.resolve(".clip - reconstruction.mp4"), results.fileFor(Path.of(".clip")));
    }

    @Test
    void aFolderThatCannotBeMadeIsAProblem() throws IOException {
        Path taken = Files.writeString(home.resolve("taken"), "a file");
        var results = new Results(taken.resolve("Zoetrope"));
        var failure = assertThrows(ProblemException.class, () -> results.fileFor(Path.of("a.mp4")));
        assertInstanceOf(Problem.FileInaccessible.class, failure.problem());
    }
}
