package dev.zoetrope.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Choices in a prompt: of {@code {cat|dog}} one is taken, of {@code {3::cat|dog}} the cat three
 * times as often. They may lie in each other. {@code \{}, {@code \|} and {@code \}} are plain
 * characters.
 *
 * <p>Braces that are not closed, or between which nothing is to be chosen, stay as they are typed:
 * prompts hold braces for other reasons, and the text is shown before it is used.
 */
public final class Wildcards {
    private static final Pattern WEIGHT = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)::");

    /** More are not counted. */
    private static final long MOST_VARIANTS = 1_000_000_000;

    private final List<Part> parts;
    private final Optional<Slip> slip;

    private Wildcards(List<Part> parts, Optional<Slip> slip) {
        this.parts = parts;
        this.slip = slip;
    }

    /** Something that was perhaps meant to be a choice, as it was typed. */
    public sealed interface Slip {
        String text();

        /** Braces that nothing closes. */
        record Unclosed(String text) implements Slip {}

        /** Braces around one thing, or nothing. */
        record NothingToChoose(String text) implements Slip {}

        /** A choice of which one is empty. */
        record EmptyChoice(String text) implements Slip {}
    }

    private sealed interface Part {
        record Text(String text) implements Part {}

        record Choice(List<Alternative> alternatives) implements Part {}
    }

    /**
     * @param weight how often it is to be chosen compared with others
     */
    private record Alternative(double weight, List<Part> parts) {}

    /** Reads a prompt as it is typed; every text is one. */
    public static Wildcards parse(String prompt) {
        Parser parser = new Parser(prompt);
        List<Part> parts = parser.parse(0, prompt.length());
        return new Wildcards(parts, parser.slip);
    }

    /**
     * The prompt with one of each choice.
     *
     * @param seed the clip's own: the same seed chooses the same
     */
    public String expand(long seed) {
        StringBuilder text = new StringBuilder();
        expand(parts, new SplittableRandom(seed), text);
        return text.toString();
    }

    /** In how many ways all can be chosen, up to a thousand million. */
    public long variants() {
        return variants(parts);
    }

    /** The first slip in it. */
    public Optional<Slip> slip() {
        return slip;
    }

    private static void expand(List<Part> parts, SplittableRandom random, StringBuilder text) {
        for (Part part : parts) {
            switch (part) {
                case Part.Text(String plain) -> text.append(plain);
                case Part.Choice(List<Alternative> alternatives) ->
                        expand(choose(alternatives, random).parts, random, text);
            }
        }
    }

    private static Alternative choose(List<Alternative> alternatives, SplittableRandom random) {
        double total = 0;
        for (Alternative next : alternatives) {
            total += next.weight;
        }
        double draw = random.nextDouble() * total;
        Alternative chosen = alternatives.getFirst();
        for (Alternative next : alternatives) {
            chosen = next;
            draw -= next.weight;
            if (draw < 0) {
                break;
            }
        }
        return chosen;
    }

    private static long variants(List<Part> parts) {
        long variants = 1;
        for (Part part : parts) {
            if (part instanceof Part.Choice(List<Alternative> alternatives)) {
                long sum = 0;
                for (Alternative alternative : alternatives) {
                    sum += variants(alternative.parts);
                }
                variants = Math.min(MOST_VARIANTS, variants * Math.min(MOST_VARIANTS, sum));
            }
        }
        return variants;
    }

    private static final class Parser {
        private final String prompt;
        private Optional<Slip> slip = Optional.empty();

        Parser(String prompt) {
            this.prompt = prompt;
        }

        List<Part> parse(int from, int to) {
            List<Part> parts = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int i = from; i < to; i++) {
                char c = prompt.charAt(i);
                if (escapes(i, to)) {
                    i++;
                    text.append(prompt.charAt(i));
                    continue;
                }
                List<Integer> bars = c == '{' ? bars(i, to) : List.of();
                if (bars.size() > 2) {
                    parts.add(new Part.Text(text.toString()));
                    text.setLength(0);
                    parts.add(choice(bars));
                    i = bars.getLast();
                } else {
                    if (c == '{') {
                        note(
                                bars.isEmpty()
                                        ? new Slip.Unclosed(prompt.substring(i, to))
                                        : new Slip.NothingToChoose(typed(bars)));
                    }
                    text.append(c);
                }
            }
            parts.add(new Part.Text(text.toString()));
            return parts;
        }

        private void note(Slip found) {
            slip = slip.or(() -> Optional.of(found));
        }

        private String typed(List<Integer> bars) {
            return prompt.substring(bars.getFirst(), bars.getLast() + 1);
        }

        private boolean escapes(int i, int to) {
            return prompt.charAt(i) == '\\'
                    && i + 1 < to
                    && "{|}".indexOf(prompt.charAt(i + 1)) >= 0;
        }

        /**
         * The brace at {@code open}, the bars directly inside it and its end; empty without an end.
         */
        private List<Integer> bars(int open, int to) {
            List<Integer> bars = new ArrayList<>(List.of(open));
            int depth = 1;
            for (int i = open + 1; i < to; i++) {
                if (escapes(i, to)) {
                    i++;
                    continue;
                }
                switch (prompt.charAt(i)) {
                    case '{' -> depth++;
                    case '}' -> depth--;
                    case '|' -> {
                        if (depth == 1) {
                            bars.add(i);
                        }
                    }
                    default -> {}
                }
                if (depth == 0) {
                    bars.add(i);
                    return bars;
                }
            }
            return List.of();
        }

        private Part choice(List<Integer> bars) {
            List<Alternative> alternatives = new ArrayList<>();
            for (int i = 0; i + 1 < bars.size(); i++) {
                int from = bars.get(i) + 1;
                int to = bars.get(i + 1);
                Matcher weight = WEIGHT.matcher(prompt).region(from, to);
                boolean weighted = weight.lookingAt();
                int begin = weighted ? weight.end() : from;
                if (prompt.substring(begin, to).isBlank()) {
                    note(new Slip.EmptyChoice(typed(bars)));
                }
                alternatives.add(
                        new Alternative(
                                weighted ? Double.parseDouble(weight.group(1)) : 1,
                                parse(begin, to)));
            }
            return new Part.Choice(alternatives);
        }
    }
}
