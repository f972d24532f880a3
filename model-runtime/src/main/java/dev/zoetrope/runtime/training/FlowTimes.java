package dev.zoetrope.runtime.training;

/** How often each time of a flow is trained. */
public enum FlowTimes {
    /** All alike. */
    UNIFORM,
    /** The middle of the way more often than its ends (Esser et al. 2024). */
    LOGIT_NORMAL
}
