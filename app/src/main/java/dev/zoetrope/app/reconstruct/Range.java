package dev.zoetrope.app.reconstruct;

import dev.zoetrope.runtime.problem.Impossible;

import java.util.OptionalLong;

/** The part of a video that a person typed in. */
final class Range {
    private Range() {}

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but a number from 0 up
     */
    static double startSeconds(String typed) {
        if (typed.isBlank()) {
            return 0;
        }
        double seconds;
        try {
            // Half the world types a decimal comma.
            seconds = Double.parseDouble(typed.strip().replace(',', '.'));
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds >= 0) || Double.isInfinite(seconds)) {
            throw new Impossible.StartMistyped(typed).asException();
        }
        return seconds;
    }

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but a whole number from 1
     */
    static OptionalLong frames(String typed) {
        if (typed.isBlank()) {
            return OptionalLong.empty();
        }
        long frames;
        try {
            frames = Long.parseLong(typed.strip());
        } catch (NumberFormatException e) {
            frames = 0;
        }
        if (frames < 1) {
            throw new Impossible.FramesMistyped(typed).asException();
        }
        return OptionalLong.of(frames);
    }
}
