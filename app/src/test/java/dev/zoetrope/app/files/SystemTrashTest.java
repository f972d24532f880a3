package dev.zoetrope.app.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class SystemTrashTest {
    @TempDir Path home;

    private Trash linux() {
        return new SystemTrash("Linux", Map.of(), home);
    }

    @Test
    void aFileGoesWhereTheDesktopFindsIt() throws Exception {
        Path clip = Files.writeString(home.resolve("a boat, süd.mp4"), "clip");
        linux().take(clip);

        Path trash = home.resolve(".local/share/Trash");
        assertFalse(Files.exists(clip));
        assertEquals("clip", Files.readString(trash.resolve("files/a boat, süd.mp4")));
        List<String> info = Files.readAllLines(trash.resolve("info/a boat, süd.mp4.trashinfo"));
        assertEquals("[Trash Info]", info.getFirst());
        assertEquals("Path=" + home.toUri().getRawPath() + "a%20boat,%20s%C3%BCd.mp4", info.get(1));
        assertTrue(info.get(2).matches("DeletionDate=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d"));
    }

    @Test
    void twoOfOneNameAreBothKept() throws Exception {
        for (String content : List.of("first", "second")) {
            linux().take(Files.writeString(home.resolve("boat.mp4"), content));
        }
        Path files = home.resolve(".local/share/Trash/files");
        assertEquals("first", Files.readString(files.resolve("boat.mp4")));
        assertEquals("second", Files.readString(files.resolve("boat 2.mp4")));
    }

    @Test
    void aFolderOfFramesGoesWhole() throws Exception {
        Path folder = Files.createDirectory(home.resolve("frames"));
        Files.writeString(folder.resolve("000001.png"), "frame");
        new SystemTrash("Mac OS X", Map.of(), trashIn(home)).take(folder);
        assertEquals("frame", Files.readString(home.resolve(".Trash/frames/000001.png")));
    }

    private static Path trashIn(Path home) throws IOException {
        Files.createDirectory(home.resolve(".Trash"));
        return home;
    }

    @Test
    void whatIsNotThereIsNotDescribedEither() throws IOException {
        assertThrows(IOException.class, () -> linux().take(home.resolve("gone.mp4")));
        try (var infos = Files.list(home.resolve(".local/share/Trash/info"))) {
            assertEquals(0, infos.count());
        }
    }
}
