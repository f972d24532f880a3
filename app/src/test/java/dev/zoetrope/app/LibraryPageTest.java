package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.runtime.recipe.Recipe;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.image.ImageView;
import javafx.scene.input.KeyCode;
import javafx.stage.Window;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** The library from the outside. */
@NeedsFontLibraries
final class LibraryPageTest {
    /** Far above what it takes, so that a busy machine is not taken for a busy thread. */
    private static final long HELD_UP_MILLIS = 1_000;

    private static final int MOST_TILES = 80;
    private static final PaperScene SCENE = new PaperScene(96, 54, 12, 12);

    @TempDir Path home;

    @AutoClose private final Closer opened = Closer.create();

    private Studio open(int clips) throws TimeoutException {
        var studio = opened.register(Studio.open(home, new FakeRuntime(SCENE)));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        studio.await("it has looked", () -> studio.library().lookedProperty().get());
        studio.await("they are shown", () -> tiles(studio).size() >= Math.min(clips, 4));
        return studio;
    }

    private Studio openWithThree() throws IOException, TimeoutException {
        make("boat.mp4", "a paper boat on a lake", 1);
        make("train.mp4", "a red train in the snow", 2);
        make("horse.mp4", "a horse in the snow", 3);
        return open(3);
    }

    private Path make(String name, String prompt, int minute) throws IOException {
        return Clips.make(home.resolve("results").resolve(name), prompt, "starter", SCENE, minute);
    }

    private static List<Node> tiles(Studio studio) {
        return Studio.fx(() ->
                studio.scene().getRoot().lookupAll(".clip-tile").stream()
                        .filter(Node::isVisible)
                        .filter(node -> node.getParent().getParent().isVisible())
                        .toList());
    }

    @Test
    void whatWasMadeIsShownTheNewestFirst() throws Exception {
        var studio = openWithThree();
        assertTrue(studio.shows("3 clips"));
        assertEquals(3, tiles(studio).size(), "there is no frame around nothing");
        assertTrue(
                studio.find("a horse in the snow").localToScene(0, 0).getX()
                        < studio.find("a red train in the snow").localToScene(0, 0).getX());
        assertTrue(studio.shows("1.0 s\u2002·\u200296 × 54\u2002·\u2002starter"));
    }

    @Test
    void picturesAreKeptAndNotMadeTwice() throws Exception {
        Path clip = make("boat.mp4", "a paper boat on a lake", 1);
        var studio = open(1);
        awaitPicture(studio);
        Path pictures = home.resolve("cache/thumbnails");
        try (var kept = Files.list(pictures)) {
            assertEquals(1, kept.count());
        }
        studio.close();
        // With nothing to make it from, it can only come from there.
        Files.write(clip, new byte[(int) Files.size(clip)]);
        Clips.date(clip, 1);

        awaitPicture(open(1));
    }

    private static void awaitPicture(Studio studio) {
        studio.await(
                "there is a picture",
                () ->
                        studio.scene().getRoot().lookup(".clip-tile > .picture > .image-view")
                                        instanceof ImageView view
                                && view.getImage() != null);
    }

    @Test
    void aSearchLeavesWhatHasTheWords() throws Exception {
        var studio = openWithThree();
        studio.press(KeyCode.CONTROL, KeyCode.F);
        studio.robot.write("snow");
        studio.await("it is found", () -> studio.shows("2 of 3"));
        assertFalse(studio.shows("a paper boat on a lake"));
        studio.robot.write("ball");
        studio.await("nothing is left", () -> studio.shows("No clip is like that"));
        studio.press(KeyCode.ESCAPE);
        studio.await("all are back", () -> studio.shows("3 clips"));
    }

    @Test
    void aStarIsGivenAndLookedFor() throws Exception {
        var studio = openWithThree();
        studio.click("a red train in the snow");
        studio.press(KeyCode.S);
        studio.await("it has one", () -> studio.library().stars().size() == 1);
        studio.click("Starred only");
        studio.await("it is alone", () -> studio.shows("1 of 3"));
        studio.await("it is kept", () -> Files.exists(home.resolve("data/stars.json")));
        assertTrue(Files.readString(home.resolve("data/stars.json")).contains("train.mp4"));
    }

    @Test
    void arrowsGoFromClipToClipAndSettingsFollow() throws Exception {
        var studio = openWithThree();
        studio.click("a horse in the snow");
        assertTrue(studio.shows("horse.mp4"));
        studio.press(KeyCode.RIGHT);
        studio.press(KeyCode.RIGHT);
        assertTrue(studio.shows("boat.mp4"));
        assertTrue(studio.shows("dpm++2m"));
        assertTrue(studio.shows("12 frames, 1.0 s at 12 fps"));
        studio.press(KeyCode.HOME);
        assertTrue(studio.shows("horse.mp4"));
        studio.click("Show in folde_r");
        assertEquals(List.of(home.resolve("results/horse.mp4")), studio.dialogs.shown);
    }

    @Test
    void theSettingsOfAClipAreTakenToThePageThatMakesThem() throws Exception {
        var studio = openWithThree();
        studio.click("a horse in the snow");
        studio.click("_Use these settings");
        assertNotNull(studio.scene().getRoot().lookup(".generate-page"));
        assertEquals("a horse in the snow", studio.generate().promptProperty().get());
    }

    @Test
    void anotherFolderForClipsIsLookedThroughAtOnce() throws Exception {
        var studio = openWithThree();
        make("elsewhere/kite.mp4", "a kite", 4);
        Studio.fx(() -> {
            Path elsewhere = home.resolve("results/elsewhere");
            studio.composition
                    .settings()
                    .change(now ->
                            now.making(making -> making.withResults(Optional.of(elsewhere))));
            return true;
        });
        studio.await("it is there alone", () -> studio.shows("1 clip"));
    }

    @Test
    void deletingGoesToTheTrashWithoutAQuestion() throws Exception {
        var studio = openWithThree();
        studio.click("a horse in the snow");
        studio.press(KeyCode.DELETE);
        studio.await("it is gone", () -> studio.shows("2 clips"));
        assertTrue(Files.exists(home.resolve("trash/horse.mp4")));
        studio.await("the next one is shown", () -> studio.shows("train.mp4"));
    }

    @Test
    void thePictureOfADeletedClipIsDeletedToo() throws Exception {
        make("boat.mp4", "a paper boat on a lake", 1);
        var studio = open(1);
        awaitPicture(studio);
        Path pictures = home.resolve("cache/thumbnails");
        assertEquals(1, count(pictures));
        studio.click("a paper boat on a lake");
        studio.press(KeyCode.DELETE);
        studio.await("its picture is gone", () -> count(pictures) == 0);
    }

    private static long count(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void aRightClickOffersAllThatCanBeDone() throws Exception {
        var studio = openWithThree();
        studio.robot.rightClickOn(studio.find("a red train in the snow"));
        studio.pulse();
        var menu =
                Window.getWindows().stream()
                        .filter(ContextMenu.class::isInstance)
                        .map(ContextMenu.class::cast)
                        .findFirst()
                        .orElseThrow();
        assertTrue(item(menu, "Co_mpare the two").isDisable());
        fire(item(menu, "Show in folde_r"));
        assertEquals(List.of(home.resolve("results/train.mp4")), studio.dialogs.shown);
        Path copy = home.resolve("copy.mp4");
        studio.dialogs.saved = Optional.of(copy);
        fire(item(menu, "E_xport…"));
        studio.await("it is there", () -> studio.shows("Saved to " + copy));
        assertEquals(-1, Files.mismatch(home.resolve("results/train.mp4"), copy));
        fire(item(menu, "_Watch"));
        studio.await(
                "it plays", () -> studio.library().transport().availableProperty().get() == 12);
    }

    private static MenuItem item(ContextMenu menu, String words) {
        return menu.getItems().stream()
                .filter(item -> words.equals(item.getText()))
                .findFirst()
                .orElseThrow();
    }

    private static void fire(MenuItem item) {
        Studio.fx(() -> {
            item.fire();
            return true;
        });
    }

    @Test
    void filtersStayWhileAnotherPageIsShownAndOneClickTakesThemAway() throws Exception {
        make("boat.mp4", "a paper boat on a lake", 1);
        Clips.make(
                home.resolve("results/train.mp4"),
                "a red train in the snow",
                "starter",
                new PaperScene(64, 36, 12, 12),
                2);
        var studio = open(2);
        studio.await("both are there", () -> studio.shows("2 clips"));
        choose(studio, "Size", KeyCode.DOWN);
        studio.await("the small one is left", () -> studio.shows("1 of 2"));
        assertFalse(studio.shows("a paper boat on a lake"));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        studio.await("it is left yet", () -> studio.shows("1 of 2"));
        choose(studio, "Made", KeyCode.DOWN);
        studio.await("nothing is of today", () -> studio.shows("No clip is like that"));
        studio.click("Show _everything");
        studio.await("all are back", () -> studio.shows("2 clips"));
        assertEquals(
                Optional.empty(),
                assertInstanceOf(ComboBox.class, studio.control("Size")).getValue());
    }

    private static void choose(Studio studio, String name, KeyCode key) {
        Studio.fx(() -> {
            studio.control(name).requestFocus();
            return true;
        });
        studio.press(key);
    }

    @Test
    void whereThereIsNoTrashTheWindowAsks() throws Exception {
        Path clip = make("no trash.mp4", "a boat", 1);
        var studio = open(1);
        studio.click("a boat");
        studio.press(KeyCode.DELETE);
        studio.await("it asks", () -> studio.shows("There is no trash for it"));
        assertTrue(Files.exists(clip));
        studio.click("_Delete for good");
        studio.await("it is gone", () -> studio.shows("Nothing made yet"));
        assertFalse(Files.exists(clip));
    }

    @Test
    void twoClipsAreCompared() throws Exception {
        var studio = openWithThree();
        studio.click("a horse in the snow");
        studio.press(KeyCode.SHIFT, KeyCode.RIGHT);
        studio.await("two are selected", () -> studio.shows("2 clips are selected"));
        studio.click("Co_mpare the two");
        studio.await("they are shown", () -> studio.shows("horse.mp4"));
        studio.await(
                "all frames are there",
                () ->
                        studio.library().playback().comparisonProperty().get().isPresent()
                                && studio.library()
                                                .playback()
                                                .comparisonProperty()
                                                .get()
                                                .get()
                                                .available()
                                        == 12);
        studio.press(KeyCode.ESCAPE);
        studio.await("all are back", () -> studio.shows("3 clips"));
    }

    @Test
    void aDroppedClipShowsHowItWasMade() throws Exception {
        var studio = openWithThree();
        Path foreign = Clips.make(home.resolve("usb/kite.mp4"), "a kite", "starter", SCENE, 9);
        studio.drop(foreign, studio.scene().getRoot().lookup(".library-page"));
        studio.await("it is shown", () -> studio.shows("kite.mp4"));

        Path silent = Clips.silent(home.resolve("usb/holiday.mp4"), SCENE);
        studio.drop(silent, studio.scene().getRoot().lookup(".library-page"));
        studio.await("it says why not", () -> studio.shows("it says nothing about it"));
    }

    @Test
    void whatIsMadeMeanwhileIsThereWhenThePageIsShownAgain() throws Exception {
        var studio = openWithThree();
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        make("kite.mp4", "a kite", 4);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT4);
        studio.await("it is there", () -> studio.shows("4 clips"));
    }

    @Test
    void tenThousandClipsCostNoMoreThanThoseThatAreSeen() throws Exception {
        tenThousand();
        var studio = open(4);
        studio.await("all are known", () -> studio.shows("10,000 clips"));
        try (var watchdog = new PulseWatchdog()) {
            studio.press(KeyCode.TAB);
            studio.click("a paper boat, number 0");
            for (int i = 0; i < 20; i++) {
                studio.press(KeyCode.PAGE_DOWN);
            }
            studio.press(KeyCode.END);
            studio.await("the last is shown", () -> studio.shows("a paper boat, number 9999"));
            int made = Studio.fx(() -> studio.scene().getRoot().lookupAll(".clip-tile").size());
            assertTrue(made < MOST_TILES, made + " tiles");
            studio.press(KeyCode.CONTROL, KeyCode.F);
            studio.robot.write("number 77");
            studio.await("they are found", () -> studio.shows("280 of 10,000"));
            choose(studio, "Made", KeyCode.DOWN);
            studio.await("none is of today", () -> studio.shows("No clip is like that"));
            assertTrue(watchdog.longestWaitMillis() < HELD_UP_MILLIS);
        }
    }

    /** Files without anything in them, and an index that knows what they say. */
    private void tenThousand() throws IOException {
        Path results = Files.createDirectories(home.resolve("results"));
        var index = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            Path file = Files.createFile(results.resolve("boat-" + i + ".mp4"));
            Clips.date(file, -i);
            Recipe recipe =
                    Clips.recipe(
                            Clips.request("a paper boat, number " + i, "starter", i, file), SCENE);
            index.append(
                    "{\"file\":\"%s\",\"changed\":\"%s\",\"bytes\":0,\"recipe\":\"%s\"}%n"
                            .formatted(
                                    file,
                                    Files.getLastModifiedTime(file).toInstant(),
                                    recipe.json().replace("\"", "\\\"")));
        }
        Files.createDirectories(home.resolve("cache"));
        Files.writeString(home.resolve("cache/library.jsonl"), index);
    }
}
