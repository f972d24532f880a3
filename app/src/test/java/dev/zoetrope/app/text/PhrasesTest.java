package dev.zoetrope.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.ui.Resources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class PhrasesTest {
    private static final ResourceBundle ENGLISH = Resources.messages(Locale.ENGLISH);

    private final Messages chinese = new Messages(Locale.SIMPLIFIED_CHINESE);

    @Test
    void everyPhraseIsStillWhatTheProgramSays() throws IOException {
        String sources =
                sources(Path.of("../model-runtime/src/main/java"), Path.of("src/main/java"));
        List<String> unsaid = new ArrayList<>();
        for (String key : ENGLISH.keySet()) {
            // What the system says is in no source.
            if (key.startsWith("phrase.") && !key.startsWith("phrase.system.")) {
                String words = MessageFormat.format(ENGLISH.getString(key), holes());
                if (!Stream.of(words.split("\u0000"))
                        .allMatch(part -> sources.contains(part.strip()))) {
                    unsaid.add(words);
                }
            }
        }
        assertEquals(List.of(), unsaid);
    }

    private static Object[] holes() {
        return Stream.generate(() -> "\u0000").limit(9).toArray();
    }

    /** Texts that go on in another line as one. */
    private static String sources(Path... folders) throws IOException {
        List<String> all = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.add(Files.readString(file));
                }
            }
        }
        return all.stream()
                .map(text -> text.replaceAll("\"\\s*\\+ \"", "").replace("\\\"", "\""))
                .collect(Collectors.joining());
    }

    @Test
    void aVideoThatIsNoneSaysWhyInTheLanguage(@TempDir Path folder) throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.mp4"));
        Path text = Files.writeString(folder.resolve("text.mp4"), "what is written here");

        assertEquals("它是空的", reason(empty));
        assertEquals("它是一个文件夹", reason(folder));
        assertEquals("它是文本文件", reason(text));
    }

    private String reason(Path file) {
        var failure = assertThrows(ProblemException.class, () -> FrameReader.open(file).close());
        var problem = assertInstanceOf(Problem.MediaUnreadable.class, failure.problem());
        return chinese.phrase(problem.reason());
    }

    @Test
    void thePhraseThatSaysMostIsTaken() {
        assertEquals("没有解码器可用于它的声音", chinese.phrase("there is no decoder for its sound"));
        assertEquals("其中没有填充词元", chinese.phrase("it has no token for padding"));
        assertEquals("其中没有 seed", chinese.phrase("it has no seed"));
    }

    @Test
    void phrasesThatHoldOthersAreSaidThroughout() {
        assertEquals(
                "它结束得太早（Truncated packet）", chinese.phrase("it ends too soon (Truncated packet)"));
        assertEquals("从第 3 步（共 24 步）之后", chinese.phrase("after step 3 of 24"));
    }

    @Test
    void whatIsNotKnownStaysAsItIs() {
        assertEquals("a pickle in it is odd", chinese.phrase("a pickle in it is odd"));
        assertEquals("", chinese.phrase(""));
    }
}
