package dev.zoetrope.app.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.text.Messages;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

final class ExplanationTest {
    private static final Path CLIP = Path.of("/a/clip.mp4");
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");
    private static final Pattern COMMAND_LINE = Pattern.compile("--[a-z]|zoetrope [a-z]+");

    private final Messages english = new Messages(Locale.ENGLISH);
    private final Messages chinese = new Messages(Locale.SIMPLIFIED_CHINESE);

    /** One of each kind that the window can meet. */
    static Stream<Problem> kinds() {
        return cases(Problem.class)
                .filter(type -> type != Problem.ImpossibleRequest.class)
                .map(ExplanationTest::one);
    }

    private static Stream<Class<?>> cases(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ExplanationTest::cases)
                : Stream.of(type);
    }

    private static Problem one(Class<?> type) {
        RecordComponent[] parts = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(types).map(ExplanationTest::value).toArray();
        try {
            return (Problem) type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }

    private static Object value(Class<?> type) {
        if (type == Path.class) {
            return CLIP;
        } else if (type == String.class) {
            return "it is empty";
        } else if (type == List.class) {
            return List.of("first", "second");
        } else if (type == Optional.class) {
            return Optional.of(new Problem.FileMissing(CLIP));
        } else if (type == double.class) {
            return 3.5;
        } else if (type == long.class) {
            return 3L;
        }
        return 3;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindIsExplainedInChinese(Problem problem) {
        Explanation said = Explanation.of(problem, chinese);

        for (String words : List.of(said.title(), said.cause(), said.remedy())) {
            assertTrue(HAN.matcher(words).find(), words);
            assertFalse(words.contains("{"), words);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void noKindSendsAPersonInTheWindowToTheCommandLine(Problem problem) {
        Explanation said = Explanation.of(problem, english);

        assertFalse(COMMAND_LINE.matcher(said.remedy()).find(), said.remedy());
        assertFalse(said.asText().contains("{"), said.asText());
    }

    @Test
    void whatAProblemKnowsIsSaidInEitherLanguage() {
        var beyond = new Impossible.StepsBeyond(1200, 1000);
        assertEquals("1200 steps cannot be taken here.", Explanation.of(beyond, english).cause());
        assertEquals("请选择 1 到 1000 步。", Explanation.of(beyond, chinese).remedy());

        var none = new Impossible.ModelUnknown("dit", List.of());
        assertEquals("没有安装任何模型；请在“模型”页导入。", Explanation.of(none, chinese).remedy());
        var other = new Impossible.ModelUnknown("dit", List.of("a", "b"));
        assertEquals("Installed are a, b.", Explanation.of(other, english).remedy());
    }

    @Test
    void theReasonOfAProblemIsSaidInItsLanguage() {
        var damaged =
                new Problem.CheckpointDamaged(
                        CLIP, "its header claims 812 bytes, the file has 40 after it");
        assertEquals(
                "/a/clip.mp4 已损坏：文件头声明 812 字节，而其后只有 40 字节。",
                Explanation.of(damaged, chinese).cause());
    }

    @Test
    void bracesInTheNameOfAFileAreNoPlaceholders() {
        var missing = new Problem.FileMissing(Path.of("/a/{0}'s clip.mp4"));
        assertTrue(Explanation.of(missing, english).cause().contains("/a/{0}'s clip.mp4"));
    }

    @Test
    void theTensorsThatDoNotFitAreListed() {
        var mismatch =
                new Problem.CheckpointMismatch(
                        CLIP, "WFVAE", List.of("a.weight"), List.of(), List.of("b.bias"));
        assertEquals(
                List.of("/a/clip.mp4 与模型 WFVAE 不符。", "缺少：a.weight", "形状不符：b.bias"),
                Explanation.of(mismatch, chinese).cause().lines().toList());
    }
}
