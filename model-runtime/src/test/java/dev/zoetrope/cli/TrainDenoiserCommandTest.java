package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.pipeline.TestModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.imageio.ImageIO;

class TrainDenoiserCommandTest {
    @TempDir Path temp;

    @Test
    void aRunOnCaptionedPicturesGoesOnByItsFolderAlone() throws IOException {
        Path pictures = Files.createDirectory(temp.resolve("pictures"));
        BufferedImage picture = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(picture, "png", pictures.resolve("sea.png").toFile());
        Files.writeString(pictures.resolve("sea.txt"), "the blue sea");
        Files.writeString(pictures.resolve("broken.mp4"), "no video");
        Path parts = TestModel.ofText(temp.resolve("parts"));
        Path config = temp.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(parts.resolve("transformer/config.json"))
                        .replaceFirst("\\{", "{\"_class_name\": \"LatteT2V\","));
        Path run = temp.resolve("run");

        Terminal first =
                Terminal.run(
                        "train",
                        "denoiser",
                        "--run",
                        run,
                        "--dataset",
                        pictures,
                        "--codec",
                        parts,
                        "--text-encoder",
                        parts,
                        "--config",
                        config,
                        "--objective",
                        "eps",
                        "--shapes",
                        "5x16x16",
                        "--clips",
                        4,
                        "--words",
                        6,
                        "--batch",
                        2,
                        "--steps",
                        2,
                        "--first-frame",
                        0.5,
                        "--samples",
                        0,
                        "--log-every",
                        1,
                        "--precision",
                        "fp32");
        Terminal second = Terminal.run("train", "denoiser", "--run", run, "--steps", 3);

        assertEquals(0, first.exit(), first.err());
        assertTrue(first.err().contains("1 of the files were left out"), first.err());
        assertTrue(first.err().contains("broken.mp4"), first.err());
        assertEquals(0, second.exit(), second.err());
        assertTrue(
                Files.readString(run.resolve("zoetrope.json")).contains("\"first_frame\" : true"));
        assertTrue(Files.readString(run.resolve("request.json")).contains("\"firstFrame\" : 0.5"));
        assertEquals(3, Files.readAllLines(run.resolve("metrics.jsonl")).size());
        assertTrue(
                Files.readString(run.resolve("cache/5x16x16.captions")).contains("the blue sea"));
    }

    @Test
    void whatIsMissingIsNamed() {
        Terminal run = Terminal.run("train", "denoiser", "--run", temp.resolve("run"));

        assertEquals(2, run.exit());
        assertTrue(run.err().contains("--dataset"), run.err());
    }

    @Test
    void aShareOfClipsIsNoMoreThanAll() {
        assertRefused("--first-frame is from 0 to 1", "--first-frame", 1.5);
    }

    @Test
    void adaptersNeedAModelToLieBeside() {
        assertRefused("--from", "--lora", 4);
    }

    private void assertRefused(String why, String option, Object value) {
        Terminal run =
                Terminal.run(
                        "train",
                        "denoiser",
                        "--run",
                        temp.resolve("run"),
                        "--dataset",
                        temp,
                        "--codec",
                        temp,
                        "--config",
                        temp,
                        "--shapes",
                        "5x16x16",
                        "--precision",
                        "fp32",
                        option,
                        value);

        assertEquals(2, run.exit());
        assertTrue(run.err().contains(why), run.err());
    }
}
