package dev.zoetrope.app.player;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.zoetrope.runtime.media.FrameRange;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class TransportTest {
    private static final double FPS = 10;

    private final Transport transport = new Transport();
    private long nanos = 1;

    /** The frames that are shown one after the other, one of each second's tenth. */
    private List<Integer> play(int frames) {
        List<Integer> shown = new ArrayList<>();
        transport.tick(nanos);
        for (int i = 0; i < frames; i++) {
            shown.add(transport.frame());
            nanos += 100_000_000L;
            transport.tick(nanos);
        }
        return shown;
    }

    private void load(int frames) {
        transport.load(frames, FPS);
        // In the middle of a frame, where no rounding matters.
        transport.tick(nanos);
        nanos += 50_000_000L;
        transport.tick(nanos);
    }

    @Test
    void aWholeClipPlaysByItselfAndRoundItsEnds() {
        load(4);
        assertEquals(List.of(0, 1, 2, 3, 0, 1), play(6));
    }

    @Test
    void whereMotionIsUnwelcomeItWaits() {
        transport.calm(true);
        load(4);
        assertEquals(List.of(0, 0), play(2));
        transport.toggle();
        assertEquals(1, transport.speed());
        transport.calm(true);
        assertEquals(0, transport.speed());
    }

    @Test
    void pingPongTurnsRoundWithoutShowingAnEndTwice() {
        transport.repeatProperty().set(Repeat.PING_PONG);
        load(4);
        assertEquals(List.of(0, 1, 2, 3, 2, 1, 0, 1, 2), play(9));
    }

    @Test
    void onceItStopsAtItsLastFrameAndBeginsAgainFromThere() {
        transport.repeatProperty().set(Repeat.ONCE);
        load(3);
        assertEquals(List.of(0, 1, 2, 2), play(4));
        assertEquals(0, transport.speed());
        transport.toggle();
        assertEquals(0, transport.frame());
    }

    @Test
    void betweenItsEndsAPartIsPlayedAlone() {
        load(8);
        transport.pause();
        transport.seek(2);
        transport.markIn();
        transport.seek(4);
        transport.markOut();
        assertEquals(new FrameRange(2, 4), transport.range());
        transport.seek(7);
        transport.forward();
        assertEquals(List.of(2, 3, 4, 2, 3), play(5));
        transport.reverse();
        transport.reverse();
        assertEquals(-2, transport.speed());
        assertEquals(3, new FrameRange(2, 4).frames());
        play(20).forEach(frame -> assertEquals(3, frame, 1));
    }

    @Test
    void anEndThatIsMovedStopsAtTheOtherAndIsTakenBackAtTheEndOfTheClip() {
        load(8);
        transport.moveOut(5);
        assertEquals(5, transport.frame());
        transport.moveIn(7);
        assertEquals(new FrameRange(5, 5), transport.range());
        transport.moveIn(2);
        transport.moveOut(-3);
        assertEquals(new FrameRange(2, 2), transport.range());
        transport.moveOut(40);
        assertEquals(new FrameRange(2, 7), transport.range());
        assertEquals(Transport.NONE, transport.outProperty().get());
        transport.moveIn(-1);
        assertFalse(transport.trimmed());
    }

    @Test
    void anEndThatComesBeforeTheOtherTakesItsPlace() {
        load(8);
        transport.pause();
        transport.seek(5);
        transport.markIn();
        transport.seek(3);
        transport.markOut();
        assertEquals(new FrameRange(0, 3), transport.range());
        transport.seek(6);
        transport.markIn();
        assertEquals(new FrameRange(6, 7), transport.range());
        transport.clearIn();
        assertFalse(transport.trimmed());
    }

    @Test
    void anotherClipGoesOnWhereTheOneBeforeWasWithoutItsEnds() {
        load(8);
        transport.pause();
        transport.seek(5);
        transport.markIn();
        transport.load(32, 2 * FPS);
        assertEquals(10, transport.frame());
        assertEquals(new FrameRange(0, 31), transport.range());
        transport.load(4, FPS);
        assertEquals(1, transport.frame());
    }

    @Test
    void withoutAClipThereIsNothingToMark() {
        transport.markIn();
        transport.markOut();
        transport.forward();
        transport.step(1);
        assertEquals(Transport.NONE, transport.frame());
        assertFalse(transport.trimmed());
        assertThrows(IllegalStateException.class, transport::range);
    }
}
