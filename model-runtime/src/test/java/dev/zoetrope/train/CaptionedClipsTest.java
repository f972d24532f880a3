package dev.zoetrope.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

import javax.imageio.ImageIO;

class CaptionedClipsTest {
    private static final ClipShape SHAPE = new ClipShape(2, 8, 8);

    @TempDir Path folder;

    @BeforeEach
    void prepare() throws IOException {
        picture("red.png", Color.RED);
        picture("blue.png", Color.BLUE);
    }

    @Test
    void aFileIsCalledWhatTheTextBesideItSays() throws IOException {
        Files.writeString(folder.resolve("red.txt"), "something red\n");

        assertEquals(Set.of("", "something red"), captions(CaptionedClips.open(folder, 8)));
    }

    @Test
    void aTableNamesFilesBesideIt() throws IOException {
        Path list = folder.resolve("list.csv");
        Files.writeString(list, "id,path,caption\r\n1,red.png,\"red, or \"\"crimson\"\"\"\r\n");

        assertEquals(Set.of("red, or \"crimson\""), captions(CaptionedClips.open(list, 8)));
    }

    @Test
    void linesOfJsonNameFilesBesideThem() throws IOException {
        Path list = folder.resolve("list.jsonl");
        Files.writeString(
                list,
                """
                {"path": "red.png", "cap": "red"}

                {"path": "blue.png", "cap": "blue"}
                """);

        assertEquals(Set.of("red", "blue"), captions(CaptionedClips.open(list, 8)));
    }

    @Test
    void aLineThatNamesNoFileIsAProblem() throws IOException {
        Path list = folder.resolve("list.jsonl");
        Files.writeString(list, "{\"cap\": \"red\"}\n");

        ProblemException e =
                assertThrows(ProblemException.class, () -> CaptionedClips.open(list, 8));
        assertTrue(e.problem().cause().contains("Line 1"), e.problem().cause());
    }

    @Test
    void aFileThatCannotBeReadIsLeftOutAndNamed() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.mp4"), "no video");
        Files.writeString(folder.resolve("red.txt"), "red");
        Files.writeString(folder.resolve("blue.txt"), "blue");
        CaptionedClips clips = CaptionedClips.open(folder, 8);

        assertEquals(Set.of("red", "blue"), captions(clips));
        assertEquals(
                broken, clips.skipped().stream().map(SkippedFile::file).findFirst().orElseThrow());
        assertEquals(1, clips.skipped().size());
    }

    @Test
    void aClipIsTheMiddleOfAPictureInItsColour() throws IOException {
        Files.writeString(folder.resolve("red.txt"), "red");
        CaptionedClips clips = CaptionedClips.open(folder, 8);

        for (long index = 0; index < 20; index++) {
            TrainingClip clip = clips.clip(index, SHAPE);
            int red = clip.rgb().get(clip.rgb().limit() / 2 / 3 * 3) & 255;
            assertEquals(clip.caption().equals("red"), red > 200, clip.caption() + " is " + red);
        }
    }

    private static Set<String> captions(CaptionedClips clips) {
        Set<String> captions = new TreeSet<>();
        for (long index = 0; index < 30; index++) {
            captions.add(clips.clip(index, SHAPE).caption());
        }
        return captions;
    }

    private void picture(String name, Color colour) throws IOException {
        BufferedImage picture = new BufferedImage(24, 12, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 24 * 12; i++) {
            picture.setRGB(i % 24, i / 24, colour.getRGB());
        }
        ImageIO.write(picture, "png", folder.resolve(name).toFile());
    }
}
