package dev.zoetrope.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

class UserFoldersTest {
    @Test
    void linuxKeepsThingsWhereXdgSays() {
        assertEquals(
                Path.of("/home/ada/.local/share/zoetrope"),
                UserFolders.of(Map.of(), "Linux", "/home/ada").data());
        assertEquals(
                Path.of("/data/zoetrope"),
                UserFolders.of(Map.of("XDG_DATA_HOME", "/data"), "Linux", "/home/ada").data());
        assertEquals(
                Path.of("/home/ada/.cache/zoetrope"),
                UserFolders.of(Map.of(), "Linux", "/home/ada").cache());
        assertEquals(
                Path.of("/fast/zoetrope"),
                UserFolders.of(Map.of("XDG_CACHE_HOME", "/fast"), "Linux", "/home/ada").cache());
    }

    @Test
    void macOsKeepsThingsInApplicationSupport() {
        assertEquals(
                Path.of("/Users/ada", "Library", "Application Support", "Zoetrope"),
                UserFolders.of(Map.of(), "Mac OS X", "/Users/ada").data());
        assertEquals(
                Path.of("/Users/ada", "Library", "Caches", "Zoetrope"),
                UserFolders.of(Map.of(), "Mac OS X", "/Users/ada").cache());
    }

    @Test
    void windowsKeepsThingsInLocalAppData() {
        assertEquals(
                Path.of("D:\\local", "Zoetrope"),
                UserFolders.of(Map.of("LOCALAPPDATA", "D:\\local"), "Windows 11", "C:\\ada")
                        .data());
        assertEquals(
                Path.of("C:\\ada\\AppData\\Local", "Zoetrope"),
                UserFolders.of(Map.of(), "Windows 11", "C:\\ada").data());
    }

    @Test
    void zoetropeHomeOverridesEverySystem() {
        for (String system : new String[] {"Linux", "Mac OS X", "Windows 11"}) {
            UserFolders folders =
                    UserFolders.of(
                            Map.of("ZOETROPE_HOME", "/mine", "XDG_DATA_HOME", "/data"),
                            system,
                            "/home/ada");

            assertEquals(Path.of("/mine"), folders.data());
            assertEquals(Path.of("/mine/models"), folders.models());
            assertEquals(Path.of("/mine/cache/prompts"), folders.prompts());
        }
    }
}
