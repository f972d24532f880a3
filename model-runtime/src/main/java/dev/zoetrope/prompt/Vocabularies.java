package dev.zoetrope.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tokenizers that are published as bare lists of words, in the form of {@code tokenizer.json}. */
final class Vocabularies {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String CLIP_NORMALIZERS =
            """
            [{"type": "NFC"},
             {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "},
             {"type": "Lowercase"}]
            """;

    // Endings of words, words, single digits, and rows of other characters.
    private static final String CLIP_WORDS =
            """
            [{"type": "Split", "behavior": "Removed", "invert": true, "pattern": {"Regex":
               "'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"}},
             {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}]
            """;

    private static final String BERT_NORMALIZERS =
            """
            [{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
              "strip_accents": null}]
            """;

    private static final String BERT_WORDS =
            """
            [{"type": "BertPreTokenizer"}]
            """;

    private Vocabularies() {}

    /**
     * CLIP's: pairs of characters merged in order, each word ending in {@code </w>}.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when a file is damaged or missing
     */
    static ObjectNode clip(Path vocabulary, Path merges) {
        JsonNode ids = TokenizerConfig.json(vocabulary);
        long start = id(vocabulary, ids, "<|startoftext|>");
        long end = id(vocabulary, ids, "<|endoftext|>");
        ObjectNode json = TokenizerJson.of(array(CLIP_NORMALIZERS), array(CLIP_WORDS));
        TokenizerJson.add(json, "<|startoftext|>", start, true);
        TokenizerJson.add(json, "<|endoftext|>", end, true);
        TokenizerJson.frame(json, Map.of("<|startoftext|>", start), Map.of("<|endoftext|>", end));
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE")
                .put("unk_token", "<|endoftext|>")
                .put("continuing_subword_prefix", "")
                .put("end_of_word_suffix", "</w>")
                .put("fuse_unk", false);
        model.set("vocab", ids);
        ArrayNode pairs = model.putArray("merges");
        if (!Files.exists(merges)) {
            throw PromptTokenizer.unusable(vocabulary, "merges.txt is not beside it");
        }
        for (String line : lines(merges)) {
            if (!line.isEmpty() && !line.startsWith("#version")) {
                pairs.add(line);
            }
        }
        return json;
    }

    /**
     * BERT's: a word a line, the id its place; a word is cut into the longest there are.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the file is damaged
     */
    static ObjectNode bert(Path vocabulary, TokenizerConfig config) {
        ArrayNode normalizers = array(BERT_NORMALIZERS);
        ((ObjectNode) normalizers.get(0)).put("lowercase", config.lowerCase());
        ObjectNode json = TokenizerJson.of(normalizers, array(BERT_WORDS));
        ObjectNode model = json.putObject("model");
        model.put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode ids = model.putObject("vocab");
        List<String> words = lines(vocabulary);
        for (int i = 0; i < words.size(); i++) {
            ids.put(words.get(i), i);
        }
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
            TokenizerJson.add(json, special, id(vocabulary, ids, special), true);
        }
        TokenizerJson.frame(
                json,
                Map.of("[CLS]", id(vocabulary, ids, "[CLS]")),
                Map.of("[SEP]", id(vocabulary, ids, "[SEP]")));
        return json;
    }

    private static long id(Path file, JsonNode ids, String word) {
        JsonNode id = ids.path(word);
        if (!id.isIntegralNumber()) {
            throw PromptTokenizer.unusable(file, "it has no " + word);
        }
        return id.asLong();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new Problem.TokenizerUnusable(file, "it is not text").asException(e);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    private static ArrayNode array(String json) {
        try {
            return (ArrayNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
