package dev.zoetrope.app.settings;

/** How bright the window is. */
public enum Theme {
    DARK,
    LIGHT;

    /** The other one. */
    public Theme toggled() {
        return this == DARK ? LIGHT : DARK;
    }
}
