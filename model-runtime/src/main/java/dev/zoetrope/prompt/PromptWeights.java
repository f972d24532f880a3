package dev.zoetrope.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt and how strongly its parts are meant. Typed as {@code (text:1.2)}; one inside another
 * multiplies. Other parentheses stay as they are typed, among them those around a ratio or a time
 * of day: only a number with a decimal point is a weight. {@code \(} and {@code \)} are plain
 * parentheses.
 *
 * @param text what is left of the typed text without weights
 * @param spans the parts that are not meant plainly, in order, none overlapping another
 */
public record PromptWeights(String text, List<Span> spans) {
    private static final Pattern WEIGHT = Pattern.compile(":\\s*(\\d\\.\\d+)\\s*$");

    /**
     * A part of the text.
     *
     * @param from its first character
     * @param to the character after its last one
     */
    public record Span(int from, int to, float weight) {}

    public PromptWeights {
        spans = List.copyOf(spans);
    }

    /** Reads a prompt as it is typed; every text is one. */
    public static PromptWeights parse(String typed) {
        Parser parser = new Parser(typed);
        parser.parse(0, typed.length(), 1);
        return new PromptWeights(parser.text.toString(), parser.spans);
    }

    /** How strongly the character at a place of the text is meant. */
    float at(int index) {
        for (Span span : spans) {
            if (span.from <= index && index < span.to) {
                return span.weight;
            }
        }
        return 1;
    }

    private static final class Parser {
        private final String typed;
        private final StringBuilder text = new StringBuilder();
        private final List<Span> spans = new ArrayList<>();

        Parser(String typed) {
            this.typed = typed;
        }

        void parse(int from, int to, float weight) {
            int begin = text.length();
            for (int i = from; i < to; i++) {
                char c = typed.charAt(i);
                if (escapes(i, to)) {
                    i++;
                    text.append(typed.charAt(i));
                    continue;
                }
                int close = c == '(' ? closing(i, to) : -1;
                Matcher number = WEIGHT.matcher(typed).region(i, Math.max(i, close));
                if (close < 0 || !number.find()) {
                    text.append(c);
                    continue;
                }
                span(begin, weight);
                parse(i + 1, number.start(), weight * Float.parseFloat(number.group(1)));
                begin = text.length();
                i = close;
            }
            span(begin, weight);
        }

        private void span(int begin, float weight) {
            if (weight != 1 && begin < text.length()) {
                spans.add(new Span(begin, text.length(), weight));
            }
        }

        private boolean escapes(int i, int to) {
            return typed.charAt(i) == '\\'
                    && i + 1 < to
                    && (typed.charAt(i + 1) == '(' || typed.charAt(i + 1) == ')');
        }

        /** Where the parenthesis opened at {@code open} is closed, -1 if nowhere. */
        private int closing(int open, int to) {
            int depth = 0;
            for (int i = open; i < to; i++) {
                if (escapes(i, to)) {
                    i++;
                } else if (typed.charAt(i) == '(') {
                    depth++;
                } else if (typed.charAt(i) == ')' && --depth == 0) {
                    return i;
                }
            }
            return -1;
        }
    }
}
