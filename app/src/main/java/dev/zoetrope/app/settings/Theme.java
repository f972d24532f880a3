package dev.zoetrope.app.settings;

/** How bright the window is. */
public enum Theme {
    DARK,
    LIGHT,
    /** As the system is, and changing with it. */
    SYSTEM
}
