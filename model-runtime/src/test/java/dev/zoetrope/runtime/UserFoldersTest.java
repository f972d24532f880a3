package dev.zoetrope.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class UserFoldersTest {
    @TempDir Path home;

    @Test
    void linuxKeepsThingsWhereXdgSays() {
        assertEquals(
                new UserFolders(
                        home.resolve(".local/share/zoetrope"),
                        home.resolve(".config/zoetrope"),
                        home.resolve(".cache/zoetrope"),
                        home.resolve("Videos/Zoetrope")),
                UserFolders.of(Map.of(), "Linux", home));
        assertEquals(
                new UserFolders(
                        Path.of("/data/zoetrope"),
                        Path.of("/config/zoetrope"),
                        Path.of("/cache/zoetrope"),
                        Path.of("/films/Zoetrope")),
                UserFolders.of(
                        Map.of(
                                "XDG_DATA_HOME", "/data",
                                "XDG_CONFIG_HOME", "/config",
                                "XDG_CACHE_HOME", "/cache",
                                "XDG_VIDEOS_DIR", "/films"),
                        "Linux",
                        home));
    }

    @Test
    void aVariableWithoutAValueCountsAsNone() {
        assertEquals(
                UserFolders.of(Map.of(), "Linux", home),
                UserFolders.of(Map.of("XDG_DATA_HOME", "", "ZOETROPE_HOME", " "), "Linux", home));
    }

    @Test
    void linuxFindsTheFolderForVideosThatTheDesktopTranslated() throws IOException {
        Files.createDirectories(home.resolve(".config"));
        Files.writeString(
                home.resolve(".config/user-dirs.dirs"),
                """
                # written by the desktop
                XDG_MUSIC_DIR="$HOME/Musik"
                XDG_VIDEOS_DIR="$HOME/Filme"
                """);
        assertEquals(
                home.resolve("Filme/Zoetrope"), UserFolders.of(Map.of(), "Linux", home).results());
    }

    @Test
    void macOsKeepsThingsInItsLibrary() {
        Path support = home.resolve("Library/Application Support/Zoetrope");
        assertEquals(
                new UserFolders(
                        support,
                        support,
                        home.resolve("Library/Caches/Zoetrope"),
                        home.resolve("Movies/Zoetrope")),
                UserFolders.of(Map.of(), "Mac OS X", home));
    }

    @Test
    void windowsRoamsWithTheSettingsAlone() {
        assertEquals(
                new UserFolders(
                        home.resolve("AppData/Local/Zoetrope"),
                        home.resolve("AppData/Roaming/Zoetrope"),
                        home.resolve("AppData/Local/Zoetrope/Cache"),
                        home.resolve("Videos/Zoetrope")),
                UserFolders.of(Map.of(), "Windows 11", home));
        assertEquals(
                new UserFolders(
                        Path.of("/local/Zoetrope"),
                        Path.of("/roaming/Zoetrope"),
                        Path.of("/local/Zoetrope/Cache"),
                        home.resolve("Videos/Zoetrope")),
                UserFolders.of(
                        Map.of("LOCALAPPDATA", "/local", "APPDATA", "/roaming"),
                        "Windows 11",
                        home));
    }

    @Test
    void zoetropeHomeHoldsEverythingOnEverySystem() {
        for (String system : new String[] {"Linux", "Mac OS X", "Windows 11"}) {
            UserFolders folders =
                    UserFolders.of(
                            Map.of("ZOETROPE_HOME", "/mine", "XDG_DATA_HOME", "/data"),
                            system,
                            home);

            assertEquals(new UserFolders(Path.of("/mine")), folders);
            assertEquals(Path.of("/mine/models"), folders.models());
            assertEquals(Path.of("/mine/cache/prompts"), folders.prompts());
            assertEquals(Path.of("/mine/results"), folders.results());
        }
    }
}
