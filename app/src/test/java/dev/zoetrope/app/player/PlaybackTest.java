package dev.zoetrope.app.player;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.reconstruction.FrameQuality;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

final class PlaybackTest {
    private static final double FPS = 10;

    private final FrameStore frames = new FrameStore(4, 4, 10, 1 << 20, Path.of("unused"));
    private final Comparison clip = new Comparison(frames, 4, 4, FPS, 10);
    private final Playback playback = new Playback();
    private long nanos;

    @AfterEach
    void close() throws IOException {
        frames.close();
    }

    private void make(int count) {
        clip.add(IntStream.range(0, count).mapToObj(i -> new FrameQuality(40 - i, 0.9)).toList());
    }

    /** Lets time go by in pulses of a sixtieth of a second. */
    private void run(double seconds) {
        for (double t = 0; t < seconds - 1e-9; t += 1 / 60.0) {
            playback.tick(nanos);
            nanos += 1_000_000_000L / 60;
        }
        playback.tick(nanos);
    }

    private void open(int available) {
        make(available);
        playback.comparisonProperty().set(Optional.of(clip));
    }

    @Test
    void withoutAClipNothingIsShownAndKeysDoNothing() {
        playback.toggle();
        playback.step(1);
        playback.worst();
        run(1);
        assertEquals(Playback.NONE, playback.frame());
        assertEquals(0, playback.speed());
    }

    @Test
    void theNewestFrameIsFollowedUntilSomebodySteps() {
        open(3);
        assertEquals(2, playback.frame());
        make(2);
        assertEquals(4, playback.frame());
        playback.step(-1);
        make(2);
        assertEquals(3, playback.frame());
        assertFalse(playback.followingProperty().get());
    }

    @Test
    void whenNobodyTookOverAFinishedClipPlaysFromItsStart() {
        open(10);
        playback.complete();
        assertEquals(1, playback.speed());
        assertEquals(0, playback.frame());
    }

    @Test
    void whoTookOverIsNotDisturbedAtTheEnd() {
        open(10);
        playback.seek(4);
        playback.complete();
        assertEquals(4, playback.frame());
        assertEquals(0, playback.speed());
    }

    @Test
    void playingKeepsTheClipsTime() {
        open(10);
        playback.first();
        playback.toggle();
        run(0.55);
        assertEquals(5, playback.frame());
    }

    @Test
    void playingGoesRoundInBothDirections() {
        open(10);
        playback.first();
        playback.toggle();
        run(1.25);
        assertEquals(2, playback.frame());
        playback.reverse();
        run(0.45);
        assertEquals(7, playback.frame());
    }

    @Test
    void withoutLoopItStopsAtEitherEnd() {
        playback.repeatProperty().set(Repeat.ONCE);
        open(10);
        playback.first();
        playback.forward();
        run(2);
        assertEquals(9, playback.frame());
        assertEquals(0, playback.speed());
        playback.reverse();
        run(2);
        assertEquals(0, playback.frame());
        assertEquals(0, playback.speed());
    }

    @Test
    void withoutLoopItWaitsForFramesThatAreStillToCome() {
        playback.repeatProperty().set(Repeat.ONCE);
        open(5);
        playback.first();
        playback.forward();
        run(1);
        assertEquals(4, playback.frame());
        assertEquals(1, playback.speed());
        make(5);
        run(0.25);
        assertEquals(6, playback.frame());
    }

    @Test
    void eachFurtherKeyDoublesTheSpeedUpToEight() {
        open(10);
        for (int expected : List.of(1, 2, 4, 8, 8)) {
            playback.forward();
            assertEquals(expected, playback.speed());
        }
        for (int expected : List.of(-1, -2, -4, -8, -8)) {
            playback.reverse();
            assertEquals(expected, playback.speed());
        }
    }

    @Test
    void aStalledMachineDoesNotLeap() {
        open(10);
        playback.first();
        playback.toggle();
        playback.tick(0);
        playback.tick(60_000_000_000L);
        assertTrue(playback.frame() <= 3, "leapt to " + playback.frame());
    }

    @Test
    void timeThatWentByWhileItStoodStillDoesNotCount() {
        open(10);
        playback.first();
        playback.toggle();
        run(0.2);
        playback.pause();
        nanos += 60_000_000_000L;
        playback.toggle();
        run(0.15);
        assertEquals(3, playback.frame());
    }

    @Test
    void theWorstFrameIsTheOneOfLowestPsnr() {
        open(10);
        playback.worst();
        assertEquals(9, playback.frame());
        assertEquals(0, playback.speed());
    }

    @Test
    void aNewClipStartsAfresh() {
        open(10);
        playback.first();
        playback.toggle();
        var second = new Comparison(frames, 4, 4, FPS, 5);
        playback.comparisonProperty().set(Optional.of(second));
        assertEquals(0, playback.speed());
        assertEquals(Playback.NONE, playback.frame());
        second.add(List.of(new FrameQuality(30, 0.9)));
        assertEquals(0, playback.frame());
        make(1);
        assertEquals(0, playback.frame());
    }
}
