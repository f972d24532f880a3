package dev.zoetrope.sampling;

/** Two forms of the second-order term of DPM-Solver++. */
enum SolverType {
    MIDPOINT,
    HEUN
}
