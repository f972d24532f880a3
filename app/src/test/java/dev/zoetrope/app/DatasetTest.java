package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.train.Contents;
import dev.zoetrope.app.train.DatasetViewModel.Selection;
import dev.zoetrope.app.train.Example;
import dev.zoetrope.app.train.Subject;

import javafx.scene.Node;
import javafx.scene.control.ListView;
import javafx.scene.image.ImageView;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What there is to learn from can be looked at before anything is learned, and while it is. */
@NeedsFontLibraries
final class DatasetTest {
    /** Far above what it takes, so that a busy machine is not taken for a busy thread. */
    private static final long HELD_UP_MILLIS = 1_000;

    private static final PaperScene SCENE = new PaperScene(96, 54, 12, 6);

    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(SCENE);
    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws Exception {
        studio = Studio.open(home, runtime);
        studio.click("Train");
        studio.await("there are data sets", () -> !studio.train().choices().datasets().isEmpty());
    }

    /** Two videos, one of them with a caption, a letter that is called a video, and a caption. */
    private Path holiday() throws IOException {
        Path folder = Files.createDirectory(home.resolve("holiday"));
        Clips.silent(folder.resolve("boat.mp4"), SCENE);
        Clips.silent(folder.resolve("harbour.mp4"), SCENE);
        Files.writeString(folder.resolve("boat.txt"), "a boat that leaves\n");
        Files.writeString(folder.resolve("letter.mp4"), "Dear Mira,\n");
        return folder;
    }

    private void learnFrom(Path place) {
        Studio.fx(() -> {
            studio.train().choices().useClips(place);
            return true;
        });
    }

    private Contents contents() {
        return studio.train().dataset().contentsProperty().get();
    }

    private void awaitLooks() {
        studio.await(
                "all is looked into",
                () ->
                        contents() instanceof Contents.Files files
                                && files.looked() == files.examples().size());
    }

    private List<String> shown() {
        return Studio.fx(() ->
                studio.train().dataset().shownProperty().get().stream()
                        .map(one -> ((Example.OfFile) one).clip().file().getFileName().toString())
                        .toList());
    }

    private Set<Node> tiles() {
        return studio.scene().getRoot().lookupAll(".example-tile");
    }

    @Test
    void madeUpClipsAreShownWithTheirCaptions() {
        studio.await("they are made up", () -> contents() instanceof Contents.MadeUp);
        var first = ((Contents.MadeUp) contents()).examples().getFirst();
        assertFalse(first.caption().isBlank());
        studio.await("the first is read", () -> studio.shows(first.caption()));
        studio.await(
                "its picture comes",
                () ->
                        tiles().stream()
                                .map(tile -> (ImageView) tile.lookup(".image-view"))
                                .anyMatch(picture -> picture.getImage() != null));
    }

    @Test
    void aFolderSaysWhatItHoldsAndWhatIsLeftOutWhy() throws Exception {
        learnFrom(holiday());
        awaitLooks();
        studio.await("it is counted", () -> studio.shows("2 videos, no pictures"));
        assertEquals(List.of("boat.mp4", "harbour.mp4", "letter.mp4"), shown());
        assertTrue(studio.shows("a boat that leaves"));
        assertTrue(studio.shows("0.5 s"));

        studio.click("Left out 1");
        assertEquals(List.of("letter.mp4"), shown());
        studio.await("the reason is told", () -> studio.shows("it is a text file"));
        studio.click("No caption 1");
        assertEquals(List.of("harbour.mp4"), shown());
    }

    @Test
    void onlyADenoiserThatReadsWordsMissesThem() throws Exception {
        studio.click("Denoiser");
        learnFrom(holiday());
        awaitLooks();
        studio.await("it is told", () -> studio.shows("One clip has no caption"));
        studio.click("Codec");
        assertFalse(studio.shows("One clip has no caption"));
        studio.click("Denoiser");
        assertTrue(studio.shows("One clip has no caption"));
        Studio.fx(() -> {
            studio.train().choices().textEncoderProperty().set(Optional.empty());
            return true;
        });
        assertFalse(studio.shows("One clip has no caption"));
    }

    @Test
    void aListIsReadAsATrainingWould() throws Exception {
        Path list =
                Files.writeString(holiday().resolve("list.csv"), "path,caption\nboat.mp4,sea\n");
        learnFrom(list);
        awaitLooks();
        assertEquals(List.of("boat.mp4"), shown());
        assertTrue(studio.shows("sea"));

        Files.writeString(list, "nothing that is known\n");
        studio.click("Read it again");
        studio.await("it is explained", () -> studio.shows("Line 1 of "));
        assertInstanceOf(Contents.Unusable.class, contents());
    }

    @Test
    void whatIsWrittenMeanwhileIsThereWhenItIsReadAgain() throws Exception {
        Path folder = holiday();
        learnFrom(folder);
        awaitLooks();
        Files.writeString(folder.resolve("harbour.txt"), "a harbour at noon");
        studio.click("Read it again");
        studio.await("it is read", () -> studio.shows("a harbour at noon"));
        awaitLooks();
        assertEquals(0, ((Contents.Files) contents()).uncaptioned());
    }

    @Test
    void whatWasChosenLastIsWhatIsShown() throws Exception {
        Path many = Files.createDirectory(home.resolve("many"));
        for (int i = 0; i < 300; i++) {
            Files.writeString(many.resolve(i + ".mp4"), "no video");
        }
        learnFrom(many);
        learnFrom(holiday());
        awaitLooks();
        assertEquals(List.of("boat.mp4", "harbour.mp4", "letter.mp4"), shown());
    }

    @Test
    void thereAreOnlyAsManyTilesAsFit() throws Exception {
        Path many = Files.createDirectory(home.resolve("many"));
        for (int i = 0; i < 3_000; i++) {
            Files.writeString(many.resolve(i + ".mp4"), "no video");
        }
        learnFrom(many);
        studio.await("they are listed", () -> studio.shows("3,000 files"));
        assertTrue(tiles().size() < 60, tiles().size() + " tiles");
        var list = (ListView<?>) studio.scene().getRoot().lookup(".example-grid .list-view");
        Node first = tiles().iterator().next();
        String before = Studio.fx(first::getAccessibleText);
        Studio.fx(() -> {
            list.requestFocus();
            return true;
        });
        studio.press(KeyCode.END);
        studio.await("others are shown", () -> !studio.shows(before.strip()));
    }

    @Test
    void aLargeFolderDoesNotHoldUpTheWindow() throws Exception {
        Path many = Files.createDirectory(home.resolve("many"));
        for (int i = 0; i < 10_000; i++) {
            Files.writeString(many.resolve(i + ".mp4"), "no video");
        }
        try (var watchdog = new PulseWatchdog()) {
            learnFrom(many);
            studio.await(
                    "all that are looked into are",
                    () -> contents() instanceof Contents.Files files && files.looked() == 2_000);
            long longest = watchdog.longestWaitMillis();
            assertTrue(longest < HELD_UP_MILLIS, "the window stood still for " + longest + " ms");
        }
    }

    @Test
    void theClipsStayAClickAwayWhileItLearns() throws Exception {
        studio.await("there is something", () -> contents() instanceof Contents.MadeUp);
        assertTrue(studio.shows("Teach a model your clips"));
        studio.click("Start _training");
        studio.await("it is asked for", () -> !runtime.trainings().isEmpty());
        runtime.learn(5, 0.5);
        studio.await("its progress is shown", () -> studio.shows("Loss over the steps"));
        Node tabs = studio.find("Clips");
        double place = tabs.localToScene(0, 0).getY();

        studio.click("Clips");
        assertFalse(studio.shows("Loss over the steps"));
        assertTrue(studio.shows("It makes up its clips"));
        assertFalse(studio.shows("Teach a model your clips"));
        runtime.learn(10, 0.4);
        studio.await("it is told", () -> studio.train().losses().size() == 2);
        assertFalse(studio.shows("Loss over the steps"), "whoever looks is not disturbed");
        assertEquals(place, tabs.localToScene(0, 0).getY());
        Node progress = studio.robot.lookup(".train-stage > .views .toggle-button").nth(1).query();
        studio.robot.clickOn(progress);
        studio.await("its progress is shown", () -> studio.shows("Loss over the steps"));
    }

    @Test
    void anEmptyFolderIsExplainedInPlaceOfItsClips() throws Exception {
        learnFrom(Files.createDirectory(home.resolve("empty")));
        studio.await("it is explained", () -> studio.shows("There is no video and no picture in"));
        assertEquals(Selection.ALL, studio.train().dataset().selectionProperty().get());
        assertEquals(Subject.CODEC, studio.train().choices().subjectProperty().get());
    }
}
