package dev.zoetrope.app;

import static dev.zoetrope.app.StudioScreensTest.capture;
import static dev.zoetrope.app.StudioScreensTest.captureBoth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;

import dev.zoetrope.app.generate.Draft;
import dev.zoetrope.app.generate.GenerateState;
import dev.zoetrope.app.settings.Language;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.PromptReading.Slip;
import dev.zoetrope.runtime.job.QueuedJob.Status;

import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.TextArea;
import javafx.scene.image.ImageView;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.stage.PopupWindow;
import javafx.stage.Window;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import javax.imageio.ImageIO;

/** Prompts, first frames, drafts and jobs to come, in front of the window. */
@NeedsFontLibraries
final class PromptToolsTest {
    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 24));
    private final FakeGenerations generations = runtime.generations();
    private final FakeLedger ledger = new FakeLedger();
    @AutoClose private final Closer opened = Closer.create();

    private Studio open() throws Exception {
        runtime.keepIn(ledger);
        var studio = opened.register(Studio.open(home, runtime));
        studio.resize(1280, 800);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.await("the clip is appraised", () -> appraised(studio));
        return studio;
    }

    private static boolean appraised(Studio studio) {
        return studio.generate().appraisalProperty().get().isPresent();
    }

    private static TextArea prompt(Studio studio) {
        return (TextArea) studio.find("Prompt");
    }

    private static void write(Studio studio, String text) {
        studio.robot.clickOn(prompt(studio));
        studio.press(KeyCode.CONTROL, KeyCode.A);
        studio.robot.write(text, 0);
        studio.pulse();
    }

    @Test
    void thePromptSaysHowMuchOfItIsRead() throws Exception {
        var studio = open();
        write(studio, "a red balloon");
        studio.await("it is counted", () -> studio.shows("4 of 20 tokens"));
        write(studio, "a red balloon " + "over the hills ".repeat(7).strip());
        studio.await("it is too long", () -> studio.shows("25 of 20 tokens: the end is cut"));
        captureBoth(studio, "generate-prompt-cut");
    }

    @Test
    void largeTextFitsOnThePage() throws Exception {
        generations.takeFirstFrames();
        var studio = open();
        int aspect = studio.generate().aspectProperty().get();
        studio.look(look -> look.withLanguage(Language.CHINESE).withTextPercent(150));
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT1);
        studio.await("it is counted", () -> studio.shows("12 / 20"));
        assertEquals(aspect, studio.generate().aspectProperty().get());
        Node panel = studio.scene().getRoot().lookup(".generate-panel");
        Node content = panel.lookup(".side-panel-content");
        assertTrue(
                panel.localToScene(panel.getLayoutBounds())
                        .contains(content.localToScene(content.getLayoutBounds()).getMinX(), 300));
        assertEquals(List.of(), TextSizeTest.clipped(studio));
        capture(studio, "generate-large-text");
        studio.press(KeyCode.F1);
        assertEquals(List.of(), TextSizeTest.clipped(studio));
        capture(studio, "generate-keys-large");
    }

    @Test
    void choicesAreCountedAndSlipsAreNamed() throws Exception {
        var studio = open();
        generations.read(6, Optional.empty());
        write(studio, "a {red|blue} balloon over {hills|the sea|a town}");
        studio.await("they are counted", () -> studio.shows("6 variants, chosen by the seed"));
        generations.read(1, Optional.of(new Slip(Slip.Kind.UNCLOSED, "{red|")));
        write(studio, "a {red|");
        studio.await(
                "it is named", () -> studio.shows("{red| is not closed: {red|blue} is a choice"));
        capture(studio, "generate-prompt-slip");
        generations.read(1, Optional.of(new Slip(Slip.Kind.EMPTY_CHOICE, "{red|}")));
        write(studio, "a {red|}");
        studio.await("it is named", () -> studio.shows("{red|} may come to nothing"));
    }

    @Test
    void aSelectionIsKeptAsASnippetAndPutIntoAnotherPrompt() throws Exception {
        var studio = open();
        write(studio, "a balloon, warm rim light");
        Studio.fx(() -> {
            prompt(studio).selectRange(11, 25);
            return true;
        });
        studio.click("Snippets");
        capturePopup("generate-snippets-empty");
        studio.click("Save the selection as a snippet…");
        capturePopup("generate-snippets-name");
        studio.robot.write("light", 0);
        studio.press(KeyCode.ENTER);
        studio.await(
                "it is kept", () -> Files.exists(studio.folders.data().resolve("snippets.json")));
        assertTrue(
                Files.readString(studio.folders.data().resolve("snippets.json"))
                        .contains("\"light\" : \"warm rim light\""));

        write(studio, "a lighthouse, ");
        studio.click("Snippets");
        capturePopup("generate-snippets");
        studio.click("light");
        assertEquals("a lighthouse, warm rim light", prompt(studio).getText());
        studio.press(KeyCode.CONTROL, KeyCode.Z);
        assertEquals("a lighthouse,", prompt(studio).getText().strip());

        studio.click("Snippets");
        studio.click("Delete");
        studio.press(KeyCode.RIGHT);
        studio.press(KeyCode.ENTER);
        studio.await(
                "it is gone",
                () ->
                        !Files.readString(studio.folders.data().resolve("snippets.json"))
                                .contains("light"));
    }

    private static void capturePopup(String name) throws IOException {
        Scene popup =
                Studio.fx(() ->
                        Window.getWindows().stream()
                                .filter(PopupWindow.class::isInstance)
                                .filter(Window::isShowing)
                                .map(Window::getScene)
                                .toList()
                                .getLast());
        capture(popup, name);
    }

    private Path picture(String name) throws IOException {
        var image = new BufferedImage(96, 54, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setPaint(
                new java.awt.GradientPaint(
                        0, 0, new java.awt.Color(0xe8a24a), 0, 54, new java.awt.Color(0x31406e)));
        graphics.fillRect(0, 0, 96, 54);
        graphics.dispose();
        Path file = home.resolve(name);
        assertTrue(ImageIO.write(image, "png", file.toFile()));
        return file;
    }

    @Test
    void aPictureIsDroppedToBeginWithAndTakenAwayAgain() throws Exception {
        generations.takeFirstFrames();
        var studio = open();
        capture(studio, "generate-frame-empty");
        Node box = studio.scene().getRoot().lookup(".first-frame > .box");
        Path sea = picture("sea at dusk.png");
        Studio.fx(() -> Drops.send(DragEvent.DRAG_OVER, box, Drops.files(List.of(sea.toFile()))));
        studio.await("it says what a drop does", () -> studio.shows("Begin with sea at dusk.png"));
        capture(studio, "generate-frame-over");
        studio.drop(sea, box);
        studio.await("it is shown", () -> studio.shows("sea at dusk.png"));
        var image = (ImageView) box.lookup(".picture .image-view");
        studio.await("its picture is there", () -> image.getImage() != null);
        captureBoth(studio, "generate-frame");
        studio.press(KeyCode.CONTROL, KeyCode.ENTER);
        studio.await("it is asked for", () -> !generations.requests().isEmpty());
        GenerationRequest asked = generations.requests().getFirst();
        assertEquals(Optional.of(sea), asked.image());
        generations.finish();
        studio.click("Begin without a picture");
        assertFalse(studio.shows("sea at dusk.png"));

        Files.delete(sea);
        Studio.fx(() -> {
            studio.generate().use(asked);
            return true;
        });
        studio.await("that is said", () -> studio.shows("is not there any more"));
        capture(studio, "generate-frame-missing");
    }

    @Test
    void ofSeveralDraftsOneIsLookedAtAndFinished() throws Exception {
        var studio = open();
        studio.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.ENTER);
        studio.await("they are there", () -> studio.generate().drafts().drafts().size() == 4);
        studio.await("they are watched", () -> generations.requests().size() == 4);
        for (int i = 0; i < 3; i++) {
            Draft draft = studio.generate().drafts().drafts().get(i);
            // They are asked for side by side, in whichever order.
            int watched = generations.requests().indexOf(draft.request());
            generations.begin(watched);
            for (int step = 1; step <= 4; step++) {
                if (i < 2 || step < 3) {
                    generations.step(watched, step);
                }
            }
            if (i < 2) {
                ledger.happen(draft.job(), Status.PAUSED, 4, 32, Optional.empty(), 0);
                generations.pause(watched);
            }
        }
        studio.await(
                "two are ready",
                () ->
                        studio.shows("step 2 of 4")
                                && studio.generate().drafts().drafts().subList(0, 2).stream()
                                        .allMatch(Draft::isReady));
        Thread.sleep(300);
        captureBoth(studio, "generate-drafts");

        studio.press(KeyCode.ESCAPE);
        studio.press(KeyCode.RIGHT);
        studio.press(KeyCode.ENTER);
        studio.await("it is large", () -> studio.shows("Draft 2 of 4"));
        Thread.sleep(300);
        captureBoth(studio, "generate-draft-large");
        String picked = studio.generate().drafts().drafts().get(1).job();
        studio.press(KeyCode.ENTER);
        studio.await("it goes on", () -> ledger.job(picked).status() == Status.PENDING);
        studio.await("it is what is shown", () -> studio.shows("step 4"));
        assertEquals(3, studio.generate().drafts().drafts().size());
        studio.await("it is watched", () -> generations.requests().size() == 5);
        generations.step(5);
        generations.finish();
        studio.await(
                "it is finished",
                () -> studio.generate().render().state() instanceof GenerateState.Finished);
        Thread.sleep(300);
        captureBoth(studio, "generate-draft-finished");
        studio.click("Drafts (3)");
        studio.click("D_iscard all");
        studio.await("they are gone", () -> ledger.jobs().size() == 1);
    }

    @Test
    void aJobToComeIsChangedOnThePageAndKeepsItsPlace() throws Exception {
        var studio = open();
        var asked = new AtomicReference<GenerationRequest>();
        studio.press(KeyCode.CONTROL, KeyCode.ENTER);
        studio.await("it is asked for", () -> !generations.requests().isEmpty());
        asked.set(generations.requests().getFirst());
        ledger.add(asked.get(), Status.RUNNING, 3, 32);
        ledger.add(
                Clips.request("a lighthouse", FakeGenerations.NAME, 5, home.resolve("b.mp4")),
                Status.PENDING,
                0,
                0);
        ledger.add(
                Clips.request("a train", FakeGenerations.NAME, 6, home.resolve("c.mp4")),
                Status.PENDING,
                0,
                0);
        generations.step(3);
        studio.press(KeyCode.CONTROL, KeyCode.J);
        studio.await("they are listed", () -> studio.shows("a lighthouse"));
        studio.click("a lighthouse");
        studio.press(KeyCode.E);
        studio.await("it is on the page", () -> studio.shows("A clip of the queue"));
        assertEquals("a lighthouse", prompt(studio).getText());
        Thread.sleep(300);
        captureBoth(studio, "generate-edit");
        write(studio, "a lighthouse in a storm");
        studio.click("Save chan_ges");
        studio.await("it is changed", () -> studio.shows("a lighthouse in a storm"));
        assertEquals(2, ledger.waiting().size());
        assertEquals(
                "a lighthouse in a storm",
                ((GenerationRequest) ledger.job(ledger.waiting().getFirst()).request()).prompt());
        studio.await(
                "the page is as it was",
                () -> prompt(studio).getText().equals(asked.get().prompt()));
        assertFalse(studio.shows("A clip of the queue"));

        studio.click("a train");
        studio.press(KeyCode.E);
        studio.await("it is on the page", () -> prompt(studio).getText().equals("a train"));
        studio.press(KeyCode.ESCAPE);
        studio.await(
                "the page is as it was",
                () -> prompt(studio).getText().equals(asked.get().prompt()));
    }
}
