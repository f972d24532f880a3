package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

final class UserFoldersTest {
    @TempDir Path home;

    @Test
    void linuxKeepsToTheDesktopsConventions() {
        assertEquals(
                new UserFolders(
                        home.resolve(".config/zoetrope"),
                        home.resolve(".cache/zoetrope"),
                        home.resolve("Videos/Zoetrope")),
                UserFolders.of("Linux", home, Map.of()));
    }

    @Test
    void linuxFollowsItsVariables() {
        assertEquals(
                new UserFolders(
                        Path.of("/etc/me/zoetrope"),
                        Path.of("/tmp/me/zoetrope"),
                        Path.of("/srv/films/Zoetrope")),
                UserFolders.of(
                        "Linux",
                        home,
                        Map.of(
                                "XDG_CONFIG_HOME", "/etc/me",
                                "XDG_CACHE_HOME", "/tmp/me",
                                "XDG_VIDEOS_DIR", "/srv/films")));
    }

    @Test
    void linuxFindsTheFolderThatTheDesktopTranslated() throws IOException {
        Files.createDirectories(home.resolve(".config"));
        Files.writeString(
                home.resolve(".config/user-dirs.dirs"),
                """
                # written by the desktop
                XDG_MUSIC_DIR="$HOME/Musik"
                XDG_VIDEOS_DIR="$HOME/Filme"
                """);
        assertEquals(
                home.resolve("Filme/Zoetrope"), UserFolders.of("Linux", home, Map.of()).results());
    }

    @Test
    void windowsKeepsSettingsRoamingAndFramesLocal() {
        var folders =
                UserFolders.of(
                        "Windows 11",
                        home,
                        Map.of("APPDATA", "/c/Roaming", "LOCALAPPDATA", "/c/Local"));
        assertEquals(
                new UserFolders(
                        Path.of("/c/Roaming/Zoetrope"),
                        Path.of("/c/Local/Zoetrope/Cache"),
                        home.resolve("Videos/Zoetrope")),
                folders);
    }

    @Test
    void macCallsThemMovies() {
        assertEquals(
                home.resolve("Movies/Zoetrope"),
                UserFolders.of("Mac OS X", home, Map.of()).results());
    }
}
