package dev.zoetrope.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

final class PromptRecallTest {
    private final PromptRecall recall = new PromptRecall();

    @Test
    void whatWasBeingWrittenComesBackAfterTheNewest() {
        recall.remember(List.of("a", "b"));
        assertEquals("b", recall.older("dra"));
        assertEquals("a", recall.older("b"));
        assertEquals("a", recall.older("a"));
        assertEquals("b", recall.newer("a"));
        assertEquals("dra", recall.newer("b"));
        assertEquals("dra", recall.newer("dra"));
    }

    @Test
    void whatIsShownAlreadyIsPassedOver() {
        recall.remember(List.of("a"));
        recall.add("b");
        assertEquals("a", recall.older("b"));
    }

    @Test
    void withoutEarlierPromptsNothingChanges() {
        assertEquals("draft", recall.older("draft"));
        assertEquals("draft", recall.newer("draft"));
    }
}
