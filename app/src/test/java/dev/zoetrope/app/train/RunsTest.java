package dev.zoetrope.app.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class RunsTest {
    @TempDir Path home;

    @Test
    void foldersAreRunsAndFilesAreNot() throws IOException {
        assertEquals(List.of(), new Runs(home.resolve("none yet")).names());
        Files.createDirectory(home.resolve("second"));
        Files.createDirectory(home.resolve("first"));
        Files.createFile(home.resolve("notes.txt"));
        assertEquals(List.of("first", "second"), new Runs(home).names());
    }

    @Test
    void aNewRunGetsTheFirstFreeNumber() {
        assertEquals(
                "codec-2", Runs.freeName(Subject.CODEC, List.of("codec-1", "codec-3", "other")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "..", "a/b", "a\\b", ".hidden"})
    void whatLeavesTheFolderIsNoName(String typed) {
        assertThrows(ProblemException.class, () -> new Runs(home).of(typed));
    }
}
