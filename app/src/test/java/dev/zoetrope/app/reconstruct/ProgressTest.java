package dev.zoetrope.app.reconstruct;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class ProgressTest {
    @Test
    void theRestIsExpectedToGoAsFastAsTheStart() {
        var progress = Progress.after(20, 80, Duration.ofSeconds(5));
        assertEquals(0.25, progress.fraction());
        assertEquals(4, progress.framesPerSecond());
        assertEquals(Duration.ofSeconds(15), progress.remaining());
    }

    @Test
    void moreFramesThanExpectedMoveTheEnd() {
        var progress = Progress.after(90, 80, Duration.ofSeconds(5));
        assertEquals(1, progress.fraction());
        assertEquals(Duration.ZERO, progress.remaining());
    }

    @Test
    void beforeTheFirstFrameNothingIsPromised() {
        assertEquals(0, Progress.NONE.fraction());
        assertEquals(Duration.ZERO, Progress.NONE.remaining());
    }
}
