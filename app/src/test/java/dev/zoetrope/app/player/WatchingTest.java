package dev.zoetrope.app.player;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

final class WatchingTest {
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final Transport transport = new Transport();
    private boolean seen = true;
    private int told;

    private void open() {
        var _ =
                new Watching(
                        List.of(new Watching.Player(transport, () -> seen)),
                        () -> told++,
                        later::add);
    }

    @Test
    void isToldForAsLongAsAClipPlays() {
        open();
        assertEquals(0, told);
        transport.load(12, 8);
        assertEquals(1, told, "at once");
        later.remove().run();
        assertEquals(2, told);

        transport.pause();
        later.remove().run();
        assertEquals(2, told);
        assertEquals(0, later.size(), "nobody looks any more");

        transport.toggle();
        assertEquals(3, told);
    }

    @Test
    void isNotToldOfAClipThatNobodySees() {
        seen = false;
        open();
        transport.load(12, 8);
        later.remove().run();
        assertEquals(0, told);
        seen = true;
        later.remove().run();
        assertEquals(1, told);
    }

    @Test
    void looksOnceHoweverOftenTheSpeedChanges() {
        open();
        transport.load(12, 8);
        transport.pause();
        transport.toggle();
        transport.forward();
        assertEquals(1, later.size());
    }
}
