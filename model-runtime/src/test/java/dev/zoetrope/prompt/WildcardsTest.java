package dev.zoetrope.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.prompt.Wildcards.Slip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Optional;
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
                        .filter(seed -> expand("{a|b}", seed).equals(expand("{a|b}", seed + 1)))
                        .count();
        assertTrue(same > 440 && same < 560, "same " + same);
    }

    /** Written down, so that a prompt of today gives the same clip in years. */
    @Test
    void aSeedChoosesTheSameForEver() {
        String prompt = "{a|b|c|d} {e|f|g|h} {i|j|k|l}";
        assertEquals("d f i", expand(prompt, 0));
        assertEquals("c e j", expand(prompt, 42));
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
        assertEquals("{a|b}", expand("\\{a\\|b\\}", 1));
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
        assertEquals(prompt, expand(prompt, 7));
    }

    @Test
    void aChoiceBesideAnOpenBraceIsStillOne() {
        assertTrue(Set.of("{ a", "{ b").contains(expand("{ {a|b}", 3)));
        assertTrue(Set.of("{x a}", "{x b}").contains(expand("{x {a|b}}", 3)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a cat; 1",
                "{a|b}; 2",
                "{a|b} {c|d|e}; 6",
                "{a|{b|c}} x; 3",
                "{2::a|b|}; 3",
                "{a} {b; 1",
                "\\{a|b\\}; 1"
            })
    void theWaysToChooseAreCounted(String prompt, long variants) {
        assertEquals(variants, Wildcards.parse(prompt).variants());
    }

    @Test
    void moreVariantsThanAnyoneMakesAreNotCounted() {
        assertEquals(1_000_000_000, Wildcards.parse("{a|b|c|d}".repeat(40)).variants());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a cat", "{a|b}", "{a|{b|c}}", "a|b", "}", "\\{a"})
    void whatIsRightHasNoSlip(String prompt) {
        assertEquals(Optional.empty(), Wildcards.parse(prompt).slip());
    }

    @Test
    void theFirstSlipIsNamedAsItWasTyped() {
        assertEquals(Optional.of(new Slip.Unclosed("{a|")), slip("x {a|"));
        assertEquals(Optional.of(new Slip.Unclosed("{ {a|b} {c}")), slip("x { {a|b} {c}"));
        assertEquals(Optional.of(new Slip.NothingToChoose("{a}")), slip("{a} {b|"));
        assertEquals(Optional.of(new Slip.NothingToChoose("{}")), slip("{b|{}}"));
        assertEquals(Optional.of(new Slip.EmptyChoice("{a|}")), slip("a {a|}"));
        assertEquals(Optional.of(new Slip.EmptyChoice("{a|2:: }")), slip("{a|2:: }"));
    }

    private static Optional<Slip> slip(String prompt) {
        return Wildcards.parse(prompt).slip();
    }

    private static String expand(String prompt, long seed) {
        return Wildcards.parse(prompt).expand(seed);
    }

    private static Map<String, Integer> counts(String prompt, int seeds) {
        return LongStream.range(0, seeds)
                .mapToObj(seed -> expand(prompt, seed))
                .collect(Collectors.toMap(text -> text, _ -> 1, Integer::sum, TreeMap::new));
    }
}
