package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class BenchCommandTest {
    @Test
    void everyFigureOfABlockComesFromAProcessOfItsOwn() throws IOException {
        Terminal run =
                Terminal.run(
                        "bench",
                        "--only",
                        "blocks",
                        "--block",
                        "video_dit_padded,latte_t2v",
                        "--precision",
                        "fp32",
                        "--tokens",
                        20,
                        "--json");
        assertEquals(0, run.exit(), run.err());
        JsonNode measured = new ObjectMapper().readTree(run.out()).get("measured");
        assertEquals(List.of("VIDEO_DIT_PADDED", "LATTE_T2V"), measured.findValuesAsText("block"));
        for (JsonNode figure : measured) {
            assertEquals(20, figure.get("tokens").asInt());
            assertTrue(figure.get("seconds").asDouble() > 0, figure.toString());
        }
    }

    @Test
    void noTokensAtAllAreRefused() {
        Terminal run = Terminal.run("bench", "--only", "blocks", "--tokens", "64,0");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("at least 1"), run.err());
    }
}
