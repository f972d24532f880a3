package dev.zoetrope.prompt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/** The parts of a {@code tokenizer.json} that all kinds of tokenizers share. */
final class TokenizerJson {
    private TokenizerJson() {}

    /**
     * A tokenizer without a model yet.
     *
     * @param normalizers what is done to a text, in order
     * @param preTokenizers how it is then cut into words, in order
     */
    static ObjectNode of(ArrayNode normalizers, ArrayNode preTokenizers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0");
        json.putArray("added_tokens");
        json.putObject("normalizer").put("type", "Sequence").set("normalizers", normalizers);
        json.putObject("pre_tokenizer").put("type", "Sequence").set("pretokenizers", preTokenizers);
        return json;
    }

    /** Names a token that is found in a text before anything else is done to it. */
    static void add(ObjectNode json, String text, long id, boolean special) {
        json.withArray("added_tokens")
                .addObject()
                .put("id", id)
                .put("content", text)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special);
    }

    /** Puts tokens around every text. */
    static void frame(ObjectNode json, Map<String, Long> before, Map<String, Long> after) {
        ObjectNode template = json.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        ObjectNode specials = template.putObject("special_tokens");
        before.forEach((text, id) -> special(single, specials, text, id));
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        after.forEach((text, id) -> special(single, specials, text, id));
        template.putArray("pair");
    }

    private static void special(ArrayNode single, ObjectNode specials, String text, long id) {
        single.addObject().putObject("SpecialToken").put("id", text).put("type_id", 0);
        ObjectNode special = specials.putObject(text).put("id", text);
        special.putArray("ids").add(id);
        special.putArray("tokens").add(text);
    }
}
