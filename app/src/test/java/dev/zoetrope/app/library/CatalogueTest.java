package dev.zoetrope.app.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.app.Clips;
import dev.zoetrope.app.PaperScene;
import dev.zoetrope.runtime.recipe.Recipe;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

final class CatalogueTest {
    private static final PaperScene SCENE = new PaperScene(32, 18, 12, 2);

    @TempDir Path home;

    private final List<Path> opened = new ArrayList<>();

    private Catalogue catalogue() {
        return new Catalogue(
                () -> List.of(home.resolve("results"), home.resolve("elsewhere")),
                home.resolve("cache/library.jsonl"),
                file -> {
                    opened.add(file);
                    return Recipe.of(file);
                });
    }

    private Path make(String name, int minute) throws IOException {
        return Clips.make(home.resolve(name), "a boat", "starter", SCENE, minute);
    }

    private static List<Clip> last(Catalogue catalogue) {
        List<List<Clip>> told = new ArrayList<>();
        catalogue.scan(told::add);
        return told.getLast();
    }

    private static List<String> names(List<Clip> clips) {
        return clips.stream().map(clip -> clip.file().getFileName().toString()).toList();
    }

    @Test
    void theNewestComesFirstAndWhatSaysNothingNotAtAll() throws Exception {
        make("results/old.mp4", 1);
        make("results/deeper/new.webm", 3);
        Path frames = make("results/frames", 2);
        Clips.date(frames, 2);
        Clips.silent(home.resolve("results/holiday.mp4"), SCENE);
        Files.writeString(home.resolve("results/broken.mp4"), "no clip");
        Files.writeString(home.resolve("results/notes.txt"), "no clip either");

        List<Clip> clips = last(catalogue());
        assertEquals(List.of("new.webm", "frames", "old.mp4"), names(clips));
        assertEquals("a boat", clips.getFirst().title());
        assertEquals("starter", clips.getFirst().model());
    }

    @Test
    void aSecondStartOpensOnlyWhatIsNew() throws Exception {
        make("results/a.mp4", 1);
        Clips.silent(home.resolve("results/holiday.mp4"), SCENE);
        last(catalogue());
        assertEquals(2, opened.size());
        opened.clear();

        assertEquals(List.of("a.mp4"), names(last(catalogue())));
        assertEquals(List.of(), opened);

        Path fresh = make("results/b.mp4", 2);
        assertEquals(List.of("b.mp4", "a.mp4"), names(last(catalogue())));
        assertEquals(List.of(fresh), opened);
    }

    @Test
    void aFileThatWasWrittenAgainIsReadAgain() throws Exception {
        Path file = make("results/a.mp4", 1);
        var catalogue = catalogue();
        last(catalogue);
        Clips.make(file, "a train", "starter", SCENE, 2);
        assertEquals("a train", last(catalogue).getFirst().title());
    }

    @Test
    void whatIsGoneIsGoneFromTheIndexToo() throws Exception {
        Path file = make("results/a.mp4", 1);
        last(catalogue());
        Files.delete(file);
        assertEquals(List.of(), last(catalogue()));
        assertEquals("", Files.readString(home.resolve("cache/library.jsonl")));
    }

    @Test
    void aDamagedLineOfTheIndexCostsItsFileAlone() throws Exception {
        make("results/a.mp4", 1);
        Path b = make("results/b.mp4", 2);
        last(catalogue());
        opened.clear();
        Path index = home.resolve("cache/library.jsonl");
        List<String> lines =
                Files.readAllLines(index).stream()
                        .map(line -> line.contains("b.mp4") ? line.substring(0, 40) : line)
                        .toList();
        Files.write(index, lines, StandardOpenOption.TRUNCATE_EXISTING);

        assertEquals(List.of("b.mp4", "a.mp4"), names(last(catalogue())));
        assertEquals(List.of(b), opened);
    }

    @Test
    void foldersThatAreNotThereAreEmpty() {
        assertEquals(List.of(), last(catalogue()));
    }
}
