package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.pipeline.TestModel;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.estimate.Range;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code estimate}, on a machine that has never made a clip. */
class EstimateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path temp;
    private UserFolders folders;
    private Path model;

    @BeforeEach
    void prepare() {
        folders = new UserFolders(temp.resolve("home"));
        model = TestModel.ofClasses(temp.resolve("model"));
    }

    @Test
    void theFirstEstimateMeasuresTheModelAndSaysSo() {
        Terminal first = estimate("3", "--steps", "6");

        assertEquals(0, first.exit(), first.err());
        assertTrue(first.err().contains("about a minute"), first.err());
        for (String line :
                List.of(
                        "Opening  \\d.* s",
                        "Prompt   \\d.* s",
                        "Sampling \\d.* s",
                        "Decoding \\d.* s",
                        "Total    \\d.* to \\d.* s",
                        "Memory   \\d.* [MG]iB",
                        "Disk     \\d.*, and \\d.* while it is made",
                        "From     \\d+ clips of this model on this machine")) {
            assertTrue(
                    first.out().lines().anyMatch(one -> one.matches(line)),
                    line + " in " + first.out());
        }
        assertFalse(Files.exists(temp.resolve("c.mp4")));

        Terminal second = estimate("3", "--steps", "6");

        assertEquals(0, second.exit(), second.err());
        assertFalse(second.err().contains("minute"), second.err());
        assertEquals(first.out(), second.out());
    }

    @Test
    void jsonGivesTheNumbers() throws IOException {
        estimate("3");
        JsonNode some = JSON.readTree(estimate("3", "--steps", "4", "--json").out());
        JsonNode more = JSON.readTree(estimate("3", "--steps", "40", "--json").out());

        assertEquals("THIS_MODEL", some.get("basis").asText());
        double low = 0;
        for (String phase : List.of("opening", "encoding", "sampling", "decoding")) {
            low += some.get("phases").get(phase).get("low").asDouble();
        }
        assertEquals(some.get("seconds").get("low").asDouble(), low, 1e-9);
        assertTrue(
                more.get("seconds").get("high").asDouble()
                        > some.get("seconds").get("high").asDouble(),
                some + " and " + more);
        assertTrue(some.get("memoryBytes").get("low").asDouble() > 0);
        assertTrue(some.get("resultBytes").get("low").asDouble() > 0);
        assertTrue(some.get("keptBytes").asLong() > 0);
        assertTrue(some.get("measurements").asInt() > 1);
        assertEquals(0, some.get("warnings").size(), some.toString());
    }

    @Test
    void trialsCompareWhatWasSaidWithWhatWasMeasured() {
        Terminal run = estimate("3", "--trials", "3");

        assertEquals(0, run.exit(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(5, lines.size(), run.out());
        assertTrue(lines.getLast().matches("\\d of 3 inside, ranges up to ±\\d+ %"), run.out());
    }

    @Test
    void theSameWordsAreUnderstoodAsByGenerate() {
        assertEquals(2, estimate("3", "--steps", "0").exit());
        Terminal noClass = estimate("9");
        assertEquals(1, noClass.exit());
        assertTrue(noClass.err().contains("0 to 4"), noClass.err());
    }

    @Test
    void aDryRunTellsTheTime() {
        Terminal run =
                Terminal.run(
                        "generate",
                        "2",
                        "--model",
                        model,
                        "--dry-run",
                        "-o",
                        temp.resolve("c.gif"));

        assertEquals(0, run.exit(), run.err());
        assertTrue(
                run.out().lines().anyMatch(line -> line.matches("Time     .* s, in .*iB of mem.*")),
                run.out());
    }

    @Test
    void rangesHaveAsManyDigitsAsMakeSense() {
        assertEquals("0.02 to 0.04 s", Ranges.seconds(new Range(0.021, 0.039)));
        assertEquals("1.5 to 2.5 s", Ranges.seconds(new Range(1.5, 2.5)));
        assertEquals("42 to 58 s", Ranges.seconds(new Range(42, 58)));
        assertEquals("1.4 to 2.6 min", Ranges.seconds(new Range(84, 156)));
        assertEquals("1.4 to 2.6 h", Ranges.seconds(new Range(5040, 9360)));
        assertEquals("42 s", Ranges.seconds(new Range(42.1, 42.2)));
        assertEquals("1.2 to 1.5 GiB", Ranges.bytes(new Range(1.2 * 0x1p30, 1.5 * 0x1p30)));
        assertEquals("96 KiB", Ranges.bytes(96 * 1024));
    }

    private Terminal estimate(Object... words) {
        List<Object> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--model", model, "--precision", "fp32", "-o", temp.resolve("c.mp4")));
        String[] args = line.stream().map(String::valueOf).toArray(String[]::new);
        return Terminal.of(() ->
                new CommandLine(new EstimateCommand(folders))
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setExecutionExceptionHandler(
                                (e, _, _) -> Zoetrope.print(((ProblemException) e).problem()))
                        .execute(args));
    }
}
