package dev.zoetrope.prompt;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;

import com.fasterxml.jackson.databind.JsonNode;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Cuts prompts into the tokens that an encoder was trained on. Any thread may use it.
 *
 * <p>Whatever form a folder keeps its tokenizer in, it is brought into the form of {@code
 * tokenizer.json} and run by the library that the reference runs.
 */
public final class PromptTokenizer implements AutoCloseable {
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private final HuggingFaceTokenizer tokenizer;
    private final long padding;

    private PromptTokenizer(HuggingFaceTokenizer tokenizer, long padding) {
        this.tokenizer = tokenizer;
        this.padding = padding;
    }

    /**
     * Opens the tokenizer of a model folder: {@code tokenizer.json}, or {@code spiece.model} (T5
     * and mT5), {@code vocab.json} with {@code merges.txt} (CLIP) or {@code vocab.txt} (BERT).
     *
     * @throws ProblemException with {@link Problem.TokenizerMissing}, {@link
     *     Problem.TokenizerUnusable} or {@link Problem.FileInaccessible}
     */
    public static PromptTokenizer open(Path folder) {
        TokenizerConfig config = TokenizerConfig.read(folder);
        Path ready = folder.resolve("tokenizer.json");
        Path pieces = folder.resolve("spiece.model");
        Path pairs = folder.resolve("vocab.json");
        Path words = folder.resolve("vocab.txt");
        if (Files.exists(ready)) {
            return of(ready, TokenizerConfig.json(ready), config);
        }
        if (Files.exists(pieces)) {
            return of(pieces, SentencePieces.read(pieces).tokenizer(config), config);
        }
        if (Files.exists(pairs)) {
            return of(pairs, Vocabularies.clip(pairs, folder.resolve("merges.txt")), config);
        }
        if (Files.exists(words)) {
            return of(words, Vocabularies.bert(words, config), config);
        }
        throw new Problem.TokenizerMissing(folder).asException();
    }

    private static PromptTokenizer of(Path file, JsonNode json, TokenizerConfig config) {
        long padding =
                config.padding(json)
                        .orElseThrow(() -> unusable(file, "it has no token for padding"));
        for (JsonNode rules : json.path("normalizer").findValues("precompiled_charsmap")) {
            if (!isWhole(rules)) {
                throw unusable(file, "its rules of normalisation are damaged");
            }
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        // A file may ask for a length of its own, which is not the encoder's.
        Map<String, String> whole = Map.of("truncation", "false", "padding", "false");
        try {
            return new PromptTokenizer(
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(text), whole),
                    padding);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        } catch (RuntimeException e) { // all that the library throws for what it cannot build
            throw new Problem.TokenizerUnusable(file, "no tokenizer can be built from it")
                    .asException(e);
        }
    }

    private static boolean isWhole(JsonNode rules) {
        try {
            return rules.isTextual() && CharsMap.isWhole(rules.binaryValue());
        } catch (IOException e) { // no base 64
            return false;
        }
    }

    static ProblemException unusable(Path file, String reason) {
        return new Problem.TokenizerUnusable(file, reason).asException();
    }

    /**
     * The tokens of a text. What is too long loses its end, never its special tokens.
     *
     * @param limit tokens of the result, {@code L}
     * @throws IllegalArgumentException if not even the special tokens fit
     */
    public Tokens encode(String text, int limit) {
        String whole = wellFormed(text);
        Encoding encoding = tokenizer.encode(whole, true, false);
        long[] all = encoding.getIds();
        long[] special = encoding.getSpecialTokenMask();
        CharSpan[] spans = encoding.getCharTokenSpans();
        int head = 0;
        while (head < all.length && special[head] == 1) {
            head++;
        }
        int tail = 0;
        while (tail < all.length - head && special[all.length - 1 - tail] == 1) {
            tail++;
        }
        if (limit < head + tail) {
            throw new IllegalArgumentException(head + tail + " special tokens in " + limit);
        }
        int used = Math.min(all.length, limit);
        long[] ids = Arrays.copyOf(all, limit);
        Arrays.fill(ids, used, limit, padding);
        System.arraycopy(all, all.length - tail, ids, used - tail, tail);
        int[] lastCharacters = new int[limit];
        Arrays.fill(lastCharacters, -1);
        for (int i = head; i < used - tail; i++) {
            lastCharacters[i] = whole.offsetByCodePoints(0, spans[i].getEnd()) - 1;
        }
        Optional<String> cut = Optional.empty();
        if (used < all.length) {
            int dropped = whole.offsetByCodePoints(0, spans[used - tail].getStart());
            cut = Optional.of(text.substring(dropped).strip());
        }
        return new Tokens(ids, used, all.length, lastCharacters, cut);
    }

    /** How many tokens a text has, the special ones included. */
    public int count(String text) {
        return tokenizer.encode(wellFormed(text), true, false).getIds().length;
    }

    /** Half of a surrogate pair would reach the library as three characters. */
    private static String wellFormed(String text) {
        return LONE_SURROGATE.matcher(text).replaceAll("\ufffd");
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
