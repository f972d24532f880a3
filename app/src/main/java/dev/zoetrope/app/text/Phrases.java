package dev.zoetrope.app.text;

import dev.zoetrope.ui.Resources;

import java.text.MessageFormat;
import java.text.ParsePosition;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the runtime says in words alone, such as why a file is damaged: known by how that reads in
 * English, so that it can be said in another language.
 */
final class Phrases {
    private static final String PREFIX = "phrase.";

    /**
     * One that is known.
     *
     * @param words in English, with places for what differs
     */
    private record Phrase(String key, MessageFormat words, int length) {
        Optional<Object[]> in(String text) {
            var end = new ParsePosition(0);
            Object[] differing = words.parse(text, end);
            return end.getIndex() == text.length() && differing != null
                    ? Optional.of(differing)
                    : Optional.empty();
        }
    }

    /** Those in which nothing differs, by their words. */
    private static final Map<String, String> FIXED;

    /** The others, those that say most first. */
    private static final List<Phrase> OPEN;

    static {
        ResourceBundle english = Resources.messages(Locale.ENGLISH);
        List<Phrase> all =
                english.keySet().stream()
                        .filter(key -> key.startsWith(PREFIX))
                        .map(key -> phrase(key, english.getString(key)))
                        .toList();
        FIXED =
                all.stream()
                        .filter(phrase -> phrase.words.getFormats().length == 0)
                        .collect(
                                Collectors.toMap(phrase -> phrase.words.format(null), Phrase::key));
        OPEN =
                all.stream()
                        .filter(phrase -> phrase.words.getFormats().length > 0)
                        .sorted(Comparator.comparingInt(Phrase::length).reversed())
                        .toList();
    }

    private Phrases() {}

    private static Phrase phrase(String key, String pattern) {
        return new Phrase(
                key,
                new MessageFormat(pattern, Locale.ENGLISH),
                pattern.replaceAll("\\{\\d+}", "").length());
    }

    /**
     * The same in a language; as it is where it is not known.
     *
     * @param patterns of the language, by key
     */
    static String translated(String english, Locale language, Function<String, String> patterns) {
        String key = FIXED.get(english);
        if (key != null) {
            return new MessageFormat(patterns.apply(key), language).format(null);
        }
        for (Phrase phrase : OPEN) {
            Optional<Object[]> differing = phrase.in(english);
            if (differing.isPresent()) {
                Object[] parts =
                        Arrays.stream(differing.get())
                                .map(part -> translated((String) part, language, patterns))
                                .toArray();
                return new MessageFormat(patterns.apply(phrase.key), language).format(parts);
            }
        }
        return english;
    }
}
