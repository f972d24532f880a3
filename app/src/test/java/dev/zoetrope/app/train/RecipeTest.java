package dev.zoetrope.app.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

final class RecipeTest {
    @Test
    void theSmallDenoiserFitsTheStarterCodecAndItsTextEncoder() throws IOException {
        JsonNode denoiser = json("small-denoiser.json");
        JsonNode codec = json("/dev/zoetrope/samples/starter/codec/config.json");
        JsonNode words = json("/dev/zoetrope/samples/starter/all-minilm-l6-v2.json");
        assertEquals(codec.get("embedding_dim"), denoiser.get("in_channels"));
        assertEquals(words.get("hidden_size"), denoiser.get("caption_channels"));
    }

    private static JsonNode json(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Recipe.class.getResourceAsStream(resource), resource)) {
            return new ObjectMapper().readTree(in);
        }
    }

    @Test
    void sizesAreReadAsPeopleTypeThem() {
        assertEquals(new ClipShape(16, 64, 96), Recipe.clip(" 16x64 × 96"));
        assertEquals(400, Recipe.steps(" 400 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "16 64 64", "0 x 64 x 64", "16 x 64", "99999 x 1 x 1"})
    void whatIsNoSizeOfClipsIsExplained(String typed) {
        var failure = assertThrows(ProblemException.class, () -> Recipe.clip(typed));
        assertTrue(failure.problem().cause().contains("\"" + typed + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-4", "1.5", "many"})
    void whatIsNoNumberOfStepsIsExplained(String typed) {
        var failure = assertThrows(ProblemException.class, () -> Recipe.steps(typed));
        assertTrue(failure.problem().cause().contains("\"" + typed + "\""));
    }
}
