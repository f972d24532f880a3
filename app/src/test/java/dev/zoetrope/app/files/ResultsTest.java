package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void theFolderIsMade() {
        var results = new Results(home.resolve("Videos/Zoetrope"));
        Path file = results.free("street - reconstruction");
        assertEquals(home.resolve("Videos/Zoetrope/street - reconstruction.mp4"), file);
        assertTrue(Files.isDirectory(home.resolve("Videos/Zoetrope")));
    }

    @Test
    void anEarlierResultKeepsItsName() throws IOException {
        var results = new Results(home);
        Files.createFile(results.free("a"));
        Files.createFile(results.free("a"));
        assertEquals(home.resolve("a 3.mp4"), results.free("a"));
    }

    @Test
    void aFolderThatCannotBeMadeIsAProblem() throws IOException {
        Path taken = Files.writeString(home.resolve("taken"), "a file");
        var results = new Results(taken.resolve("Zoetrope"));
        var failure = assertThrows(ProblemException.class, () -> results.free("a"));
        assertInstanceOf(Problem.FileInaccessible.class, failure.problem());
    }
}
