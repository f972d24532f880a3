package dev.zoetrope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.pipeline.TestModel;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.TestClips;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code generate}, from its words to its files. */
class GenerateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path temp;
    private Path model;
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        model = TestModel.ofClasses(temp.resolve("model"));
        folder = Files.createDirectory(temp.resolve("clips"));
    }

    @Test
    void aClassBecomesAClipThatSaysHowItWasMade() throws IOException {
        Path clip = folder.resolve("clip.mp4");

        Terminal run = generate("3", "--steps", "4", "--seed", "7", "-o", clip);

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("Saved    " + clip), run.out());
        try (FrameReader reader = FrameReader.open(clip)) {
            ClipInfo info = reader.info();
            assertEquals(List.of(32, 32), List.of(info.width(), info.height()));
            assertEquals(8, info.frames());
            JsonNode request = JSON.readTree(info.tag("comment").orElseThrow());
            assertEquals("3", request.get("prompt").asText());
            assertEquals(7, request.get("seed").asLong());
            assertEquals(4, request.get("steps").asInt());
        }
        assertEquals(Set.of("clip.mp4"), files());
    }

    @Test
    void theSameRequestMakesTheSameFramesAndAnotherSeedMakesOthers() {
        Path first = folder.resolve("first");
        Path again = folder.resolve("again");
        Path other = folder.resolve("other");

        generate("1", "--steps", "3", "--guidance", "2", "--seed", "5", "-o", first);
        generate("1", "--steps", "3", "--guidance", "2", "--seed", "5", "-o", again);
        generate("1", "--steps", "3", "--guidance", "2", "--seed", "6", "-o", other);

        assertEquals(pixels(first), pixels(again));
        assertNotEquals(pixels(first), pixels(other));
    }

    @Test
    void anyAspectResolutionAndDurationIsMade() {
        Path clip = folder.resolve("clip.webm");

        Terminal run =
                generate(
                        "0",
                        "--aspect",
                        "2:1",
                        "--resolution",
                        "40",
                        "--duration",
                        "2s",
                        "--fps",
                        "6",
                        "--steps",
                        "2",
                        "--sampler",
                        "ddim",
                        "-o",
                        clip);

        assertEquals(0, run.exit(), run.err());
        List<Frame> frames = TestClips.read(clip);
        assertEquals(12, frames.size());
        assertEquals(
                List.of(80, 40), List.of(frames.getFirst().width(), frames.getFirst().height()));
    }

    @Test
    void everySamplerOfTheModelMakesAClip() throws IOException {
        JsonNode abilities =
                JSON.readTree(Terminal.run("inspect", model, "--json").out()).get("abilities");

        for (JsonNode sampler : abilities.get("samplers")) {
            Path clip = folder.resolve(sampler.asText() + ".gif");
            Terminal run =
                    generate(
                            "2",
                            "--sampler",
                            sampler.asText(),
                            "--steps",
                            "6",
                            "--resolution",
                            "16",
                            "-o",
                            clip);
            assertEquals(0, run.exit(), sampler + ": " + run.err());
        }
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws IOException {
        Terminal run =
                generate("2", "--dry-run", "--frames", "13", "-o", folder.resolve("clip.mp4"));

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out().contains("12 frames"), run.out());
        assertTrue(run.err().contains("12 frames instead of 13"), run.err());
        assertEquals(Set.of(), files());
    }

    @Test
    void jsonLinesTellOfPlanStepsFramesAndFile() throws IOException {
        Terminal run = generate("2", "--steps", "3", "--json", "-o", folder.resolve("clip.mp4"));

        List<String> events = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            events.add(JSON.readTree(line).get("event").asText());
        }
        assertEquals(1 + 3 + 8 + 1, events.size(), run.out());
        assertEquals("planned", events.getFirst());
        assertEquals("saved", events.getLast());
    }

    @Test
    void whatCannotBeMadeIsExplainedAndLeavesNothing() throws IOException {
        Terminal noClass = generate("9", "-o", folder.resolve("clip.mp4"));
        Terminal noFormat = generate("2", "-o", folder.resolve("clip.avi"));
        Terminal noFolder = generate("2", "--steps", "1", "-o", folder.resolve("no/clip.mp4"));
        Terminal noModel = Terminal.run("generate", "2", "--model", folder);

        assertEquals(1, noClass.exit());
        assertTrue(noClass.err().contains("0 to 4"), noClass.err());
        assertEquals(1, noFormat.exit());
        assertTrue(noFormat.err().contains(".webm"), noFormat.err());
        assertEquals(1, noFolder.exit());
        assertEquals(1, noModel.exit());
        assertTrue(noModel.err().contains("vae"), noModel.err());
        assertEquals(Set.of(), files());
    }

    @Test
    void aPictureIsWhatAClipOfAModelForItBeginsWithAndAllOthersRefuseIt() throws IOException {
        Path picture = TestClips.picture(temp.resolve("first.png"), 32, 32, Color.RED);
        Path clip = folder.resolve("clip.mp4");
        Object[] words = {"1", "--steps", "3", "--image", picture, "-o", clip};

        Terminal refused = generate(words);
        TestModel.takesFirstFrame(model);
        Terminal made = generate(words);
        Terminal missing = generate("1", "--image", folder.resolve("no.png"));

        assertEquals(1, refused.exit());
        assertTrue(refused.err().contains("takes no first frame"), refused.err());
        assertEquals(0, made.exit(), made.err());
        String recipe = Terminal.run("inspect", clip).out();
        assertTrue(recipe.contains("--image " + picture), recipe);
        assertEquals(1, missing.exit());
        assertTrue(missing.err().contains("no.png"), missing.err());
        String abilities = Terminal.run("inspect", model).out();
        assertTrue(abilities.contains("beginning with a picture"), abilities);
    }

    @Test
    void whatMakesNoSenseIsUsage() {
        for (String[] words :
                List.of(
                        new String[] {"--aspect", "wide"},
                        new String[] {"--aspect", "100:1"},
                        new String[] {"--resolution", "4"},
                        new String[] {"--frames", "0"},
                        new String[] {"--duration", "-1s"},
                        new String[] {"--fps", "0"},
                        new String[] {"--steps", "0"},
                        new String[] {"--guidance", "-1"})) {
            assertEquals(2, generate("2", words[0], words[1]).exit(), String.join(" ", words));
        }
    }

    @Test
    void aPromptBecomesAClipAndTheSeedChoosesAmongItsWords() throws IOException {
        model = TestModel.ofText(temp.resolve("text"));
        Path clip = folder.resolve("clip.webm");
        String prompt = "A {red|blue} paper boat (sails:1.3) on the sea https://sea.com";

        Terminal run = generate(prompt, "--steps", "4", "--seed", "7", "--json", "-o", clip);
        Terminal other = generate(prompt, "--seed", "8", "--dry-run", "--json");

        assertEquals(0, run.exit(), run.err());
        assertEquals(5, TestClips.read(clip).size());
        JsonNode plan = JSON.readTree(run.out().lines().findFirst().orElseThrow());
        Set<String> read =
                Set.of(
                        plan.get("prompt").asText(),
                        JSON.readTree(other.out()).get("prompt").asText());
        assertEquals(
                Set.of("a red paper boat sails on the sea", "a blue paper boat sails on the sea"),
                read);
        assertTrue(plan.get("notices").toString().contains("weight of words"), run.out());
    }

    @Test
    void whatIsNotToBeSeenChangesTheClipAndAKeptPromptDoesNot() throws IOException {
        model = TestModel.ofText(temp.resolve("text"));
        List<Object> words = List.of("a boat", "--steps", "3", "--sampler", "ddim", "--seed", "1");

        Path first = textClip(words, "first");
        Path again = textClip(words, "again");
        Path without =
                textClip(
                        Stream.concat(words.stream(), Stream.of("--negative", "the sea")).toList(),
                        "without");

        assertEquals(pixels(first), pixels(again));
        assertNotEquals(pixels(first), pixels(without));
    }

    @Test
    void thePartOfAPromptThatIsNotReadIsNamed() throws IOException {
        model = TestModel.ofText(temp.resolve("text"));

        Terminal run = generate("boat ".repeat(298) + "on the sea", "--dry-run");

        assertEquals(0, run.exit(), run.err());
        assertTrue(run.err().contains("\"on the sea\" was left out"), run.err());
    }

    private Path textClip(List<Object> words, String name) {
        List<Object> all = new ArrayList<>(words);
        all.addAll(List.of("-o", folder.resolve(name)));
        Terminal run = generate(all.toArray());
        assertEquals(0, run.exit(), run.err());
        return folder.resolve(name);
    }

    @Test
    void aClipIsNamedAfterItsPromptAndItsSeed() {
        assertEquals(
                Path.of("a-paper-boat-sails-7.mp4"),
                GenerationOptions.defaultOutput(" A paper boat: sails! ", 7));
        assertEquals(Path.of("clip-7.mp4"), GenerationOptions.defaultOutput("", 7));
        assertFalse(
                GenerationOptions.defaultOutput("word ".repeat(99), 7).toString().length() > 64);
    }

    private Terminal generate(Object... words) {
        List<Object> line = new ArrayList<>(List.of("generate"));
        line.addAll(List.of(words));
        line.addAll(List.of("--model", model, "--precision", "fp32"));
        return Terminal.run(line.toArray());
    }

    private static List<ByteBuffer> pixels(Path clip) {
        return TestClips.read(clip.resolve("000001.png")).stream().map(Frame::rgb).toList();
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
