package dev.zoetrope.samples.papertheatre;

/** What the subject does from the first frame to the last. */
public enum Motion {
    LEFT,
    RIGHT,
    UP,
    DOWN,
    BOUNCING,
    SPINNING,
    GROWING,
    SHRINKING
}
