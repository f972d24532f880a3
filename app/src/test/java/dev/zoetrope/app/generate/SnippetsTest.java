package dev.zoetrope.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

final class SnippetsTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("data/snippets.json");
    }

    @Test
    void whatIsKeptIsThereForTheNextStart() {
        new Snippets(file).put("light", "warm rim light");
        new Snippets(file).put("Camera", "slow \"push\" in\n35mm");
        new Snippets(file).put("light", "cold light");
        assertEquals(
                Map.of("Camera", "slow \"push\" in\n35mm", "light", "cold light"),
                new Snippets(file).read());
        assertEquals("Camera", new Snippets(file).read().firstKey());
        new Snippets(file).remove("Camera");
        assertEquals(Map.of("light", "cold light"), new Snippets(file).read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"light\": \"warm", "[1, 2]", "", "{\"light\": {}}", "null"})
    void aDamagedFileIsKeptAsideAndNeverLost(String damaged) throws IOException {
        Files.createDirectories(file.getParent());
        for (String name : new String[] {"snippets.json.broken", "snippets.json.broken-2"}) {
            Files.writeString(file, damaged);
            assertEquals(Map.of(), new Snippets(file).read());
            new Snippets(file).put("light", "warm");
            assertEquals(damaged, Files.readString(file.resolveSibling(name)));
        }
    }

    @Test
    void whereItCannotBeKeptThatIsAProblem() throws IOException {
        Files.createDirectories(file);
        assertThrows(ProblemException.class, () -> new Snippets(file).put("light", "warm"));
    }
}
