package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.runtime.UserFolders;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** What a report that goes to strangers keeps of the paths in it. */
final class DiscretionTest {
    private static final Path HOME = Path.of("/home/ada");
    private static final UserFolders FOLDERS =
            new UserFolders(
                    HOME.resolve(".local/share/zoetrope"),
                    HOME.resolve(".config/zoetrope"),
                    HOME.resolve(".cache/zoetrope"),
                    HOME.resolve("Videos/Zoetrope"));

    private final Discretion discretion = new Discretion(FOLDERS, HOME, "ada");

    @Test
    void ownFoldersAreCalledByWhatTheyAre() {
        assertEquals(
                "serving {data} at [(path)]",
                discretion.of("serving /home/ada/.local/share/zoetrope at [/127.0.0.1:4711]"));
        assertEquals("{results} is full", discretion.of("/home/ada/Videos/Zoetrope is full"));
    }

    @Test
    void namesOfFilesAreHiddenWithTheirSpacesAndWhatIsSaidOfThemStays() {
        assertEquals(
                "(path): No such file",
                discretion.of("/media/ada/My Wedding/first dance.mp4: No such file"));
        assertEquals(
                "{results}/(path): moov atom not found",
                discretion.of("/home/ada/Videos/Zoetrope/for grandma.mp4: moov atom not found"));
        assertEquals(
                "cannot open \"(path)\"", discretion.of("cannot open \"C:\\Users\\Ada\\x y.mp4\""));
    }

    @Test
    void theHomeFolderAndTheUserAreHiddenWhereverTheyAre() {
        assertEquals("{home}/(path)", discretion.of("/home/ada/secret"));
        assertEquals("hello {user}", discretion.of("hello ada"));
        assertEquals("HOME={home}", discretion.of("HOME=/home/ada"));
        assertEquals("LD_PRELOAD=(path)", discretion.of("LD_PRELOAD=/usr/lib/x/libjemalloc.so.2"));
    }

    @Test
    void whatIsNoPathStays() {
        String plain =
                "frames/s 3.9, 16/9, a/b, and at dev.zoetrope.Main.main(Main.java:16), 1:2\n"
                        + "2026-01-01 10:11:12 INFO x: done";
        assertEquals(plain, discretion.of(plain));
    }

    @Test
    void aShortUserNameIsNotTakenOutOfWords() {
        assertEquals("go on", new Discretion(FOLDERS, HOME, "go").of("go on"));
    }
}
