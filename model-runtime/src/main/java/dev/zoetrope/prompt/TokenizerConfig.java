package dev.zoetrope.prompt;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a folder says of its tokenizer beside the vocabulary. Both files may be absent. */
record TokenizerConfig(JsonNode config, JsonNode specialTokens) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What tokenizers call their padding where no file does; CLIP fills up with its end. */
    private static final List<String> USUAL_PADDING = List.of("<pad>", "[PAD]", "<|endoftext|>");

    static TokenizerConfig read(Path folder) {
        return new TokenizerConfig(
                optional(folder.resolve("tokenizer_config.json")),
                optional(folder.resolve("special_tokens_map.json")));
    }

    private static JsonNode optional(Path file) {
        return Files.exists(file) ? json(file) : JsonNodeFactory.instance.objectNode();
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (JacksonException e) {
            throw new Problem.TokenizerUnusable(file, "it is not valid JSON").asException(e);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    boolean lowerCase() {
        return config.path("do_lower_case").asBoolean(true);
    }

    /** How many places for gaps are appended to T5's vocabulary. */
    int extraIds() {
        return config.path("extra_ids").asInt(100);
    }

    /** The id that fills up a tokenizer's results, by name first. */
    OptionalLong padding(JsonNode tokenizer) {
        Optional<String> named =
                name(config.get("pad_token")).or(() -> name(specialTokens.get("pad_token")));
        if (named.isPresent()) {
            return id(tokenizer, named.get());
        }
        JsonNode own = tokenizer.path("padding").path("pad_id");
        if (own.isIntegralNumber()) {
            return OptionalLong.of(own.asLong());
        }
        return USUAL_PADDING.stream()
                .map(name -> id(tokenizer, name))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static Optional<String> name(@Nullable JsonNode token) {
        if (token == null || token.isNull()) {
            return Optional.empty();
        }
        return Optional.of(token.isTextual() ? token.asText() : token.path("content").asText());
    }

    private static OptionalLong id(JsonNode tokenizer, String name) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(name)) {
                return OptionalLong.of(added.path("id").asLong());
            }
        }
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (vocabulary.has(name)) {
            return OptionalLong.of(vocabulary.get(name).asLong());
        }
        for (int i = 0; vocabulary.isArray() && i < vocabulary.size(); i++) {
            if (vocabulary.get(i).path(0).asText().equals(name)) {
                return OptionalLong.of(i);
            }
        }
        return OptionalLong.empty();
    }
}
