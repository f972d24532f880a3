package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.pipeline.TestCodec;
import dev.zoetrope.runtime.media.TestClips;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

/** {@code inspect}, {@code compare} and {@code train codec}, from their words to their files. */
class ModelCommandsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/goldens/01a_videogpt_vqvae_444");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    @Test
    void inspectRecognisesACodec() throws IOException {
        Path codec = TestCodec.copyTo(folder.resolve("codec"));

        Terminal text = Terminal.run("inspect", codec);
        JsonNode json =
                JSON.readTree(Terminal.run("inspect", codec, "--json").out()).at("/parts/0");

        assertEquals(0, text.exit(), text.err());
        assertTrue(text.out().contains("VideoGPT VQ-VAE"), text.out());
        assertEquals("safetensors", json.get("format").asText());
        assertEquals("CODEC", json.get("role").asText());
        assertTrue(json.get("facts").toString().contains("20 codes"), json.toString());
        long numbers = json.get("parameters").asLong();
        assertTrue(numbers > 20 * 6 && json.get("bytes").asLong() >= 4 * numbers, json.toString());
    }

    @Test
    void inspectTellsTheFormatByTheContent() throws IOException {
        assertEquals("PyTorch zip archive", format("weights.pth"));
        assertEquals("PyTorch pickle of before version 1.6", format("weights_legacy.pth"));
        assertEquals("PyTorch zip archive", format("vqvae_lightning.ckpt"));
    }

    private static String format(String name) throws IOException {
        Terminal run = Terminal.run("inspect", GOLDEN.resolve(name), "--json");
        return JSON.readTree(run.out()).at("/parts/0/format").asText();
    }

    @Test
    void inspectListsTheTensorsOfWhatItDoesNotKnow() {
        Terminal run = Terminal.run("inspect", GOLDEN.resolve("inputs.safetensors"), "--tensors");

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("Unknown"), run.out());
        assertTrue(run.out().contains("F32 ["), run.out());
    }

    @Test
    void inspectExplainsADamagedFile() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("weights.safetensors"));
        Path half = folder.resolve("half.safetensors");
        Files.write(half, java.util.Arrays.copyOf(whole, whole.length / 2));

        Terminal run = Terminal.run("inspect", half);

        assertEquals(1, run.exit());
        assertTrue(run.err().contains("damaged"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void compareFindsEqualClipsEqual() throws IOException {
        Path clip = TestClips.write(folder.resolve("clip.mp4"), 6, 32, 32, 24);
        Path metrics = folder.resolve("metrics.json");

        Terminal run = Terminal.run("compare", clip, clip, "--metrics", metrics);

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("PSNR    equal"), run.out());
        assertEquals(6, JSON.readTree(metrics.toFile()).get("frames").size());
    }

    @Test
    void compareSaysWhenSizesAndLengthsDiffer() throws IOException {
        Path a = TestClips.write(folder.resolve("a.mp4"), 6, 32, 32, 24);
        Path b = TestClips.write(folder.resolve("b.mp4"), 9, 48, 48, 24);

        Terminal run = Terminal.run("compare", a, b, "--json");

        assertEquals(0, run.exit(), run.err());
        JsonNode json = JSON.readTree(run.out());
        assertEquals(6, json.get("frames").asInt());
        assertEquals(32, json.get("width").asInt());
        assertEquals(2, json.get("notes").size(), json.toString());
        assertEquals(1, Terminal.run("compare", a, folder.resolve("missing.mp4")).exit());
    }

    @Test
    void aTrainedCodecIsOverwrittenByNothingAndGoneOnWithOrFromOnRequest() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        ImageIO.write(
                new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB),
                "png",
                pictures.resolve("one.png").toFile());
        Path run = folder.resolve("run");
        List<Object> words =
                List.of(
                        "train",
                        "codec",
                        "--run",
                        run,
                        "--dataset",
                        pictures,
                        "--steps",
                        "2",
                        "--downsample",
                        "4,4,4",
                        "--codes",
                        "8",
                        "--code-groups",
                        "2",
                        "--embedding",
                        "2",
                        "--hidden",
                        "4",
                        "--residual-layers",
                        "0",
                        "--shapes",
                        "4x8x8",
                        "--pixels",
                        "256",
                        "--unquantized-steps",
                        "1",
                        "--log-every",
                        "1",
                        "--precision",
                        "fp32");

        Terminal first = Terminal.run(words.toArray());
        Terminal again = Terminal.run(words.toArray());
        Terminal resumed = Terminal.run("train", "codec", "--run", run, "--resume", "--steps", "3");
        Path finer = folder.resolve("finer");
        List<Object> wordsOfFiner =
                List.of(
                        "train",
                        "codec",
                        "--run",
                        finer,
                        "--dataset",
                        pictures,
                        "--from",
                        run.resolve("vae"),
                        "--steps",
                        "1",
                        "--shapes",
                        "4x8x8",
                        "--pixels",
                        "256");
        Terminal from = Terminal.run(wordsOfFiner.toArray());

        assertEquals(0, first.exit(), first.err());
        assertEquals(1, again.exit(), again.err());
        assertTrue(again.err().contains("--resume"), again.err());
        assertEquals(0, resumed.exit(), resumed.err());
        assertEquals(3, Files.readAllLines(run.resolve("metrics.jsonl")).size());
        assertEquals(0, Terminal.run("inspect", run.resolve("vae")).exit());
        assertEquals(0, from.exit(), from.err());
        assertEquals(
                Files.readString(run.resolve("vae/config.json")),
                Files.readString(finer.resolve("vae/config.json")));
    }

    @Test
    void trainRefusesWhatMakesNoSense() {
        Path run = folder.resolve("run");

        assertEquals(2, Terminal.run("train").exit());
        assertEquals(2, Terminal.run("train", "codec", "--run", run).exit());
        assertEquals(
                2,
                Terminal.run("train", "codec", "--run", run, "--dataset", "x", "--shapes", "9")
                        .exit());
        assertEquals(
                2,
                Terminal.run("train", "codec", "--run", run, "--dataset", "x", "--hidden", "3")
                        .exit());
        assertEquals(
                2,
                Terminal.run("train", "codec", "--run", run, "--dataset", "x", "--code-groups", "3")
                        .exit());
        assertEquals(
                2,
                Terminal.run("train", "codec", "--run", run, "--dataset", "x", "--log-every", "0")
                        .exit());
        assertEquals(
                2,
                Terminal.run(
                                "train",
                                "codec",
                                "--run",
                                run,
                                "--dataset",
                                "x",
                                "--precision",
                                "fp16")
                        .exit());
        assertEquals(
                2,
                Terminal.run(
                                "train",
                                "codec",
                                "--run",
                                run,
                                "--dataset",
                                "x",
                                "--from",
                                "y",
                                "--codes",
                                "16")
                        .exit());
        assertEquals(
                2, Terminal.run("train", "codec", "--run", run, "--resume", "--from", "y").exit());
        assertEquals(1, Terminal.run("train", "codec", "--run", run, "--resume").exit());
        assertEquals(
                1,
                Terminal.run("train", "codec", "--run", run, "--dataset", "x", "--from", "nowhere")
                        .exit());
        assertEquals(
                1, Terminal.run("train", "codec", "--run", run, "--dataset", "nowhere").exit());
        assertFalse(Files.exists(run));
    }
}
