package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.AspectRatio;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.generation.PromptReading;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

class GenerationPlannerTest {
    @TempDir Path folder;
    private final Tokenizers tokenizers = new Tokenizers();

    @BeforeEach
    void makeModel() {
        TestModel.ofClasses(folder);
    }

    @AfterEach
    void close() {
        tokenizers.close();
    }

    @Test
    void whatIsNotSaidIsAsTheModelWasTrained() {
        GenerationPlan plan = plan(request());

        assertEquals(List.of(32, 32, 8), List.of(plan.width(), plan.height(), plan.frames()));
        assertEquals(List.of(2, 8, 8), plan.latent());
        assertEquals(2 * 4 * 4, plan.tokens());
        assertEquals("ddpm", plan.sampler());
        assertEquals(250, plan.steps());
        assertEquals(List.of(), plan.notices());
    }

    @Test
    void thePublisherMaySayOtherwise() throws IOException {
        card(
                "{\"width\": 64, \"height\": 32, \"frames\": 16, \"fps\": 12, \"steps\": 20, \"guidance\": 3}");

        GenerationPlan plan = plan(request());

        assertEquals(List.of(64, 32, 16), List.of(plan.width(), plan.height(), plan.frames()));
        assertEquals(12, plan.fps());
        assertEquals(20, plan.steps());
        assertEquals(3, plan.guidance());
    }

    @Test
    void anotherShapeKeepsTheTrainedArea() {
        GenerationPlan wide = plan(request().aspect(4, 1));
        GenerationPlan tall = plan(request().aspect(1, 4));

        assertEquals(List.of(64, 16), List.of(wide.width(), wide.height()));
        assertEquals(List.of(16, 64), List.of(tall.width(), tall.height()));
        assertEquals(List.of(), wide.notices());
    }

    @Test
    void theResolutionIsTheShorterSideAndSnaps() {
        GenerationPlan plan = plan(request().aspect(9, 16).resolution(45));

        assertEquals(List.of(48, 80), List.of(plan.width(), plan.height()));
        assertEquals(List.of(new Notice.SizeSnapped(48, 80, 45, 80, 8)), plan.notices());
    }

    @Test
    void secondsBecomeFramesOfWholeLatents() {
        GenerationPlan plan = plan(request().length(new ClipLength.Seconds(1.9)));

        assertEquals(16, plan.frames());
        assertEquals(List.of(new Notice.LengthSnapped(16, 15, "multiples of 4")), plan.notices());
    }

    @Test
    void farFromTrainingIsSaidAndDone() {
        GenerationPlan plan = plan(request().resolution(160).length(new ClipLength.Frames(40)));

        assertEquals(List.of(160, 160, 40), List.of(plan.width(), plan.height(), plan.frames()));
        assertEquals(2, plan.notices().size());
        plan.notices().forEach(n -> assertInstanceOf(Notice.FarFromTraining.class, n));
    }

    @Test
    void aClassIsNamedByNumberOrName() throws IOException {
        card("{\"labels\": [\"surfing\", \"Rowing\"]}");

        plan(request().prompt("4"));
        plan(request().prompt(" rowing "));
        assertTrue(problem(request().prompt("5")).remedy().contains("0 to 4"));
        assertTrue(problem(request().prompt("sailing")).remedy().contains("surfing, Rowing"));
        assertTrue(problem(request().prompt("")).cause().contains("none was named"));
    }

    @Test
    void anUnknownSamplerNamesThoseThereAre() {
        Problem problem = problem(request().sampler("dpm++"));

        assertTrue(problem.remedy().contains("dpmpp_2m"), problem.remedy());
    }

    @Test
    void howATextIsReadIsPartOfThePlan() throws IOException {
        GenerationModel text = GenerationModel.open(TestModel.ofText(folder.resolve("text")));
        String typed = "a {red|blue} paper {boat";
        GenerationPlan plan =
                GenerationPlanner.prepare(request().prompt(typed).build(), text, tokenizers).plan();

        PromptReading prompt = plan.typedPrompt().orElseThrow();
        assertEquals(2, prompt.variants());
        PromptReading.Slip slip = prompt.slip().orElseThrow();
        assertEquals(new PromptReading.Slip(PromptReading.Slip.Kind.UNCLOSED, "{boat"), slip);
        assertEquals(Optional.empty(), plan.typedNegative().orElseThrow().slip());

        String tooLong = "a red boat ".repeat(200);
        PromptReading longer =
                GenerationPlanner.prepare(request().prompt(tooLong).build(), text, tokenizers)
                        .plan()
                        .typedPrompt()
                        .orElseThrow();
        assertTrue(longer.isCut() && !prompt.isCut(), longer + " after " + prompt);
        assertTrue(longer.tokens() >= 600, longer.toString());
    }

    @Test
    void aNegativePromptIsNoUseToAModelOfClasses() {
        GenerationPlan plan = plan(request().negative("blurry"));

        assertInstanceOf(Notice.Ignored.class, plan.notices().getFirst());
    }

    @Test
    void aFirstFrameIsRefusedByAModelThatTakesNone() {
        Problem problem = problem(request().image(Path.of("first.png")));

        assertTrue(problem.cause().contains("first frame"), problem.cause());
    }

    @Test
    void aFirstFrameIsTakenByAModelThatHasLearnedToGoOnFromOne() throws IOException {
        card("{\"first_frame\": true}");

        assertEquals(List.of(), plan(request().image(Path.of("first.png"))).notices());
    }

    @Test
    void partsThatDoNotFitTogetherAreRefused() throws IOException {
        Path config = folder.resolve("vae/config.json");
        String sizes = Files.readString(config);
        Files.writeString(config, sizes.replace("\"embedding_dim\":6", "\"embedding_dim\":7"));

        ProblemException e =
                assertThrows(ProblemException.class, () -> GenerationModel.open(folder));

        assertTrue(e.problem().cause().contains("channels"), e.problem().cause());
    }

    private void card(String json) throws IOException {
        Files.writeString(folder.resolve("zoetrope.json"), json);
    }

    private GenerationPlan plan(Request request) {
        return GenerationPlanner.prepare(request.build(), GenerationModel.open(folder), tokenizers)
                .plan();
    }

    private Problem problem(Request request) {
        return assertThrows(ProblemException.class, () -> plan(request)).problem();
    }

    private static Request request() {
        return new Request();
    }

    /** A request for class 1 of which a test says what it is about. */
    private static final class Request {
        private String prompt = "1";
        private String negative = "";
        private Optional<Path> image = Optional.empty();
        private Optional<AspectRatio> aspect = Optional.empty();
        private OptionalInt resolution = OptionalInt.empty();
        private Optional<ClipLength> length = Optional.empty();
        private Optional<String> sampler = Optional.empty();

        Request prompt(String prompt) {
            this.prompt = prompt;
            return this;
        }

        Request negative(String negative) {
            this.negative = negative;
            return this;
        }

        Request image(Path image) {
            this.image = Optional.of(image);
            return this;
        }

        Request aspect(double width, double height) {
            this.aspect = Optional.of(new AspectRatio(width, height));
            return this;
        }

        Request resolution(int resolution) {
            this.resolution = OptionalInt.of(resolution);
            return this;
        }

        Request length(ClipLength length) {
            this.length = Optional.of(length);
            return this;
        }

        Request sampler(String sampler) {
            this.sampler = Optional.of(sampler);
            return this;
        }

        GenerationRequest build() {
            return new GenerationRequest(
                    prompt,
                    negative,
                    image,
                    "test",
                    aspect,
                    resolution,
                    length,
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    OptionalDouble.empty(),
                    sampler,
                    1,
                    Path.of("clip.mp4"),
                    Optional.of(Precision.FP32),
                    true);
        }
    }
}
