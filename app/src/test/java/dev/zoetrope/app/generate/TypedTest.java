package dev.zoetrope.app.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

final class TypedTest {
    @Test
    void blankIsAsTheModelWasPublished() {
        assertEquals(OptionalInt.empty(), Typed.steps(" "));
        assertEquals(OptionalDouble.empty(), Typed.guidance(""));
        assertEquals(OptionalLong.empty(), Typed.seed(""));
    }

    @Test
    void numbersAreReadAsPeopleWriteThem() {
        assertEquals(OptionalInt.of(30), Typed.steps(" 30 "));
        assertEquals(OptionalDouble.of(4.5), Typed.guidance("4,5"));
        assertEquals(OptionalLong.of(-7), Typed.seed("-7"));
    }

    @Test
    void minusOneIsASeedToBeDrawn() {
        assertEquals(OptionalLong.empty(), Typed.seed("-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "many", "2.5"})
    void theseAreNoNumbersOfSteps(String typed) {
        assertThrows(ProblemException.class, () -> Typed.steps(typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5", "-3", "strong", "Infinity", "NaN"})
    void theseAreNoStrengthsOfGuidance(String typed) {
        assertThrows(ProblemException.class, () -> Typed.guidance(typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "seven", "99999999999999999999"})
    void theseAreNoSeeds(String typed) {
        assertThrows(ProblemException.class, () -> Typed.seed(typed));
    }
}
