package dev.zoetrope.pipeline;

import dev.zoetrope.runtime.media.Frame;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Looks at a clip as it is made for what no model is asked for: a black picture, a frozen one,
 * frames twice in a row. A model that was loaded wrong or pushed too far shows it so.
 */
final class OutputGuard {
    /** Of 255; video black with the noise of a codec. */
    private static final double BLACK = 4;

    /** Mean difference of neighbouring frames, of 255, below which nothing moves. */
    private static final double STILL = 0.02;

    private @Nullable Frame last;
    private int frames;
    private double brightest;
    private int repeated;
    private double moved;

    /** Takes the clip's next frame. */
    void add(Frame frame) {
        brightest = Math.max(brightest, mean(frame));
        if (last != null) {
            double difference = difference(last, frame);
            moved = Math.max(moved, difference);
            repeated += difference == 0 ? 1 : 0;
        }
        last = frame;
        frames++;
    }

    /** How many frames it has seen. */
    int frames() {
        return frames;
    }

    /** What is wrong with the clip, as the end of a sentence; nothing when it looks alright. */
    Optional<String> verdict() {
        if (brightest < BLACK) {
            return Optional.of("black");
        }
        if (frames > 1 && moved < STILL) {
            return Optional.of("frozen: nothing moves in it");
        }
        if (2 * repeated >= frames) {
            return Optional.of(
                    "with %d of its %d frames repeating the one before"
                            .formatted(repeated, frames));
        }
        return Optional.empty();
    }

    private static double mean(Frame frame) {
        ByteBuffer rgb = frame.rgb();
        int n = rgb.remaining();
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += rgb.get(i) & 255;
        }
        return (double) sum / n;
    }

    private static double difference(Frame a, Frame b) {
        ByteBuffer x = a.rgb();
        ByteBuffer y = b.rgb();
        int n = x.remaining();
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.abs((x.get(i) & 255) - (y.get(i) & 255));
        }
        return (double) sum / n;
    }
}
