package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.pipeline.SelfTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code doctor}: what it looks at, and what it tells of it. */
final class DoctorCommandTest {
    @TempDir Path folder;

    @Test
    void everyPartOfTheProgramIsTried() throws IOException {
        Terminal run = Terminal.run("--engine", "none", "doctor", "--json");
        JsonNode findings = new ObjectMapper().readTree(run.out());
        List<String> looked = new ArrayList<>();
        findings.forEach(finding -> looked.add(finding.get("what").asText()));

        assertTrue(
                looked.containsAll(
                        List.of(
                                "Java",
                                "libtorch",
                                "Device",
                                "Self-test",
                                "Codecs",
                                "Window",
                                "Folders",
                                "Engine",
                                "Disk")),
                looked.toString());
        for (JsonNode finding : findings) {
            boolean needed = !List.of("Window", "Models").contains(finding.get("what").asText());
            assertTrue(finding.get("fine").asBoolean() || !needed, finding.toString());
        }
    }

    @Test
    void theReportTellsTheFindingsAndNoFolders() throws IOException {
        Path report = folder.resolve("report.txt");

        Terminal run = Terminal.run("--engine", "none", "doctor", "--report", report);

        String text = Files.readString(report);
        assertTrue(text.startsWith("Zoetrope "), text);
        assertTrue(text.contains(SelfTest.EXPECTED), text);
        assertTrue(text.contains("End of the engine's log"), text);
        assertFalse(text.contains(System.getProperty("user.home") + "/"), text);
        assertFalse(text.contains(Path.of("target").toAbsolutePath().toString()), text);
        // The names of what was looked at, in the same order; what was found may name folders.
        assertEquals(names(run.out()), names(text).subList(1, 1 + names(run.out()).size()));
    }

    private static List<String> names(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.substring(0, Math.min(10, line.length())))
                .toList();
    }
}
