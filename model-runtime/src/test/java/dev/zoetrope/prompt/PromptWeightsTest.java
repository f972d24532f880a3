package dev.zoetrope.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.prompt.PromptWeights.Span;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class PromptWeightsTest {
    @Test
    void aWeightIsTakenOutOfTheText() {
        PromptWeights prompt = PromptWeights.parse("a (red:1.3) cat in (fog: 0.5 )");
        assertEquals("a red cat in fog", prompt.text());
        assertEquals(List.of(new Span(2, 5, 1.3f), new Span(13, 16, 0.5f)), prompt.spans());
        assertEquals(1f, prompt.at(1));
        assertEquals(1.3f, prompt.at(2));
        assertEquals(1.3f, prompt.at(4));
        assertEquals(1f, prompt.at(5));
    }

    @Test
    void weightsInEachOtherMultiply() {
        PromptWeights prompt = PromptWeights.parse("(a (b:1.5) c:2.0)");
        assertEquals("a b c", prompt.text());
        assertEquals(
                List.of(new Span(0, 2, 2f), new Span(2, 3, 3f), new Span(3, 5, 2f)),
                prompt.spans());
    }

    @Test
    void aWeightInsidePlainParenthesesCounts() {
        PromptWeights prompt = PromptWeights.parse("((a:1.5) b)");
        assertEquals("(a b)", prompt.text());
        assertEquals(List.of(new Span(1, 2, 1.5f)), prompt.spans());
    }

    @Test
    void aWeightOfOneChangesOnlyTheText() {
        assertEquals(new PromptWeights("a", List.of()), PromptWeights.parse("(a:1.0)"));
    }

    @Test
    void escapedParenthesesArePlain() {
        assertEquals(
                new PromptWeights("(a:1.2) b)", List.of(new Span(8, 10, 1.5f))),
                PromptWeights.parse("\\(a:1.2\\) (b\\):1.5)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(masterpiece), ((best quality))",
                "a wide (16:9) shot",
                "at (10:30)",
                "(v:12.5)",
                "(a:1.2",
                "a:1.2)",
                "(a:-1.2)",
                "(a:1.2 b)",
                ")(",
                "c:\\dir\\"
            })
    void otherParenthesesStayAsTyped(String typed) {
        assertEquals(new PromptWeights(typed, List.of()), PromptWeights.parse(typed));
    }
}
