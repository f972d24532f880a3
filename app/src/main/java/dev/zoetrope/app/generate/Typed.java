package dev.zoetrope.app.generate;

import dev.zoetrope.runtime.problem.Problem;

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
            steps = 0;
        }
        if (steps < 1 || steps > MOST_STEPS) {
            throw impossible(
                    "\"" + typed + "\" is not a number of steps.",
                    "Type a whole number from 1 to 1000, or leave it empty.");
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
            throw impossible(
                    "\"" + typed + "\" is no strength of guidance.",
                    "Type a number from 1, which is none, such as 4.5, or leave it empty.");
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
            throw impossible(
                    "The seed \"" + typed + "\" is not a whole number.",
                    "Type a whole number, or -1 for a new one with every clip.");
        }
    }

    private static RuntimeException impossible(String cause, String remedy) {
        return new Problem.ImpossibleRequest(cause, remedy).asException();
    }
}
