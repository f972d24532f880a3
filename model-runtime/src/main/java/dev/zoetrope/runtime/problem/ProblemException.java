package dev.zoetrope.runtime.problem;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Problem} up to whoever explains it. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // A problem is explained where it is caught and never serialised.
    private final transient Problem problem;

    ProblemException(Problem problem, @Nullable Throwable origin) {
        super(problem.cause(), origin);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
