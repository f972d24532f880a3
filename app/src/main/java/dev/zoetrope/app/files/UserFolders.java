package dev.zoetrope.app.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folders of the person at this computer, where each system keeps them.
 *
 * @param settings what the window remembers
 * @param cache files that may be lost
 * @param results videos that Zoetrope made
 */
public record UserFolders(Path settings, Path cache, Path results) {
    private static final Pattern XDG_VIDEOS =
            Pattern.compile("(?m)^\\s*XDG_VIDEOS_DIR=\"(?<path>.+)\"\\s*$");

    /** The folders of whoever started this process. */
    public static UserFolders ofThisUser() {
        return of(
                System.getProperty("os.name"),
                Path.of(System.getProperty("user.home")),
                System.getenv());
    }

    static UserFolders of(String system, Path home, Map<String, String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            Path roaming = folder(environment, "APPDATA", home.resolve("AppData/Roaming"));
            Path local = folder(environment, "LOCALAPPDATA", home.resolve("AppData/Local"));
            return new UserFolders(
                    roaming.resolve("Zoetrope"),
                    local.resolve("Zoetrope").resolve("Cache"),
                    home.resolve("Videos").resolve("Zoetrope"));
        }
        if (name.startsWith("mac")) {
            return new UserFolders(
                    home.resolve("Library/Application Support/Zoetrope"),
                    home.resolve("Library/Caches/Zoetrope"),
                    home.resolve("Movies/Zoetrope"));
        }
        Path config = folder(environment, "XDG_CONFIG_HOME", home.resolve(".config"));
        Path cache = folder(environment, "XDG_CACHE_HOME", home.resolve(".cache"));
        Path videos =
                folder(
                        environment,
                        "XDG_VIDEOS_DIR",
                        chosenVideos(config, home).orElse(home.resolve("Videos")));
        return new UserFolders(
                config.resolve("zoetrope"), cache.resolve("zoetrope"), videos.resolve("Zoetrope"));
    }

    private static Path folder(Map<String, String> environment, String variable, Path otherwise) {
        String value = environment.getOrDefault(variable, "");
        return value.isBlank() ? otherwise : Path.of(value);
    }

    /** Desktops write the translated or moved folder there; the variable itself is rarely set. */
    private static Optional<Path> chosenVideos(Path config, Path home) {
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
