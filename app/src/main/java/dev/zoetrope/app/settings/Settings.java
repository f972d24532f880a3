package dev.zoetrope.app.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the window remembers between two starts.
 *
 * @param lastFolder where the last video was opened from
 */
public record Settings(Theme theme, Optional<Path> lastFolder, Optional<WindowBounds> window) {
    /** What a first start begins with. */
    public static Settings defaults() {
        return new Settings(Theme.DARK, Optional.empty(), Optional.empty());
    }

    public Settings withTheme(Theme chosen) {
        return new Settings(chosen, lastFolder, window);
    }

    public Settings withLastFolder(Path folder) {
        return new Settings(theme, Optional.of(folder), window);
    }

    public Settings withWindow(WindowBounds bounds) {
        return new Settings(theme, lastFolder, Optional.of(bounds));
    }
}
