package dev.zoetrope.runtime;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where Zoetrope keeps things of the user's, by the custom of the system.
 *
 * @param data models and settings: {@code %LOCALAPPDATA%\Zoetrope}, {@code ~/Library/Application
 *     Support/Zoetrope}, {@code $XDG_DATA_HOME/zoetrope}
 * @param cache what can be computed again: {@code %LOCALAPPDATA%\Zoetrope\cache}, {@code
 *     ~/Library/Caches/Zoetrope}, {@code $XDG_CACHE_HOME/zoetrope}
 */
public record UserFolders(Path data, Path cache) {

    /** Everything in one folder. */
    public UserFolders(Path home) {
        this(home, home.resolve("cache"));
    }

    /** The folders of this system; {@code ZOETROPE_HOME} overrides them. */
    public static UserFolders ofThisSystem() {
        return of(System.getenv(), System.getProperty("os.name"), System.getProperty("user.home"));
    }

    static UserFolders of(Map<String, String> environment, String system, String home) {
        String own = environment.get("ZOETROPE_HOME");
        if (own != null) {
            return new UserFolders(Path.of(own));
        }
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            String local = environment.getOrDefault("LOCALAPPDATA", home + "\\AppData\\Local");
            return new UserFolders(Path.of(local, "Zoetrope"));
        }
        if (name.startsWith("mac")) {
            Path library = Path.of(home, "Library");
            return new UserFolders(
                    library.resolve("Application Support").resolve("Zoetrope"),
                    library.resolve("Caches").resolve("Zoetrope"));
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", home + "/.local/share");
        String cache = environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache");
        return new UserFolders(Path.of(data, "zoetrope"), Path.of(cache, "zoetrope"));
    }

    /** What encoders made of prompts. */
    public Path prompts() {
        return cache.resolve("prompts");
    }

    /** Model folders, one per model, named after it. */
    public Path models() {
        return data.resolve("models");
    }
}
