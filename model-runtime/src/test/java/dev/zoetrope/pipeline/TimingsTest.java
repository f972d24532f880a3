package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.estimate.Measured;
import dev.zoetrope.runtime.estimate.Observation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

class TimingsTest {
    @TempDir Path temp;

    @Test
    void whatWasAddedIsThere() {
        Path file = temp.resolve("data/timings.jsonl");
        List<Observation> observations = new Measured(0.1).observations("a", 5);

        new Timings(file).add(observations.subList(0, 2));
        new Timings(file).add(observations.subList(2, 5));

        assertEquals(observations, new Timings(file).all());
    }

    @Test
    void linesOfBeforeOtherProgramsWereLookedAtAreRead() throws IOException {
        Path file = temp.resolve("timings.jsonl");
        List<Observation> observations = new Measured(0.1).observations("a", 2);
        new Timings(file).add(observations);
        String lines = Files.readString(file).replaceAll(",\"others\":0\\.0", "");
        assertFalse(lines.contains("others"), lines);
        Files.writeString(file, lines);

        assertEquals(observations, new Timings(file).all());
    }

    @Test
    void linesThatAreDamagedAreSkipped() throws IOException {
        Path file = temp.resolve("timings.jsonl");
        List<Observation> observations = new Measured(0.1).observations("a", 4);
        Timings timings = new Timings(file);
        timings.add(observations.subList(0, 2));
        String whole = Files.readAllLines(file).getFirst();
        String negative = whole.replaceFirst("\"cost\":", "\"cost\":-");
        String counts = whole.replaceFirst("\"counts\":\\[", "\"counts\":[1,");
        String damaged =
                String.join(
                        "\n",
                        "",
                        "null",
                        "{}",
                        "{\"at\": 1, \"cost\": 1}",
                        negative,
                        counts,
                        whole.replace("SAMPLING", "SLEEPING"),
                        whole.substring(0, whole.length() / 2),
                        "");
        Files.writeString(file, damaged, StandardOpenOption.APPEND);
        Files.write(file, new byte[] {(byte) 0xff, 0, '\n'}, StandardOpenOption.APPEND);
        timings.add(observations.subList(2, 4));

        assertEquals(observations, timings.all());
    }

    @Test
    void theNewestOfEachComponentAreKept() throws IOException {
        Path file = temp.resolve("timings.jsonl");
        Timings timings = new Timings(file);
        List<Observation> rare = new Measured(0.1).observations("rare", 1);
        List<Observation> frequent = new Measured(0.1).observations("frequent", 6000);

        timings.add(rare);
        for (int i = 0; i < frequent.size(); i += 500) {
            timings.add(frequent.subList(i, i + 500));
        }

        List<Observation> all = timings.all();
        assertEquals(1 + Timings.KEPT, all.size());
        assertTrue(all.contains(rare.getFirst()));
        assertEquals(frequent.getLast(), all.getLast());
        assertTrue(Files.size(file) <= 1 << 20, Files.size(file) + " bytes");
    }

    @Test
    void aPlaceThatCannotBeWrittenHarmsNothing() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "").resolve("timings.jsonl");
        Timings timings = new Timings(file);

        timings.add(new Measured(0.1).observations("a", 1));

        assertEquals(List.of(), timings.all());
    }
}
