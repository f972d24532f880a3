package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void aLineShowsHowFarWorkIsAndWhenItWillBeDone() {
        assertEquals(
                "███████░░░░░░░░░░░░░░░░░░░░░  25 %  30/120 frames, 3.0/s, 0:30 left  31.2 dB",
                Progress.line(30, 120, 10, "frames", "31.2 dB"));
    }

    @Test
    void workThatHasNotBegunHasNoTimeLeft() {
        assertEquals(
                "░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0/120 frames, 0.0/s",
                Progress.line(0, 120, 10, "frames", ""));
    }

    @Test
    void workThatIsDoneIsFull() {
        assertEquals(
                "████████████████████████████ 100 %  120/120 frames, 12.0/s",
                Progress.line(120, 120, 10, "frames", ""));
    }

    @Test
    void longWorkIsCountedInHours() {
        assertEquals(
                "░░░░░░░░░░░░░░░░░░░░░░░░░░░░   1 %  10/1010 steps, 0.1/s, 2 h 46 min left",
                Progress.line(10, 1010, 100, "steps", ""));
    }

    @Test
    void moreThanWasExpectedIsStillAll() {
        assertEquals(
                "████████████████████████████ 100 %  130/120 frames, 13.0/s",
                Progress.line(130, 120, 10, "frames", ""));
    }
}
