package dev.zoetrope.app.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Locale;

final class ExplanationTest {
    private final Messages messages = new Messages(Locale.ENGLISH);

    @Test
    void theRuntimesWordsAreShown() {
        var problem = new Problem.FileMissing(Path.of("/a/clip.mp4"));
        assertEquals(
                new Explanation("File not found", problem.cause(), problem.remedy()),
                Explanation.of(problem, messages));
    }

    @Test
    void aDefectIsNotAnsweredWithTheCommandLine() {
        var explanation = Explanation.of(new Problem.Unexpected("a bug"), messages);
        assertFalse(explanation.remedy().contains("--verbose"));
    }
}
