package dev.zoetrope.prompt;

import java.util.ArrayList;
import java.util.List;
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

    private final String prompt;
    private final SplittableRandom random;

    private Wildcards(String prompt, SplittableRandom random) {
        this.prompt = prompt;
        this.random = random;
    }

    /**
     * The prompt with one of each choice.
     *
     * @param seed the clip's own: the same seed chooses the same
     */
    public static String expand(String prompt, long seed) {
        return new Wildcards(prompt, new SplittableRandom(seed)).expand(0, prompt.length());
    }

    private String expand(int from, int to) {
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
                text.append(choose(bars));
                i = bars.getLast();
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private boolean escapes(int i, int to) {
        return prompt.charAt(i) == '\\' && i + 1 < to && "{|}".indexOf(prompt.charAt(i + 1)) >= 0;
    }

    /** The brace at {@code open}, the bars directly inside it and its end; empty without an end. */
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

    /** Where an alternative lies, and how often it is to be chosen compared with others. */
    private record Alternative(int from, int to, double weight) {}

    private String choose(List<Integer> bars) {
        List<Alternative> alternatives = new ArrayList<>();
        double total = 0;
        for (int i = 0; i + 1 < bars.size(); i++) {
            Alternative next = alternative(bars.get(i) + 1, bars.get(i + 1));
            alternatives.add(next);
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
        return expand(chosen.from, chosen.to);
    }

    private Alternative alternative(int from, int to) {
        Matcher weight = WEIGHT.matcher(prompt).region(from, to);
        return weight.lookingAt()
                ? new Alternative(weight.end(), to, Double.parseDouble(weight.group(1)))
                : new Alternative(from, to, 1);
    }
}
