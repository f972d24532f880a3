package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SchedulerConfig;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.Color;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Clips of 8 frames that begin with a picture, of which the codec makes 2 latent frames. */
class FirstFrameGenerationTest {
    @TempDir Path temp;
    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();
    private Path model;
    private Path red;

    @BeforeEach
    void prepare() throws IOException {
        model = TestModel.ofClasses(temp.resolve("model"));
        TestModel.takesFirstFrame(model);
        red = TestClips.picture(temp.resolve("red.png"), 50, 40, Color.RED);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GaussianDiffusion", "FlowMatchEulerDiscreteScheduler", "SiTTransport"})
    void whateverTheSamplerTheLatentsBeginWithThePictureAsTheCodecHasIt(String scheduler)
            throws IOException {
        String config = "{\"_class_name\": \"%s\"}".formatted(scheduler);
        Path folder = Files.createDirectories(model.resolve("scheduler"));
        Files.writeString(folder.resolve("scheduler_config.json"), config);
        NDArray picture = HeldPicture.read(red, 32, 32).encode(codec(), manager);

        for (String sampler : Samplers.names(SchedulerConfig.parse(config))) {
            NDArray latents = latents(red, sampler, 0);

            assertEquals(new Shape(1, 6, 2, 8, 8), latents.getShape());
            assertArrayEquals(numbers(picture), numbers(k.narrow(latents, 2, 0, 1)), sampler);
            assertTrue(Float.isFinite(latents.sum().getFloat()), sampler);
        }
    }

    @Test
    void theFramesThatFollowDependOnThePicture() throws IOException {
        Path blue = TestClips.picture(temp.resolve("blue.png"), 50, 40, Color.BLUE);

        NDArray afterRed = k.narrow(latents(red, "ddim", 0), 2, 1, 1);
        NDArray afterBlue = k.narrow(latents(blue, "ddim", 1), 2, 1, 1);

        assertFalse(Arrays.equals(numbers(afterRed), numbers(afterBlue)));
    }

    @Test
    void aPictureIsWhatTheCodecMakesOfItHeldStill() {
        HeldPicture picture = HeldPicture.read(red, 32, 32);
        ByteBuffer clip = ByteBuffer.allocateDirect(4 * 32 * 32 * 3);
        for (int i = 0; i < 4; i++) {
            clip.put(picture.rgb().duplicate());
        }
        NDArray bytes = manager.create(clip.flip(), new Shape(4, 32, 32, 3), DataType.UINT8);

        assertArrayEquals(
                numbers(codec().encode(codec().pixels(bytes))),
                numbers(picture.encode(codec(), manager)));
    }

    @Test
    void ofAPictureOfAnotherShapeTheMiddleIsSeen() throws IOException {
        Path wide = TestClips.write(temp.resolve("wide"), 1, 96, 32, 8);

        HeldPicture picture = HeldPicture.read(wide, 32, 32);

        ByteBuffer whole = TestClips.read(wide.resolve("000001.png")).getFirst().rgb();
        byte[] expected = new byte[3 * 32];
        byte[] row = new byte[3 * 32];
        whole.get(3 * (96 * 20 + 32), expected);
        picture.rgb().get(3 * 32 * 20, row);
        assertArrayEquals(expected, row);
    }

    @Test
    void aPictureThatIsTooLongToCoverTheClipIsExplained() throws IOException {
        Path line = TestClips.picture(temp.resolve("line.png"), 1200, 2, Color.RED);

        ProblemException e =
                assertThrows(ProblemException.class, () -> HeldPicture.read(line, 32, 32));

        assertTrue(e.problem().cause().contains("1200 x 2"), e.problem().cause());
    }

    private Codec codec() {
        return CodecCheckpoint.open(model.resolve("vae")).load(manager, k, Precision.FP32);
    }

    /** The latents that a generation came to. */
    private NDArray latents(Path image, String sampler, int run) {
        Path state = temp.resolve("job-" + sampler + run);
        new GenerationPipeline(
                        GenerationPlanner.prepare(
                                TestModel.request(
                                        model,
                                        Optional.of(image),
                                        6,
                                        Optional.of(sampler),
                                        1,
                                        temp.resolve("clip.mp4")),
                                GenerationModel.open(model),
                                new Tokenizers()),
                        new PromptCache(temp.resolve("prompts")),
                        JobFolder.at(state),
                        Optional.empty(),
                        k,
                        _ -> {},
                        new Cancellation())
                .run();
        WeightFile kept = WeightFile.open(state.resolve("latents.safetensors"));
        return Parameters.map(manager, kept.tensors()).get("latents");
    }

    private float[] numbers(NDArray x) {
        return k.contiguous(x).toFloatArray();
    }
}
