package dev.zoetrope.app.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.Clips;
import dev.zoetrope.app.PaperScene;
import dev.zoetrope.app.files.Trash;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.recipe.Recipe;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One thread takes the place of JavaFX's. */
@Timeout(60)
final class LibraryViewModelTest {
    private static final PaperScene SCENE = new PaperScene(32, 18, 12, 4);

    @TempDir Path home;

    private final ExecutorService fx = Executors.newSingleThreadExecutor();
    private final List<LibraryViewModel> opened = new ArrayList<>();
    private final List<Path> unpictured = new CopyOnWriteArrayList<>();
    private Trash trash = this::take;

    private void take(Path file) throws IOException {
        Files.move(
                file, Files.createDirectories(home.resolve("trash")).resolve(file.getFileName()));
    }

    private LibraryViewModel open() throws Exception {
        var model =
                fx.submit(() ->
                                new LibraryViewModel(
                                        new LibraryViewModel.Places(
                                                () -> List.of(home.resolve("results")),
                                                home.resolve("data"),
                                                home.resolve("cache")),
                                        file -> trash.take(file),
                                        Recipe::of,
                                        () -> true,
                                        (clip, _) -> unpictured.add(clip),
                                        fx))
                        .get();
        opened.add(model);
        model.refresh();
        await(() -> model.lookedProperty().get());
        return model;
    }

    /** A boat and a train by one model, and the newest, a horse, by another. */
    private LibraryViewModel openWithThree() throws Exception {
        make("boat.mp4", "A paper boat\non a lake", "starter", 1);
        make("train.mp4", "a red train in the snow", "starter", 2);
        make("horse.mp4", "a horse in the snow", "sora", 3);
        var model = open();
        await(() -> model.clipsProperty().get().size() == 3);
        return model;
    }

    private Path make(String name, String prompt, String model, int minute) throws IOException {
        return Clips.make(home.resolve("results").resolve(name), prompt, model, SCENE, minute);
    }

    private void await(Callable<Boolean> condition) throws Exception {
        while (!fx.submit(condition).get()) {
            Thread.sleep(5);
        }
    }

    private <T> T on(Callable<T> action) throws Exception {
        return fx.submit(action).get();
    }

    private void does(Runnable action) throws Exception {
        fx.submit(action).get();
    }

    private static List<String> shown(LibraryViewModel model) {
        return model.shownProperty().get().stream()
                .map(clip -> clip.file().getFileName().toString())
                .toList();
    }

    @AfterEach
    void close() throws Exception {
        for (LibraryViewModel model : opened) {
            does(model::close);
        }
        fx.shutdown();
    }

    @Test
    void filtersAddUpUntilEverythingIsWanted() throws Exception {
        make("boat.mp4", "a boat", "starter", 1);
        make("train.mp4", "a train", "starter", 2);
        var wide = new PaperScene(64, 36, 12, 4);
        Clips.make(home.resolve("results/horse.mp4"), "a horse", "sora", wide, 3);
        Path fresh = Clips.make(home.resolve("results/kite.mp4"), "a kite", "sora", wide, 4);
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now()));
        var model = open();
        await(() -> model.clipsProperty().get().size() == 4);
        assertEquals(
                List.of(new FrameSize(18, 32), new FrameSize(36, 64)),
                on(() -> List.copyOf(model.sizes())));
        does(() -> model.filter().sizeProperty().set(Optional.of(new FrameSize(36, 64))));
        assertEquals(List.of("kite.mp4", "horse.mp4"), on(() -> shown(model)));
        does(() -> model.filter().ageProperty().set(Age.WEEK));
        assertEquals(List.of("kite.mp4"), on(() -> shown(model)));
        does(() -> model.filter().madeByProperty().set(Optional.of("starter")));
        assertEquals(List.of(), on(() -> shown(model)));
        does(model.filter()::clear);
        assertEquals(4, on(() -> shown(model).size()));
    }

    @Test
    void whatIsWatchedAndDeletedIsWatchedNoMore() throws Exception {
        var model = openWithThree();
        does(() -> model.watch(model.shownProperty().get().getFirst()));
        await(() -> model.filmProperty().get().isPresent());
        does(() -> model.watchBeside(1));
        await(() -> model.watchedProperty().get().orElseThrow().file().endsWith("train.mp4"));
        does(() -> model.delete(List.of(model.watchedProperty().get().orElseThrow())));
        await(() -> model.watchedProperty().get().isEmpty());
        assertTrue(on(() -> model.filmProperty().get().isEmpty()));
    }

    @Test
    void aClipThatCannotBeReadIsNotWatched() throws Exception {
        var model = openWithThree();
        Files.writeString(home.resolve("results/horse.mp4"), "no video");
        does(() -> model.watch(model.shownProperty().get().getFirst()));
        await(() -> model.problemProperty().get().isPresent());
        assertTrue(on(() -> model.watchedProperty().get().isEmpty()));
    }

    @Test
    void allWordsOfASearchHaveToBeThere() throws Exception {
        var model = openWithThree();
        does(() -> model.filter().searchProperty().set(" SNOW  train"));
        assertEquals(List.of("train.mp4"), on(() -> shown(model)));
        does(() -> model.filter().searchProperty().set("sora"));
        assertEquals(List.of("horse.mp4"), on(() -> shown(model)));
        does(() -> model.filter().searchProperty().set(""));
        assertEquals(List.of("horse.mp4", "train.mp4", "boat.mp4"), on(() -> shown(model)));
    }

    @Test
    void modelsAndStarsNarrowItDown() throws Exception {
        var model = openWithThree();
        assertEquals(List.of("sora", "starter"), on(() -> List.copyOf(model.models())));
        does(() -> {
            model.filter().madeByProperty().set(Optional.of("starter"));
            model.toggleStars(model.shownProperty().get().subList(0, 1));
            model.filter().starredOnlyProperty().set(true);
        });
        assertEquals(List.of("train.mp4"), on(() -> shown(model)));
        does(() -> model.toggleStars(model.shownProperty().get()));
        assertEquals(List.of(), on(() -> shown(model)));
    }

    @Test
    void starsOutliveTheWindow() throws Exception {
        var model = openWithThree();
        does(() -> model.toggleStars(model.shownProperty().get().subList(0, 1)));
        does(model::close);
        opened.clear();

        var again = open();
        await(() -> !again.stars().isEmpty());
        assertTrue(on(() -> again.stars().contains(home.resolve("results/horse.mp4"))));
    }

    @Test
    void starsThatCannotBeUnderstoodAreSetAside() throws Exception {
        Path file = Files.createDirectories(home.resolve("data")).resolve("stars.json");
        Files.writeString(file, "{");
        assertTrue(new Stars(file).load().isEmpty());
        assertEquals("{", Files.readString(home.resolve("data/stars.json.broken")));
        assertFalse(Files.exists(file));
    }

    @Test
    void whatIsDeletedIsInTheTrashAndTheNextOneIsSelected() throws Exception {
        var model = openWithThree();
        does(() -> {
            model.select(model.shownProperty().get().get(1));
            model.delete(model.chosen());
        });
        await(() -> model.shownProperty().get().size() == 2);
        assertTrue(Files.exists(home.resolve("trash/train.mp4")));
        assertFalse(Files.exists(home.resolve("results/train.mp4")));
        assertEquals(List.of(home.resolve("results/train.mp4")), unpictured);
        assertEquals(
                home.resolve("results/boat.mp4"),
                on(() -> model.detailedProperty().get().orElseThrow().file()));
    }

    @Test
    void whatLiesBesideAClipGoesWithIt() throws Exception {
        make("boat.webp", "a boat", "starter", 1);
        var model = open();
        await(() -> model.shownProperty().get().size() == 1);
        does(() -> model.delete(model.shownProperty().get()));
        await(() -> model.shownProperty().get().isEmpty());
        assertTrue(Files.exists(home.resolve("trash/boat.webp.json")));
    }

    @Test
    void withoutATrashNothingGoesUntilSomebodySaysSo() throws Exception {
        trash =
                _ -> {
                    throw new IOException("there is none");
                };
        var model = openWithThree();
        does(() -> model.delete(model.shownProperty().get().subList(0, 1)));
        await(() -> !model.untrashableProperty().get().isEmpty());
        assertTrue(Files.exists(home.resolve("results/horse.mp4")));
        assertEquals(3, on(() -> shown(model).size()));
        assertEquals(List.of(), unpictured);

        does(model::deleteForGood);
        await(() -> model.shownProperty().get().size() == 2);
        assertFalse(Files.exists(home.resolve("results/horse.mp4")));
        assertEquals(List.of(), on(() -> model.untrashableProperty().get()));
    }

    @Test
    void aRangeIsSelectedFromWhereItBegan() throws Exception {
        var model = openWithThree();
        List<Clip> all = on(() -> model.shownProperty().get());
        does(() -> {
            model.select(all.getLast());
            model.selectTo(all.getFirst());
        });
        assertEquals(all.reversed(), on(() -> List.copyOf(model.selection())));
        does(() -> model.toggle(all.get(1)));
        assertEquals(
                List.of(all.getLast(), all.getFirst()), on(() -> List.copyOf(model.selection())));
    }

    @Test
    void whatIsSearchedAwayIsNotSelectedAnyMore() throws Exception {
        var model = openWithThree();
        does(() -> {
            model.select(model.shownProperty().get().getFirst());
            model.filter().searchProperty().set("boat");
        });
        assertEquals(List.of(), on(() -> List.copyOf(model.selection())));
        assertEquals(Optional.empty(), on(() -> model.detailedProperty().get()));
    }

    @Test
    void aClipFromElsewhereShowsHowItWasMade() throws Exception {
        var model = openWithThree();
        Path foreign = Clips.make(home.resolve("usb/kite.mp4"), "a kite", "starter", SCENE, 5);
        does(() -> model.show(foreign));
        await(() -> model.detailedProperty().get().isPresent());
        assertEquals("a kite", on(() -> model.detailedProperty().get().orElseThrow().title()));
        assertEquals(List.of(), on(() -> List.copyOf(model.selection())));

        Path silent = Clips.silent(home.resolve("usb/holiday.mp4"), SCENE);
        does(() -> model.show(silent));
        await(() -> model.problemProperty().get().isPresent());
        assertInstanceOf(
                Problem.RecipeUnreadable.class, on(() -> model.problemProperty().get().get()));
    }

    @Test
    void twoClipsOfOtherShapesLieSideBySide() throws Exception {
        make("wide.mp4", "a boat", "starter", 1);
        Clips.make(
                home.resolve("results/tall.mp4"),
                "a boat",
                "starter",
                new PaperScene(18, 32, 12, 2),
                2);
        var model = open();
        await(() -> model.clipsProperty().get().size() == 2);
        List<Clip> all = on(() -> model.shownProperty().get());
        does(() -> model.compare(all.getLast(), all.getFirst()));
        await(() ->
                model.comparedProperty().get().isPresent()
                        && model.comparedProperty().get().get().comparison().available() == 4);
        assertTrue(
                on(() ->
                        model.comparedProperty()
                                        .get()
                                        .get()
                                        .comparison()
                                        .quality()
                                        .getFirst()
                                        .psnr()
                                < 30));
        does(model::endComparison);
        assertEquals(Optional.empty(), on(() -> model.playback().comparisonProperty().get()));
    }
}
