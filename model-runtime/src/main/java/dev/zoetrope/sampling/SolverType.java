package dev.zoetrope.sampling;

import java.util.Locale;

/** Two forms of the second-order term of DPM-Solver++. */
enum SolverType {
    MIDPOINT,
    HEUN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
