package dev.zoetrope.runtime.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.media.FrameRange;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.ReconstructionRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Pattern;

class RecipeTest {
    private static final Path CLIP = Path.of("clips", "boat.mp4");

    /** Of what people type, and of what they paste. */
    private static final String LETTERS = "ab Z9.,:;-_'\"\\/{}[]|$@%&<>\n\r\tüß猫";

    @TempDir Path folder;

    @Test
    void everyRecipeComesBackFromItsText() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            Recipe recipe = i % 2 == 0 ? generated(random) : reconstructed(random);

            assertEquals(Optional.of(recipe), RecipeJson.read(recipe.json(), CLIP));
        }
    }

    @ParameterizedTest
    @EnumSource(VideoFormat.class)
    void everyFormatCarriesARecipe(VideoFormat format) {
        Path clip = folder.resolve("clip");
        Recipe recipe = generated(new Random(7));

        TestClips.write(clip, format, TestClips.frames(3, 32, 32, 24), 24, recipe.tags());

        assertEquals(recipe.json(), Recipe.of(clip).orElseThrow().json());
    }

    @Test
    void theVideoWithTheOriginalBesideSaysSo() {
        Recipe.Reconstructed one = reconstructed(new Random(2));
        ReconstructionRequest both =
                one.request().withOutputs(Path.of("other.mp4"), Optional.of(CLIP));

        Recipe back =
                RecipeJson.read(new Recipe.Reconstructed(both, one.circumstances()).json(), CLIP)
                        .orElseThrow();

        ReconstructionRequest request =
                assertInstanceOf(Recipe.Reconstructed.class, back).request();
        assertEquals(Optional.of(CLIP), request.sideBySide());
        assertFalse(request.output().equals(CLIP));
    }

    @Test
    void anExcerptOfAnExcerptIsOneOfTheWholeClip() {
        Recipe whole = generated(new Random(6));
        Recipe part = whole.excerpt(new FrameRange(10, 20)).excerpt(new FrameRange(2, 5));

        assertEquals(new Recipe.Excerpt(whole, new FrameRange(12, 15)), part);
        assertEquals(Optional.of(part), RecipeJson.read(part.json(), CLIP));
    }

    @Test
    void whatWasEncodedAgainSaysFromWhatAndAnExcerptOfItDoes() {
        Recipe made = generated(new Random(7));
        Recipe once = made.reencoded("MP4 (h264)");
        Recipe twice = once.reencoded("WEBM (vp9)");
        Recipe part = twice.excerpt(new FrameRange(1, 2));

        assertEquals(new Recipe.Reencoded(made, List.of("MP4 (h264)", "WEBM (vp9)")), twice);
        for (Recipe one : List.of(once, twice, part)) {
            assertEquals(Optional.of(one), RecipeJson.read(one.json(), CLIP));
            assertEquals(made, one.made());
            assertEquals(made.tags().get("title"), one.tags().get("title"));
        }
        assertEquals(part, part.reencoded("GIF"));
        assertUnreadable(
                once.json().replace("[\"MP4 (h264)\"]", "[3]"), "its reencodedFrom is [3]");
    }

    @Test
    void whereTheClipLiesIsNotPartOfIt() {
        assertFalse(generated(new Random(3)).json().contains("clips"));
    }

    @Test
    void whatALaterVersionAddsIsPassedOver() {
        Recipe recipe = generated(new Random(4));
        String later =
                recipe.json()
                        .replace("\"prompt\":", "\"mood\":{\"a\":[1]},\"prompt\":")
                        .replace("\"made\":{", "\"made\":{\"watts\":7,");

        assertEquals(Optional.of(recipe), RecipeJson.read(later, CLIP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shot on a phone", "{\"prompt\":\"a boat\"}", "[1]"})
    void aCommentOfAnotherProgramIsNoRecipe(String comment) {
        assertEquals(Optional.empty(), RecipeJson.read(comment, CLIP));
    }

    @Test
    void aTextThatIsCutOffAnywhereIsCalledDamaged() {
        String whole = generated(new Random(5)).json();
        for (int length = "{\"zoetrope\":".length(); length < whole.length(); length++) {
            assertUnreadable(whole.substring(0, length), "damaged");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"seed\":1|\"seed\":1.5|its seed is 1.5",
                "\"seed\":1|\"seat\":1|no seed",
                "\"seed\":1|\"seed\":99999999999999999999|its seed",
                "\"seed\":1|\"seed\":null|its seed is null",
                "\"prompt\":\"p\"|\"prompt\":3|its prompt is 3",
                "\"steps\":4|\"steps\":0|its steps is 0",
                "\"steps\":4|\"steps\":3000000000|its steps",
                "\"fps\":8.5|\"fps\":-1|its fps is -1",
                "\"guidance\":2.5|\"guidance\":1e999|its guidance",
                "\"aspect\":\"16:9\"|\"aspect\":\"1:99\"|its aspect is 1:99",
                "\"precision\":\"FP32\"|\"precision\":\"FP8\"|its precision",
                "\"kind\":\"generation\"|\"kind\":\"song\"|song",
                "\"made\":|\"maid\":|no made",
                "\"device\":\"cpu\"|\"device\":[]|its device is []",
                "\"seed\":1|\"seed\":1,\"seed\":1|damaged"
            })
    void whatCannotBeMeantIsNamed(String part, String damage, String reason) {
        String whole = plain().json();
        assertTrue(whole.contains(part), whole);

        assertUnreadable(whole.replaceFirst(Pattern.quote(part), damage), reason);
    }

    private static void assertUnreadable(String text, String reason) {
        ProblemException e =
                assertThrows(ProblemException.class, () -> RecipeJson.read(text, CLIP), text);

        assertInstanceOf(Problem.RecipeUnreadable.class, e.problem());
        assertTrue(e.problem().cause().contains(reason), e.problem().cause());
        assertTrue(e.problem().cause().contains("boat.mp4"), e.problem().cause());
    }

    private static Recipe plain() {
        return new Recipe.Generated(
                new GenerationRequest(
                        "p",
                        "",
                        Optional.empty(),
                        "model",
                        Optional.of(new AspectRatio(16, 9)),
                        OptionalInt.empty(),
                        Optional.empty(),
                        OptionalDouble.of(8.5),
                        OptionalInt.of(4),
                        OptionalDouble.of(2.5),
                        Optional.empty(),
                        1,
                        CLIP,
                        Optional.of(Precision.FP32),
                        true),
                new Circumstances("0.1.0", "cafe", "cpu", Precision.FP32),
                new Recipe.Settings(32, 32, 8, 8, "ddim", 4, 2.5));
    }

    private static Recipe.Generated generated(Random random) {
        return new Recipe.Generated(
                new GenerationRequest(
                        text(random),
                        random.nextBoolean() ? "" : text(random),
                        random.nextBoolean() ? Optional.empty() : Optional.of(Path.of("a b.png")),
                        "models/" + random.nextInt(),
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(
                                        new AspectRatio(
                                                1 + random.nextDouble(),
                                                1e-7 + random.nextInt(4) + 0.5)),
                        integer(random),
                        switch (random.nextInt(3)) {
                            case 0 -> Optional.empty();
                            case 1 -> Optional.of(new ClipLength.Frames(1 + random.nextInt(999)));
                            default -> Optional.of(new ClipLength.Seconds(1 - random.nextDouble()));
                        },
                        number(random),
                        integer(random),
                        number(random),
                        random.nextBoolean() ? Optional.empty() : Optional.of("dpmpp_2m"),
                        random.nextLong(),
                        CLIP,
                        precision(random),
                        true),
                circumstances(random),
                new Recipe.Settings(
                        1 + random.nextInt(4000),
                        1 + random.nextInt(4000),
                        1 + random.nextInt(1000),
                        1 - random.nextDouble(),
                        "ddim",
                        1 + random.nextInt(100),
                        random.nextDouble()));
    }

    private static Recipe.Reconstructed reconstructed(Random random) {
        return new Recipe.Reconstructed(
                new ReconstructionRequest(
                        Path.of("clips", "street " + random.nextInt() + ".mp4"),
                        text(random),
                        integer(random),
                        random.nextBoolean() ? 0 : random.nextDouble(),
                        random.nextBoolean()
                                ? OptionalLong.empty()
                                : OptionalLong.of(1 + random.nextLong(1L << 40)),
                        CLIP,
                        Optional.empty(),
                        Optional.empty(),
                        precision(random),
                        true),
                circumstances(random));
    }

    private static Circumstances circumstances(Random random) {
        return new Circumstances(
                "0.1." + random.nextInt(9), text(random), text(random), Precision.BF16);
    }

    private static Optional<Precision> precision(Random random) {
        List<Precision> all = List.of(Precision.values());
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(all.get(random.nextInt(all.size())));
    }

    private static OptionalInt integer(Random random) {
        return random.nextBoolean()
                ? OptionalInt.empty()
                : OptionalInt.of(1 + random.nextInt(Integer.MAX_VALUE));
    }

    private static OptionalDouble number(Random random) {
        return random.nextBoolean()
                ? OptionalDouble.empty()
                : OptionalDouble.of(30 * (1 - random.nextDouble()));
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(40), 0, LETTERS.length())
                .collect(
                        StringBuilder::new,
                        (text, at) -> text.append(LETTERS.charAt(at)),
                        StringBuilder::append)
                .toString();
    }
}
