package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.problem.Impossible;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Numbers that a person typed in; blank is as the model was published. */
final class Typed {
    private static final int MOST_STEPS = 1000;

    private Typed() {}

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but a whole number from 1
     *     to 1000
     */
    static OptionalInt steps(String typed) {
        if (typed.isBlank()) {
            return OptionalInt.empty();
        }
        int steps;
        try {
            steps = Integer.parseInt(typed.strip());
        } catch (NumberFormatException e) {
            throw new Impossible.StepsMistyped(typed).asException();
        }
        if (steps < 1 || steps > MOST_STEPS) {
            throw new Impossible.StepsBeyond(steps, MOST_STEPS).asException();
        }
        return OptionalInt.of(steps);
    }

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but a number from 1 up
     */
    static OptionalDouble guidance(String typed) {
        if (typed.isBlank()) {
            return OptionalDouble.empty();
        }
        double guidance;
        try {
            // Half the world types a decimal comma.
            guidance = Double.parseDouble(typed.strip().replace(',', '.'));
        } catch (NumberFormatException e) {
            guidance = Double.NaN;
        }
        if (!(guidance >= 1) || Double.isInfinite(guidance)) {
            throw new Impossible.GuidanceMistyped(typed).asException();
        }
        return OptionalDouble.of(guidance);
    }

    /**
     * Empty for a seed that is to be drawn, which many write as -1.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for anything but a whole number
     */
    static OptionalLong seed(String typed) {
        if (typed.isBlank() || typed.strip().equals("-1")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(typed.strip()));
        } catch (NumberFormatException e) {
            throw new Impossible.SeedMistyped(typed).asException();
        }
    }
}
