package dev.zoetrope.app.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalLong;

final class RangeTest {
    @ParameterizedTest
    @CsvSource({"'', 0", "' ', 0", "0, 0", "2, 2", "' 2.5 ', 2.5", "'2,5', 2.5"})
    void secondsAreReadAsPeopleTypeThem(String typed, double seconds) {
        assertEquals(seconds, Range.startSeconds(typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "two", "1.2.3", "NaN", "Infinity"})
    void whatIsNoTimeIsExplained(String typed) {
        var failure = assertThrows(ProblemException.class, () -> Range.startSeconds(typed));
        assertTrue(failure.problem().cause().contains(typed));
    }

    @Test
    void noNumberOfFramesMeansAll() {
        assertEquals(OptionalLong.empty(), Range.frames(" "));
        assertEquals(OptionalLong.of(48), Range.frames(" 48 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "1.5", "many", "99999999999999999999"})
    void whatIsNoNumberOfFramesIsExplained(String typed) {
        var failure = assertThrows(ProblemException.class, () -> Range.frames(typed));
        assertTrue(failure.problem().cause().contains(typed));
    }
}
