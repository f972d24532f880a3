package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.pipeline.TestCodec;
import dev.zoetrope.pipeline.TestModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.imageio.ImageIO;

/** {@code evaluate}, from its words to what it prints. */
class EvaluateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    @Test
    void aModelIsToldCaptionsAndItsClipsAreJudged() throws IOException {
        Path sheet = folder.resolve("sheet.png");

        Terminal run = evaluateModel("--prompts", "3", "--sheet", sheet);

        assertEquals(0, run.exit(), run.err());
        assertEquals(
                List.of("width 100.0 % 3 of 3", "frames 100.0 % 3 of 3"),
                run.out().lines().map(line -> line.replaceAll(" +", " ")).toList());
        BufferedImage picture = ImageIO.read(sheet.toFile());
        assertNotNull(picture);
        assertTrue(picture.getWidth() >= 2 * 8 * 16, picture.toString());
        assertTrue(picture.getHeight() >= 2 * 16, picture.toString());
    }

    @Test
    void largerAndLongerClipsAreMadeWhenAskedFor() throws IOException {
        Terminal run = evaluateModel("--prompts", "2", "--scale", "2", "--length", "2");

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("0 of 2"), run.out());
        assertTrue(
                run.out()
                        .contains(
                                "Failed  a red boat: width 32 instead of 16, frames 11 instead of"
                                        + " 5"),
                run.out());
    }

    @Test
    void failuresAreCountedInJsonToo() throws IOException {
        Terminal run = evaluateModel("--prompts", "2", "--length", "2", "--json");

        JsonNode result = JSON.readTree(run.out());
        assertEquals(2, result.get("clips").asInt());
        assertEquals(2, result.at("/shown/width").asInt());
        assertEquals(0, result.at("/shown/frames").asInt());
        assertEquals("a blue sea", result.at("/failures/1/prompt").asText());
        assertEquals("11", result.at("/failures/1/seen/frames").asText());
        assertEquals("5", result.at("/failures/1/meant/frames").asText());
    }

    private Terminal evaluateModel(Object... words) throws IOException {
        List<Object> all =
                new ArrayList<>(
                        List.of(
                                "evaluate",
                                "--model",
                                TestModel.ofText(folder.resolve("model")),
                                "--dataset",
                                "swatches",
                                "--steps",
                                "4"));
        all.addAll(Arrays.asList(words));
        return Terminal.run(all.toArray());
    }

    @Test
    void aCodecIsJudgedByTheCriticOfTheDataSet() throws IOException {
        Path codec = TestCodec.copyTo(folder.resolve("codec"));
        List<Object> words =
                List.of(
                        "evaluate",
                        "--codec",
                        codec,
                        "--dataset",
                        "swatches",
                        "--clips",
                        "2",
                        "--shape",
                        "8x16x16");

        Terminal run = Terminal.run(words.toArray());

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("Shown  width in 2 of 2 clips"), run.out());
        assertTrue(run.out().contains("Shown  frames in 0 of 2 clips"), run.out());
    }

    @Test
    void whatCannotBeJudgedIsRefused() throws IOException {
        Path text = TestModel.ofText(folder.resolve("text"));
        Path classes = TestModel.ofClasses(folder.resolve("classes"));
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        ImageIO.write(
                new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB),
                "png",
                pictures.resolve("one.png").toFile());

        Terminal ofClasses = Terminal.run("evaluate", "--model", classes, "--dataset", "swatches");
        Terminal ofPictures = Terminal.run("evaluate", "--model", text, "--dataset", pictures);

        assertEquals(1, ofClasses.exit());
        assertTrue(ofClasses.err().contains("takes no texts"), ofClasses.err());
        assertEquals(1, ofPictures.exit());
        assertTrue(ofPictures.err().contains("Nobody can tell"), ofPictures.err());
    }

    @Test
    void wordsThatMakeNoSenseAreRefused() {
        Path sheet = folder.resolve("sheet.png");

        assertEquals(2, Terminal.run("evaluate", "--codec", "x", "--model", "y").exit());
        assertEquals(2, Terminal.run("evaluate", "--codec", "x", "--sheet", sheet).exit());
        assertEquals(2, Terminal.run("evaluate", "--model", "x", "--prompts", "0").exit());
        assertEquals(2, Terminal.run("evaluate", "--model", "x", "--scale", "0").exit());
        assertEquals(1, Terminal.run("evaluate", "--model", "nowhere").exit());
        assertFalse(Files.exists(sheet));
    }
}
