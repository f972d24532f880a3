package dev.zoetrope.app.settings;

import java.util.Locale;

/** What the window speaks. */
public enum Language {
    /** What the system speaks, if the window can, else English. */
    SYSTEM,
    ENGLISH,
    CHINESE;

    /**
     * Whose words and numbers are used.
     *
     * @param system the system's
     */
    public Locale locale(Locale system) {
        return switch (this) {
            case SYSTEM -> system;
            case ENGLISH -> Locale.ENGLISH;
            case CHINESE -> Locale.SIMPLIFIED_CHINESE;
        };
    }
}
