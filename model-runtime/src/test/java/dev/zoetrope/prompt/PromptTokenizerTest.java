package dev.zoetrope.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class PromptTokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    /**
     * The model was trained by sentencepiece 0.1.97's {@code spm_train} on this project's
     * documentation: 600 pieces, {@code --pad_id=0 --eos_id=1 --unk_id=2 --bos_id=-1} as T5 has
     * them, and a {@code --normalization_rule_tsv} with eight rules of the kinds that T5's
     * normalisation has. The ids are {@code spm_encode}'s, for prompts, documentation and lines of
     * mixed scripts, spaces and pictures.
     */
    @Test
    void idsAreThoseOfSentencepiece() throws IOException {
        Files.write(folder.resolve("spiece.model"), resource("spiece.model"));
        JsonNode lines = JSON.readTree(resource("spiece.lines.json"));
        assertEquals(273, lines.size());
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            for (JsonNode line : lines) {
                String text = line.get("text").asText();
                List<Long> expected = new ArrayList<>();
                line.get("ids").forEach(id -> expected.add(id.asLong()));
                expected.add(1L);
                assertEquals(expected, ids(tokenizer, text), text);
            }
        }
    }

    /** Scores are logarithms; the best way to cut is the one of the greatest sum. */
    private static final SentencePieceWriter PIECES =
            new SentencePieceWriter()
                    .piece("<pad>", 0, 3)
                    .piece("</s>", 0, 3)
                    .piece("<unk>", 0, 2)
                    .piece("▁", -3, 1)
                    .piece("▁a", -2, 1)
                    .piece("▁ab", -2.5f, 1)
                    .piece("bcd", -2, 1)
                    .piece("cd", -4, 1)
                    .piece("c", -4, 1)
                    .piece("d", -4, 1);

    @Test
    void wordsAreCutWhereTheirPiecesAreLikeliest() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            // -2 - 2 against -2.5 - 4, which begins with the longer piece.
            assertEquals(List.of(4L, 6L, 1L), ids(tokenizer, "abcd"));
            assertEquals(List.of(5L, 9L, 1L), ids(tokenizer, "abd"));
            assertEquals(List.of(4L, 3L, 8L, 1L), ids(tokenizer, "  a   c "));
            // What no piece covers is one unknown, however long.
            assertEquals(List.of(4L, 3L, 2L, 9L, 1L), ids(tokenizer, "a xyzd"));
            assertEquals(List.of(1L), ids(tokenizer, " "));
            assertEquals(List.of(1L), ids(tokenizer, ""));
        }
    }

    @Test
    void spacesCountWhereTheModelSaysSo() throws IOException {
        PIECES.copy().normalizer(3, 0).normalizer(4, 0).write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(List.of(8L, 3L, 4L, 3L, 1L), ids(tokenizer, "c  a "));
        }
    }

    @Test
    void theGapsOfT5FollowItsPiecesInFallingOrder() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(List.of(4L, 109L, 10L, 1L), ids(tokenizer, "a<extra_id_0><extra_id_99>"));
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"extra_ids\": 2}");
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(List.of(11L, 10L, 1L), ids(tokenizer, "<extra_id_0><extra_id_1>"));
        }
    }

    @Test
    void theGapsOfMt5AreAmongItsPieces() throws IOException {
        PIECES.copy().piece("▁<extra_id_0>", -9, 1).write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(List.of(4L, 10L, 1L), ids(tokenizer, "a <extra_id_0>"));
            assertFalse(ids(tokenizer, "<extra_id_99>").contains(11L));
        }
    }

    @Test
    void aShortTextIsFilledUpWithPadding() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            Tokens tokens = tokenizer.encode("ab", 4);
            assertArrayEquals(new long[] {5, 1, 0, 0}, tokens.ids());
            assertArrayEquals(new long[] {1, 1, 0, 0}, tokens.mask());
            assertEquals(Optional.empty(), tokens.cut());
            assertEquals(2, tokenizer.count("ab"));
        }
    }

    @Test
    void aLongTextLosesItsEndButNotTheSignOfIt() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            Tokens tokens = tokenizer.encode("😀ab  abcd A 😀", 5);
            assertArrayEquals(new long[] {3, 2, 4, 6, 1}, tokenizer.encode("😀 abcd", 5).ids());
            assertArrayEquals(new long[] {1, 1, 1, 1, 1}, tokens.mask());
            assertEquals(1, tokens.ids()[4]);
            assertEquals(Optional.of("abcd A 😀"), tokenizer.encode("😀 ab  abcd A 😀", 4).cut());
            assertEquals(Optional.of("bcd"), tokenizer.encode("abcd", 2).cut());
            assertEquals(Optional.of("abcd"), tokenizer.encode("abcd", 1).cut());
            assertEquals(Optional.empty(), tokenizer.encode("abcd  ", 3).cut());
            assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("a", 0));
        }
    }

    @Test
    void tokensWeighAsTheTextTheyStandForDoes() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        PromptWeights prompt = PromptWeights.parse("😀 (ab:1.5) (cd:0.5)");
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            Tokens tokens = tokenizer.encode(prompt.text(), 8);
            assertArrayEquals(new long[] {3, 2, 5, 3, 7, 1, 0, 0}, tokens.ids());
            assertArrayEquals(new float[] {1, 1, 1.5f, 1, 0.5f, 1, 1, 1}, tokens.weights(prompt));
        }
    }

    @Test
    void halfASurrogatePairIsOneUnknownCharacter() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(Optional.of("ab"), tokenizer.encode("a \ud83d ab", 4).cut());
        }
    }

    /** Characters, the same at the end of a word, what merges make of them, and the frame. */
    private void writeClip() throws IOException {
        List<String> words = new ArrayList<>();
        "ac'st!ðŁĺĢ1".chars().forEach(c -> words.add(Character.toString(c)));
        List.copyOf(words).forEach(word -> words.add(word + "</w>"));
        List<String> merges =
                List.of("a t</w>", "c at</w>", "' s</w>", "ð Ł", "ĺ Ģ</w>", "ðŁ ĺĢ</w>");
        merges.forEach(merge -> words.add(merge.replace(" ", "")));
        words.addAll(List.of("<|startoftext|>", "<|endoftext|>"));
        ObjectNode vocabulary = JSON.createObjectNode();
        words.forEach(word -> vocabulary.put(word, vocabulary.size()));
        Files.writeString(folder.resolve("vocab.json"), vocabulary.toString());
        Files.writeString(
                folder.resolve("merges.txt"), "#version: 0.2\n" + String.join("\n", merges) + "\n");
    }

    @Test
    void clipMergesTheBytesOfEachWord() throws IOException {
        writeClip();
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(
                    List.of(28L, 23L, 24L, 23L, 21L, 21L, 27L, 29L),
                    ids(tokenizer, " Cat's  CAT 11 😀"));
            assertEquals(List.of(28L, 25L, 8L, 9L, 16L, 29L), ids(tokenizer, "😀!"));
            assertEquals(List.of(28L, 29L), ids(tokenizer, ""));
        }
    }

    @Test
    void clipFillsUpWithItsEndAndCutsBeforeIt() throws IOException {
        writeClip();
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            Tokens padded = tokenizer.encode("cat", 5);
            assertArrayEquals(new long[] {28, 23, 29, 29, 29}, padded.ids());
            assertArrayEquals(new long[] {1, 1, 1, 0, 0}, padded.mask());
            Tokens cut = tokenizer.encode("cat 😀! a", 5);
            assertArrayEquals(new long[] {28, 23, 25, 8, 29}, cut.ids());
            assertEquals(Optional.of("😀! a"), cut.cut());
        }
    }

    @Test
    void theFolderNamesThePadding() throws IOException {
        writeClip();
        Files.writeString(
                folder.resolve("special_tokens_map.json"), "{\"pad_token\": {\"content\": \"!\"}}");
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertArrayEquals(new long[] {28, 29, 5, 5}, tokenizer.encode("", 4).ids());
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"a\"}");
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertArrayEquals(new long[] {28, 29, 0, 0}, tokenizer.encode("", 4).ids());
        }
    }

    @Test
    void bertTakesTheLongestPartsOfAWord() throws IOException {
        Files.writeString(
                folder.resolve("vocab.txt"),
                "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ncat\n##s\n,\ncafe\nCat\n");
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(
                    List.of(2L, 6L, 7L, 8L, 5L, 1L, 9L, 3L), ids(tokenizer, "Cats, a DOG café"));
            assertArrayEquals(new long[] {2, 5, 3, 0}, tokenizer.encode("a", 4).ids());
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertEquals(List.of(2L, 10L, 6L, 3L), ids(tokenizer, "Cat cat"));
        }
    }

    @Test
    void aTokenizersOwnLengthIsNotTheEncoders() throws IOException {
        PIECES.write(folder.resolve("spiece.model"));
        ObjectNode json =
                SentencePieces.read(folder.resolve("spiece.model"))
                        .tokenizer(TokenizerConfig.read(folder));
        json.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 2)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        json.putObject("padding")
                .put("direction", "Right")
                .put("pad_id", 7)
                .put("pad_type_id", 0)
                .put("pad_token", "cd")
                .putNull("pad_to_multiple_of")
                .putObject("strategy")
                .put("Fixed", 3);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
            assertArrayEquals(new long[] {4, 6, 1, 7, 7}, tokenizer.encode("abcd", 5).ids());
            assertEquals(1, tokenizer.count(""));
        }
    }

    @Test
    void aFolderWithoutATokenizerSaysWhatToPutThere() {
        Problem problem = problem();
        assertInstanceOf(Problem.TokenizerMissing.class, problem);
        assertTrue(problem.remedy().contains("tokenizer.json"));
    }

    @Test
    void whatIsNoTokenizerIsRefused() throws IOException {
        assertRefused("tokenizer.json", "{", "not valid JSON");
        assertRefused("tokenizer.json", "{\"model\": 1}", "no token for padding");
        assertRefused(
                "tokenizer.json", "{\"padding\": {\"pad_id\": 0}}", "no tokenizer can be built");
        assertRefused("tokenizer_config.json", "[", "not valid JSON");
        assertRefused("spiece.model", "\n\u0010cut", "damaged");
        assertRefused("spiece.model", "", "without an end of texts");
        assertRefused("vocab.json", "{\"<|startoftext|>\": 0}", "has no <|endoftext|>");
        assertRefused("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n", "has no [SEP]");
    }

    private void assertRefused(String name, String content, String reason) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Problem problem = problem();
        assertInstanceOf(Problem.TokenizerUnusable.class, problem);
        assertTrue(problem.cause().contains(reason), problem.cause());
        assertTrue(problem.cause().contains(name), problem.cause());
        Files.delete(file);
    }

    /** Some of these would end the process, had they not been looked through. */
    @Test
    void damagedBytesAreRefusedOrHarmless() throws IOException {
        byte[] whole = resource("spiece.model");
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = whole.clone();
            int place = random.nextInt(damaged.length);
            for (int j = place; j < Math.min(place + 1 + i % 9, damaged.length); j++) {
                damaged[j] = (byte) random.nextInt();
            }
            Files.write(folder.resolve("spiece.model"), damaged);
            try (PromptTokenizer tokenizer = PromptTokenizer.open(folder)) {
                assertTrue(tokenizer.count("e\u0301 ﬁne Ａ…\u00a0\u200b▁ \t é 一 😀") > 1);
            } catch (ProblemException e) {
                refused++;
                assertInstanceOf(Problem.TokenizerUnusable.class, e.problem());
            }
        }
        assertTrue(refused > 100, refused + " refused");
    }

    @Test
    void sentencepieceOfAnotherKindIsRefused() throws IOException {
        PIECES.copy().trainer(3, 2).write(folder.resolve("spiece.model"));
        assertTrue(problem().cause().contains("another kind than unigram"));
        PIECES.copy().trainer(42, 10).write(folder.resolve("spiece.model"));
        assertTrue(problem().cause().contains("10 pieces"));
    }

    @Test
    void clipNeedsBothOfItsFiles() throws IOException {
        writeClip();
        Files.writeString(folder.resolve("merges.txt"), "nothing_to_merge\n");
        assertInstanceOf(Problem.TokenizerUnusable.class, problem());
        Files.delete(folder.resolve("merges.txt"));
        assertTrue(problem().cause().contains("merges.txt is not beside it"));
    }

    private Problem problem() {
        return assertThrows(ProblemException.class, () -> PromptTokenizer.open(folder)).problem();
    }

    private static List<Long> ids(PromptTokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text, tokenizer.count(text)).ids()).boxed().toList();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PromptTokenizerTest.class.getResourceAsStream(name)) {
            assertNotNull(in);
            return in.readAllBytes();
        }
    }
}
