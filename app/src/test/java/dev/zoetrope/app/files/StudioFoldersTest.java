package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

final class StudioFoldersTest {
    @TempDir Path home;

    @Test
    void eachSystemHasItsOwnFolderForVideos() {
        assertEquals(home.resolve("Videos"), StudioFolders.videos("Linux", home, Map.of()));
        assertEquals(home.resolve("Videos"), StudioFolders.videos("Windows 11", home, Map.of()));
        assertEquals(home.resolve("Movies"), StudioFolders.videos("Mac OS X", home, Map.of()));
    }

    @Test
    void linuxFollowsTheVariable() {
        assertEquals(
                Path.of("/srv/films"),
                StudioFolders.videos("Linux", home, Map.of("XDG_VIDEOS_DIR", "/srv/films")));
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
        assertEquals(home.resolve("Filme"), StudioFolders.videos("Linux", home, Map.of()));
    }
}
