package dev.zoetrope.app.files;

import dev.zoetrope.runtime.UserFolders;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the window keeps things.
 *
 * @param settings what it remembers
 * @param cache files that may be lost
 * @param results videos that it made
 */
public record StudioFolders(Path settings, Path cache, Path results) {
    private static final Pattern XDG_VIDEOS =
            Pattern.compile("(?m)^\\s*XDG_VIDEOS_DIR=\"(?<path>.+)\"\\s*$");

    /** The folders of whoever started this process; results go where the desktop has videos. */
    public static StudioFolders of(UserFolders user) {
        Path videos =
                videos(
                        System.getProperty("os.name"),
                        Path.of(System.getProperty("user.home")),
                        System.getenv());
        return new StudioFolders(
                user.data(), user.data().resolve("cache"), videos.resolve("Zoetrope"));
    }

    static Path videos(String system, Path home, Map<String, String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return home.resolve("Movies");
        }
        if (name.startsWith("windows")) {
            return home.resolve("Videos");
        }
        String chosen = environment.getOrDefault("XDG_VIDEOS_DIR", "");
        return chosen.isBlank()
                ? chosenByDesktop(home, environment).orElse(home.resolve("Videos"))
                : Path.of(chosen);
    }

    /** Desktops write the translated or moved folder there; the variable itself is rarely set. */
    private static Optional<Path> chosenByDesktop(Path home, Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
        Path chosen = Path.of(config, "user-dirs.dirs");
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
