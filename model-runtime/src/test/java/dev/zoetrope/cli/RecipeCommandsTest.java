package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.Bytes;

import dev.zoetrope.pipeline.TestCodec;
import dev.zoetrope.pipeline.TestModel;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.recipe.Recipe;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code inspect} and {@code verify} of clips, and clips that tell nothing. */
class RecipeCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path temp;
    private Path model;
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        model = TestModel.ofClasses(temp.resolve("model"));
        folder = Files.createDirectory(temp.resolve("clips"));
    }

    // inspect

    @Test
    void inspectSaysWhatAClipIsAndHowItWasMade() {
        Path clip = generate("3", "clip.mp4", "--steps", "4", "--guidance", "2", "--seed", "7");

        Terminal run = Terminal.run("inspect", clip);

        assertEquals(0, run.exit(), run.err());
        for (String part :
                List.of(
                        "32 x 32, 8 frames at 8 per second (1.0 s), h264",
                        "Zoetrope 0.1.0",
                        model.toString(),
                        "4 steps, guidance 2",
                        "in FP32",
                        "zoetrope generate",
                        "--seed 7",
                        "clip-again.mp4 3")) {
            assertTrue(run.out().contains(part), part + " in\n" + run.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip.webp", "clip"})
    void everyFormatRemembersItsRequest(String name) throws IOException {
        Path clip = generate("2", name, "--steps", "2", "--seed", "7", "--aspect", "2:1");

        JsonNode json = JSON.readTree(Terminal.run("inspect", clip, "--json").out());

        assertEquals(8, json.get("frames").asInt());
        assertEquals("2", json.at("/recipe/prompt").asText());
        assertEquals("2:1", json.at("/recipe/aspect").asText());
        assertEquals(2, json.at("/recipe/made/steps").asInt());
        assertEquals(json.get("width").asInt(), json.at("/recipe/made/width").asInt());
        assertEquals(name.equals("clip.webp"), Files.exists(folder.resolve(name + ".json")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-dark, a boat's \"sea\"",
                "@home `ls` $HOME \\ !",
                "--seed 3",
                "a boat\non the sea",
                "海"
            })
    void theWordsThatInspectGivesMakeTheClipAgain(String prompt) throws IOException {
        model = TestModel.ofText(temp.resolve("text"));
        Path clip =
                generate(
                        List.of("--negative=" + prompt, "--", prompt),
                        "clip.webm",
                        "--steps=1",
                        "--seed=-7",
                        "--duration=0.6",
                        "--fps=7.5",
                        "--sampler=ddim",
                        "--resolution=16");
        JsonNode json = JSON.readTree(Terminal.run("inspect", clip, "--json").out());
        List<Object> words = new ArrayList<>();
        json.get("again").forEach(word -> words.add(word.asText()));
        assertEquals("zoetrope", words.removeFirst());
        Path again = folder.resolve("clip-again.webm");
        words.replaceAll(word -> word.equals("clip-again.webm") ? again : word);

        Terminal run = Terminal.run(words.toArray());

        assertEquals(0, run.exit(), run.err());
        assertEquals(Recipe.of(clip).orElseThrow().json(), Recipe.of(again).orElseThrow().json());
        assertEquals(pixels(clip), pixels(again));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aShellReadsTheWordsAsTheyWere() throws Exception {
        List<String> words =
                List.of(
                        "zoetrope",
                        "it's",
                        "$HOME `ls` \\ \"x\"",
                        "two\nlines",
                        "~",
                        "*",
                        "猫",
                        "a=b");
        Process shell =
                new ProcessBuilder("sh", "-c", "printf '%s\\0' " + CommandWords.quoted(words))
                        .start();

        String read = new String(shell.getInputStream().readAllBytes(), UTF_8);

        assertEquals(String.join("\0", words) + "\0", read);
    }

    @Test
    void aClipOfAnotherProgramIsDescribedAlone() throws IOException {
        Path clip = TestClips.write(folder.resolve("clip.webm"), 6, 48, 32, 24);

        Terminal run = Terminal.run("inspect", clip);

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("48 x 32, 6 frames at 24 per second"), run.out());
        assertTrue(run.out().contains("it does not say"), run.out());
        JsonNode json = JSON.readTree(Terminal.run("inspect", clip, "--json").out());
        assertEquals("vp9", json.get("codec").asText());
        assertTrue(json.get("recipe").isNull(), json.toString());
    }

    @Test
    void whatIsNeitherModelNorClipIsExplained() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "Once upon a time.\n");

        Terminal run = Terminal.run("inspect", file);

        assertEquals(1, run.exit());
        assertTrue(run.err().contains("notes.txt is not a checkpoint"), run.err());
    }

    // verify

    @ParameterizedTest
    @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip.webp", "clip"})
    void aClipOfThisMachineComesOutBitEqual(String name) throws IOException {
        Path clip = generate("1", name, "--steps", "3", "--seed", "5");
        Set<String> before = files();

        Terminal run = Terminal.run("verify", clip);

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("bit-equal, all 8 frames"), run.out());
        assertEquals(before, files());
    }

    @Test
    void aReconstructionAndItsOriginalBesideComeOutBitEqual() throws IOException {
        Path codec = TestCodec.copyTo(temp.resolve("codec"));
        Path video = TestClips.write(folder.resolve("street.mp4"), 12, 48, 32, 24);
        Path clip = folder.resolve("back.webm");
        Path both = folder.resolve("both.webm");
        Terminal made =
                Terminal.run(
                        "reconstruct",
                        video,
                        "--codec",
                        codec,
                        "--frames",
                        "6",
                        "--start",
                        "0.1",
                        "--resolution",
                        "24",
                        "-o",
                        clip,
                        "--side-by-side",
                        both);
        assertEquals(0, made.exit(), made.err());

        Terminal inspected = Terminal.run("inspect", both);

        assertTrue(inspected.out().contains("--side-by-side both-again.webm"), inspected.out());
        assertEquals(0, Terminal.run("verify", clip).exit());
        assertEquals(0, Terminal.run("verify", both).exit());
    }

    @Test
    void aClipThatWasChangedIsFoundOut() throws IOException {
        Path clip = generate("1", "clip", "--steps", "2", "--seed", "5");
        Frame frame = TestClips.read(clip).getFirst();
        Path other = folder.resolve("other");
        TestClips.write(other, 1, frame.width(), frame.height(), 24);
        Files.copy(
                other.resolve("000001.png"),
                clip.resolve("000003.png"),
                StandardCopyOption.REPLACE_EXISTING);

        Terminal run = Terminal.run("verify", clip, "--json");

        assertEquals(1, run.exit(), run.err());
        JsonNode verdict = JSON.readTree(run.out());
        assertFalse(verdict.get("equal").asBoolean());
        assertEquals(1, verdict.at("/difference/differing").asInt());
        assertEquals(8, verdict.at("/difference/frames").asInt());
        assertTrue(verdict.at("/difference/largest").asInt() > 10, run.out());
        assertTrue(verdict.get("causes").toString().contains("was changed after"), run.out());
    }

    @Test
    void whatHasChangedSinceIsNamed() throws IOException {
        Path clip = generate("1", "clip.gif", "--steps", "2", "--seed", "5");
        Map<String, String> tags = new HashMap<>(Recipe.of(clip).orElseThrow().tags());
        tags.computeIfPresent(
                Recipe.TAG,
                (_, text) ->
                        text.replace("\"zoetrope\":\"0.1.0\"", "\"zoetrope\":\"0.0.9\"")
                                .replaceFirst("\"device\":\"[^\"]*\"", "\"device\":\"an abacus\"")
                                .replace("\"seed\":5", "\"seed\":6"));
        List<Frame> frames = TestClips.read(clip);
        TestClips.write(clip, VideoFormat.GIF, frames, 8, tags);

        Terminal run = Terminal.run("verify", clip);

        assertEquals(1, run.exit(), run.err());
        assertTrue(run.out().contains("8 of 8 frames differ, PSNR"), run.out());
        assertTrue(run.out().contains("Zoetrope's version was 0.0.9 and is 0.1.0."), run.out());
        assertTrue(run.out().contains("The device was an abacus and is"), run.out());
        assertFalse(run.out().contains("fingerprint"), run.out());
    }

    @Test
    void anotherModelInItsPlaceIsNamed() throws IOException {
        Path clip = generate("1", "clip.webm", "--steps", "2", "--seed", "5");
        Path card = model.resolve("zoetrope.json");
        Files.writeString(card, "{\"width\": 48}");
        Path config = model.resolve("vae/config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"more\": 1,"));

        Terminal run = Terminal.run("verify", clip);

        assertEquals(1, run.exit(), run.err());
        assertTrue(run.out().contains("comes out in another size"), run.out());
        assertTrue(run.out().contains("The model's fingerprint was "), run.out());
        assertTrue(run.out().contains("The size was 32 x 32 and is 48 x 32."), run.out());
    }

    @Test
    void whatCannotBeVerifiedIsExplained() throws IOException {
        Path silent = TestClips.write(folder.resolve("a.mp4"), 2, 32, 32, 24);
        Path damaged = folder.resolve("b.webp");
        TestClips.write(
                damaged,
                VideoFormat.WEBP,
                TestClips.frames(2, 32, 32, 24),
                24,
                Map.of(Recipe.TAG, "{\"zoetrope\":\"0.1.0\",\"kind\":\"gen"));

        Terminal ofSilent = Terminal.run("verify", silent);
        Terminal ofDamaged = Terminal.run("verify", damaged);

        assertEquals(1, ofSilent.exit());
        assertTrue(ofSilent.err().contains("does not say how it was made"), ofSilent.err());
        assertEquals(1, ofDamaged.exit());
        assertTrue(ofDamaged.err().contains("cut off or damaged"), ofDamaged.err());
    }

    @Test
    void anExcerptIsNotTakenForWhatWasMade() {
        Path clip = generate("3", "clip.mp4", "--steps", "2", "--seed", "7");
        Path part = folder.resolve("part.mp4");
        TestClips.write(
                part,
                VideoFormat.MP4,
                TestClips.frames(2, 32, 32, 8),
                8,
                Recipe.of(clip).orElseThrow().excerpt(new FrameRange(3, 4)).tags());

        Terminal inspect = Terminal.run("inspect", part);
        Terminal verify = Terminal.run("verify", part);

        assertTrue(inspect.out().contains("frames 4 to 5 of that clip"), inspect.out());
        assertEquals(1, verify.exit());
        assertTrue(verify.err().contains("frames 4 to 5 of a clip"), verify.err());
    }

    @Test
    void whatWasEncodedAgainIsSaidToDifferForThat() throws IOException {
        Path clip = generate("3", "clip.mp4", "--steps", "2", "--seed", "7");
        Path again = folder.resolve("again.webm");
        Recipe recipe = Recipe.of(clip).orElseThrow();
        try (FrameReader reader = FrameReader.open(clip);
                FrameWriter writer =
                        FrameWriter.create(
                                again,
                                VideoFormat.WEBM_VP9,
                                reader.info().width(),
                                reader.info().height(),
                                reader.info().fps(),
                                recipe.reencoded(VideoFormat.MP4.coding()).tags())) {
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                writer.write(frame);
            }
            writer.finish();
        }

        Terminal inspect = Terminal.run("inspect", again);
        Terminal verify = Terminal.run("verify", again);

        assertTrue(inspect.out().contains("from MP4 (libopenh264"), inspect.out());
        assertEquals(1, verify.exit());
        assertTrue(verify.out().contains("comes out otherwise"), verify.out());
        assertTrue(verify.out().contains("encoded again, from MP4 (libopenh264"), verify.out());
        assertFalse(verify.out().contains("Nothing that the clip remembers"), verify.out());
    }

    // --no-metadata

    @ParameterizedTest
    @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip.webp", "clip"})
    void withoutMetadataNothingOfTheRequestIsInAnyFile(String name) throws IOException {
        model = TestModel.ofText(temp.resolve("text"));
        String[] words = {
            "--steps", "2", "--sampler", "ddim", "--seed", "987654321", "--negative", "blue paper"
        };

        Path told = generate("a boat sails", name, words);
        assertTrue(anyHolds("a boat sails") && anyHolds("987654321"), "the search finds nothing");
        deleteAll();
        generate(
                "a boat sails",
                name,
                Stream.concat(Stream.of(words), Stream.of("--no-metadata")).toArray(String[]::new));

        for (String secret :
                List.of("boat", "987654321", "paper", temp.toString(), "prompt", "fingerprint")) {
            assertFalse(anyHolds(secret), secret);
        }
        assertEquals(Set.of(name), files());
        assertEquals(Optional.empty(), Recipe.of(told));
        assertEquals(1, Terminal.run("verify", told).exit());
    }

    @Test
    void withoutMetadataAReconstructionNamesNoFile() throws IOException {
        Path codec = TestCodec.copyTo(temp.resolve("codec"));
        Path video = TestClips.write(temp.resolve("holiday.mp4"), 4, 32, 32, 24);
        for (boolean told : new boolean[] {true, false}) {
            List<Object> words =
                    new ArrayList<>(
                            List.of(
                                    "reconstruct",
                                    video,
                                    "--codec",
                                    codec,
                                    "-o",
                                    folder.resolve("a.mp4"),
                                    "--side-by-side",
                                    folder.resolve("b.webm")));
            if (!told) {
                words.add("--no-metadata");
            }

            assertEquals(0, Terminal.run(words.toArray()).exit());

            assertEquals(told, anyHolds("holiday"));
            assertEquals(told, anyHolds("fingerprint"));
            assertEquals(told, anyHolds(codec.toString()));
        }
    }

    /** Makes a clip in the folder. */
    private Path generate(String prompt, String name, String... options) {
        return generate(List.of(prompt), name, options);
    }

    private Path generate(List<String> last, String name, String... options) {
        Path clip = folder.resolve(name);
        List<Object> words =
                new ArrayList<>(
                        List.of("generate", "--model", model, "--precision", "fp32", "-o", clip));
        words.addAll(List.of(options));
        words.addAll(last);
        Terminal run = Terminal.run(words.toArray());
        assertEquals(0, run.exit(), run.err());
        return clip;
    }

    private static List<?> pixels(Path clip) {
        try (FrameReader reader = FrameReader.open(clip)) {
            List<Object> pixels = new ArrayList<>();
            for (Frame frame = reader.read(); frame != null; frame = reader.read()) {
                pixels.add(frame.rgb());
            }
            return pixels;
        }
    }

    /** Whether the bytes of any file that was written hold a text. */
    private boolean anyHolds(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Bytes.indexOf(Files.readAllBytes(file), text.getBytes(UTF_8)) >= 0) {
                    return true;
                }
            }
            return false;
        }
    }

    private void deleteAll() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
