package dev.zoetrope.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

class WildcardsTest {
    @Test
    void everyAlternativeComesAboutEquallyOften() {
        Map<String, Integer> counts = counts("a {cat|dog|hen}", 3000);
        assertEquals(Set.of("a cat", "a dog", "a hen"), counts.keySet());
        counts.values().forEach(count -> assertEquals(1000, count, 100));
    }

    @Test
    void neighbouringSeedsChooseIndependently() {
        long same =
                LongStream.range(0, 1000)
                        .filter(seed ->
                                Wildcards.expand("{a|b}", seed)
                                        .equals(Wildcards.expand("{a|b}", seed + 1)))
                        .count();
        assertTrue(same > 440 && same < 560, "same " + same);
    }

    /** Written down, so that a prompt of today gives the same clip in years. */
    @Test
    void aSeedChoosesTheSameForEver() {
        String prompt = "{a|b|c|d} {e|f|g|h} {i|j|k|l}";
        assertEquals("d f i", Wildcards.expand(prompt, 0));
        assertEquals("c e j", Wildcards.expand(prompt, 42));
    }

    @Test
    void choicesLieInEachOther() {
        assertEquals(
                Set.of("red cat", "blue cat", "dog"), counts("{{red|blue} cat|dog}", 200).keySet());
    }

    @Test
    void aWeightChoosesThatMuchMoreOften() {
        Map<String, Integer> counts = counts("{3::cat|dog}", 4000);
        assertEquals(3000, counts.getOrDefault("cat", 0), 150);
        assertEquals(Set.of("cat"), counts("{cat|0::dog}", 200).keySet());
        assertEquals(Set.of("cat", "dog"), counts("{0.5::cat| 2.5::dog}", 200).keySet());
    }

    @Test
    void anAlternativeMayBeNothing() {
        assertEquals(Set.of("cat", "big cat"), counts("{big |}cat", 50).keySet());
    }

    @Test
    void escapedSignsAreThemselves() {
        assertEquals("{a|b}", Wildcards.expand("\\{a\\|b\\}", 1));
        assertEquals(Set.of("a|b", "}"), counts("{a\\|b|\\}}", 50).keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a {cat",
                "a cat}",
                "{\"subject\": \"cat\"}",
                "a|b",
                "{}",
                "}{",
                "c:\\dir",
                "\\"
            })
    void whatIsNoChoiceStaysAsTyped(String prompt) {
        assertEquals(prompt, Wildcards.expand(prompt, 7));
    }

    @Test
    void aChoiceBesideAnOpenBraceIsStillOne() {
        assertTrue(Set.of("{ a", "{ b").contains(Wildcards.expand("{ {a|b}", 3)));
        assertTrue(Set.of("{x a}", "{x b}").contains(Wildcards.expand("{x {a|b}}", 3)));
    }

    private static Map<String, Integer> counts(String prompt, int seeds) {
        return LongStream.range(0, seeds)
                .mapToObj(seed -> Wildcards.expand(prompt, seed))
                .collect(Collectors.toMap(text -> text, _ -> 1, Integer::sum, TreeMap::new));
    }
}
