package dev.zoetrope.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Zoetrope keeps things of the user's, by the custom of the system.
 *
 * @param data what is worth keeping: the models, and what work has taken
 * @param settings what the window remembers
 * @param cache files that may be lost
 * @param results videos that were not given a place
 */
public record UserFolders(Path data, Path settings, Path cache, Path results) {
    private static final Pattern XDG_VIDEOS =
            Pattern.compile("(?m)^\\s*XDG_VIDEOS_DIR=\"(?<path>.+)\"\\s*$");

    /** Everything in one folder. */
    public UserFolders(Path all) {
        this(all, all, all.resolve("cache"), all.resolve("results"));
    }

    /** The folders of this system, or all in the one that {@code ZOETROPE_HOME} names. */
    public static UserFolders ofThisSystem() {
        return of(
                System.getenv(),
                System.getProperty("os.name"),
                Path.of(System.getProperty("user.home")));
    }

    static UserFolders of(Map<String, String> environment, String system, Path home) {
        Optional<Path> own = named(environment, "ZOETROPE_HOME");
        if (own.isPresent()) {
            return new UserFolders(own.get());
        }
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            Path appData = home.resolve("AppData");
            Path local =
                    named(environment, "LOCALAPPDATA")
                            .orElse(appData.resolve("Local"))
                            .resolve("Zoetrope");
            Path roaming = named(environment, "APPDATA").orElse(appData.resolve("Roaming"));
            return new UserFolders(
                    local,
                    roaming.resolve("Zoetrope"),
                    local.resolve("Cache"),
                    home.resolve("Videos").resolve("Zoetrope"));
        }
        if (name.startsWith("mac")) {
            Path library = home.resolve("Library");
            Path support = library.resolve("Application Support").resolve("Zoetrope");
            return new UserFolders(
                    support,
                    support,
                    library.resolve("Caches").resolve("Zoetrope"),
                    home.resolve("Movies").resolve("Zoetrope"));
        }
        Path config = named(environment, "XDG_CONFIG_HOME").orElse(home.resolve(".config"));
        return new UserFolders(
                named(environment, "XDG_DATA_HOME")
                        .orElse(home.resolve(".local/share"))
                        .resolve("zoetrope"),
                config.resolve("zoetrope"),
                named(environment, "XDG_CACHE_HOME")
                        .orElse(home.resolve(".cache"))
                        .resolve("zoetrope"),
                named(environment, "XDG_VIDEOS_DIR")
                        .or(() -> chosenByDesktop(home, config))
                        .orElse(home.resolve("Videos"))
                        .resolve("Zoetrope"));
    }

    /** What encoders made of prompts. */
    public Path prompts() {
        return cache.resolve("prompts");
    }

    /** What finished work has taken. */
    public Path timings() {
        return data.resolve("timings.jsonl");
    }

    /** What the engine has to say when something goes wrong. */
    public Path engineLog() {
        return data.resolve("engine.log");
    }

    /** Model folders, one per model, named after it. */
    public Path models() {
        return data.resolve("models");
    }

    /** Libraries to compute on a GPU with. */
    public Path gpu() {
        return data.resolve("gpu");
    }

    private static Optional<Path> named(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /** Desktops write the translated or moved folder there; the variable itself is rarely set. */
    private static Optional<Path> chosenByDesktop(Path home, Path config) {
        Path chosen = config.resolve("user-dirs.dirs");
        if (!Files.isReadable(chosen)) {
            return Optional.empty();
        }
        try {
            Matcher line = XDG_VIDEOS.matcher(Files.readString(chosen));
            return line.find()
                    ? Optional.of(Path.of(line.group("path").replace("$HOME", home.toString())))
                    : Optional.empty();
        } catch (IOException unreadable) {
            // The file is the desktop's; without it the standard folder is the right one.
            return Optional.empty();
        }
    }
}
