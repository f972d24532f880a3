package dev.zoetrope.app.generate;

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
import java.util.List;

final class PromptHistoryTest {
    @TempDir Path home;

    @Test
    void promptsOfManyLinesComeBackEachOnceWhereItWasUsedLast() {
        Path file = home.resolve("data/prompts.jsonl");
        var history = new PromptHistory(file);
        assertEquals(List.of(), history.read());
        history.add("a cat");
        history.add("a dog\nthat \"barks\"");
        history.add("a cat");
        assertEquals(List.of("a dog\nthat \"barks\"", "a cat"), new PromptHistory(file).read());
    }

    @Test
    void aLineThatWasCutOffSpoilsNoOther() throws IOException {
        Path file = home.resolve("prompts.jsonl");
        Files.writeString(file, "\"a cat\"\n\"a do");
        var history = new PromptHistory(file);
        history.add("a fish");
        assertEquals(List.of("a cat", "a fish"), history.read());
        assertEquals(true, Files.readString(file).contains("\"a do"));
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsAProblem() throws IOException {
        Path taken = Files.writeString(home.resolve("taken"), "a file");
        var history = new PromptHistory(taken.resolve("prompts.jsonl"));
        var failure = assertThrows(ProblemException.class, () -> history.add("a cat"));
        assertInstanceOf(Problem.FileInaccessible.class, failure.problem());
    }
}
