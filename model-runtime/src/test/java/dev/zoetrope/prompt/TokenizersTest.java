package dev.zoetrope.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;

class TokenizersTest {
    private static final FileTime THEN = FileTime.fromMillis(1_700_000_000_000L);
    private static final FileTime LATER = FileTime.fromMillis(1_700_000_060_000L);

    @TempDir Path temp;
    private final Tokenizers tokenizers = new Tokenizers();

    @AfterEach
    void close() {
        tokenizers.close();
    }

    @Test
    void whatIsOpenIsNotReadAgain() throws IOException {
        Path folder = folder("one", "a red boat", THEN);
        assertEquals(List.of(3L, 5L, 6L, 1L), ids(folder, "a red"));

        damageUnseen(folder);

        assertEquals(List.of(3L, 6L, 5L, 1L), ids(folder, "red a"));
    }

    @Test
    void aFileThatHasChangedIsReadAnew() throws IOException {
        Path folder = folder("one", "a red boat", THEN);
        assertEquals(List.of(3L, 5L, 6L, 1L), ids(folder, "a red"));

        folder("one", "red a boat", LATER);
        assertEquals(List.of(3L, 6L, 5L, 1L), ids(folder, "a red"));

        Files.delete(folder.resolve("vocab.txt"));
        assertInstanceOf(
                Problem.TokenizerMissing.class,
                assertThrows(ProblemException.class, () -> ids(folder, "a red")).problem());
    }

    @Test
    void onlyThoseUsedLastStayOpen() throws IOException {
        Path first = folder("first", "a red boat", THEN);
        Path second = folder("second", "a red boat", THEN);
        ids(first, "a");
        ids(second, "a");
        ids(first, "a");
        ids(folder("third", "a red boat", THEN), "a");

        damageUnseen(first);
        damageUnseen(second);

        assertEquals(List.of(3L, 5L, 1L), ids(first, "a"));
        assertThrows(ProblemException.class, () -> ids(second, "a"));
    }

    @Test
    void afterItIsClosedNothingIsOpen() throws IOException {
        Path folder = folder("one", "a red boat", THEN);
        ids(folder, "a");
        damageUnseen(folder);

        tokenizers.close();

        assertThrows(ProblemException.class, () -> ids(folder, "a"));
    }

    /** Of a vocabulary whose words are numbered from 5. */
    private Path folder(String name, String words, FileTime modified) throws IOException {
        Path folder = Files.createDirectories(temp.resolve(name));
        String vocabulary = "[PAD] [SEP] [UNK] [CLS] [MASK] " + words + " ";
        Path file = folder.resolve("vocab.txt");
        Files.writeString(file, vocabulary.replace(' ', '\n'));
        Files.setLastModifiedTime(file, modified);
        return folder;
    }

    /** Nobody could open it now, and nothing shows that it is not what it was. */
    private static void damageUnseen(Path folder) throws IOException {
        Path file = folder.resolve("vocab.txt");
        byte[] zeros = new byte[(int) Files.size(file)];
        Files.write(file, zeros);
        Files.setLastModifiedTime(file, THEN);
    }

    private List<Long> ids(Path folder, String text) {
        Tokens tokens = tokenizers.encode(folder, text, 16);
        long used = Arrays.stream(tokens.mask()).sum();
        return Arrays.stream(tokens.ids()).limit(used).boxed().toList();
    }
}
