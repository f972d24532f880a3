package dev.zoetrope.sampling;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Which times of the training schedule n steps are at. */
enum TimestepSpacing {
    /** From the last to the first, both included. */
    LINSPACE,
    /** At whole strides, from the first on; the last is not among them. */
    LEADING,
    /** At strides from the last on; the first is not among them. */
    TRAILING;

    /** Falling whole times. */
    double[] times(int n, int trainSteps, int offset) {
        return Arrays.stream(fractions(n, trainSteps, offset)).map(Math::rint).toArray();
    }

    /** Falling times, with {@link #LINSPACE} fractional and rounded to fp32. */
    double[] fractions(int n, int trainSteps, int offset) {
        requireSteps(n, trainSteps);
        return switch (this) {
            case LINSPACE -> {
                double stride = n == 1 ? 0 : (trainSteps - 1.) / (n - 1);
                yield falling(n).mapToDouble(i -> (float) (i * stride)).toArray();
            }
            case LEADING -> {
                int stride = trainSteps / n;
                requireWithin(trainSteps, (n - 1) * stride + offset);
                yield falling(n).mapToDouble(i -> i * stride + offset).toArray();
            }
            case TRAILING -> {
                // In numpy's own order of rounding, which decides halves.
                double stride = (trainSteps - (double) trainSteps / n) - trainSteps;
                yield IntStream.range(0, n)
                        .mapToDouble(i -> Math.rint(trainSteps + i * stride) - 1)
                        .toArray();
            }
        };
    }

    /** Falling whole times for solvers that leave out the end of the schedule. */
    double[] timesBeforeEnd(int n, int trainSteps, int offset) {
        if (this == TRAILING) {
            return times(n, trainSteps, offset);
        }
        requireSteps(n, trainSteps - 1);
        return Arrays.copyOf(times(n + 1, trainSteps, offset), n);
    }

    static void requireSteps(int n, int most) {
        if (n < 1 || n > most) {
            throw new Impossible.StepsBeyond(n, most).asException();
        }
    }

    private static void requireWithin(int trainSteps, int first) {
        if (first >= trainSteps) {
            throw new Problem.ImpossibleRequest(
                            "The first step would be at time %d of the %d that the model was trained at."
                                    .formatted(first, trainSteps),
                            "Choose fewer steps, or a smaller steps_offset.")
                    .asException();
        }
    }

    static void requireFrom(int least, int n) {
        if (n < least) {
            throw new Impossible.StepsBelow(n, least).asException();
        }
    }

    private static IntStream falling(int n) {
        return IntStream.range(0, n).map(i -> n - 1 - i);
    }
}
