package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.SmallVae;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.TrainingClip;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

class CausalVaeCheckpointTest {
    private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

    @TempDir Path folder;

    @Test
    void itIsToldByItsTensorsAndKnowsHowItCompresses() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder.resolve("vae"), WEIGHTS);

        CodecCheckpoint codec = open(folder);

        codec.check();
        assertEquals(new CodecGrid(2, 2, true), codec.grid());
        assertEquals(4, codec.latentChannels());
        assertTrue(
                codec.facts().getFirst().startsWith("4 numbers per 2 x 2 x 2"),
                codec.facts().toString());
    }

    @Test
    void whatLightningKeepsOfTheTrainingIsNoPartOfIt() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, "epoch=3.ckpt", "loss.logvar", "loss.discriminator.0");

        open(folder).check();
    }

    @Test
    void aLightningCheckpointGoesBeforeOtherWeights() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, "last.ckpt");
        Files.writeString(folder.resolve(WEIGHTS), "damaged");

        assertEquals(folder.resolve("last.ckpt"), open(folder).weights().file());
    }

    @Test
    void otherLayersThanTheConfigurationSaysAreAMismatchThatNamesThem() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        Files.writeString(
                folder.resolve("config.json"),
                SmallVae.TWO_LEVELS
                        .json()
                        .replace("\"TimeDownsample2x\"", "\"TimeDownsampleRes2x\""));
        CodecCheckpoint codec = open(folder);

        ProblemException e = assertThrows(ProblemException.class, codec::check);

        Problem.CheckpointMismatch mismatch =
                assertInstanceOf(Problem.CheckpointMismatch.class, e.problem());
        assertEquals(
                List.of(
                        "encoder.down.0.time_downsample.conv.weight",
                        "encoder.down.0.time_downsample.conv.bias",
                        "encoder.down.0.time_downsample.mix_factor"),
                mismatch.missing());
    }

    @Test
    void weightsAloneDoNotTellTheLayers() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        Files.delete(folder.resolve("config.json"));

        assertTrue(unknown().cause().contains("config.json"), unknown().cause());
    }

    @Test
    void aLayerThatNobodyKnowsIsNamed() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        Files.writeString(folder.resolve("config.json"), "{\"encoder_attention\": \"LinAttn\"}");

        assertTrue(unknown().cause().contains("LinAttn"), unknown().cause());
    }

    @Test
    void pixelsComeBackAtTheirSizeAndBytesAreCutDown() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        try (NDManager manager = Kernels.newManager()) {
            Codec codec = open(folder).load(manager, Kernels.inference(), Precision.FP32);
            List<Frame> clip = TestClips.frames(5, 12, 8, 24);
            NDArray bytes = FrameTensors.stack(manager, clip);

            NDArray latents = codec.encode(codec.pixels(bytes));
            NDArray back = codec.bytes(codec.decode(latents));

            assertEquals(OptionalInt.empty(), codec.codebookSize());
            assertEquals(new Shape(1, 4, 3, 4, 6), latents.getShape());
            assertEquals(bytes.getShape(), back.getShape());
            float almost = 2 * 100.9f / 255 - 1;
            NDArray grey = manager.full(new Shape(1, 3, 1, 1, 1), almost);
            assertEquals(100, codec.bytes(grey).toByteArray()[0]);
        }
    }

    @Test
    void aClipOfAnyLengthComesBackWhole() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        try (NDManager manager = Kernels.newManager()) {
            Codec codec = open(folder).load(manager, Kernels.inference(), Precision.FP32);
            for (int length : new int[] {1, 2, 4, 5, 9, 10, 14}) {
                try (WindowedCodec windows =
                        new WindowedCodec(codec, manager, 5, 2, KeptWindows.none())) {
                    int frames = 0;
                    for (Frame frame : TestClips.frames(length, 9, 8, 24)) {
                        frames += windows.add(frame).reconstructions().size();
                    }
                    WindowedCodec.Rebuilt rest = windows.finish();
                    frames += rest.reconstructions().size();
                    assertEquals(length, frames);
                    assertEquals(9, rest.reconstructions().getLast().width());
                    assertTrue(windows.codebook().isEmpty() && windows.bits() > 0);
                }
            }
        }
    }

    @Test
    void smallerPortionsComeBackAtTheSameSize() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        CodecCheckpoint checkpoint = open(folder);
        assertEquals(List.of(Portion.TILES, Portion.SMALLEST), checkpoint.portions());
        for (Portion portion : Portion.values()) {
            try (NDManager manager = Kernels.newManager()) {
                Codec codec =
                        checkpoint.load(manager, Kernels.inference(), Precision.FP32, portion);
                NDArray pixels = manager.zeros(new Shape(1, 3, 3, 8, 270));

                NDArray latents = codec.encode(pixels);

                assertEquals(new Shape(1, 4, 2, 4, 135), latents.getShape());
                assertEquals(pixels.getShape(), codec.decode(latents).getShape());
            }
        }
    }

    @Test
    void clipsOfALengthItDoesNotTakeAreNotEvaluated() throws IOException {
        SmallVae.TWO_LEVELS.writeTo(folder, WEIGHTS);
        EvaluationRequest request =
                new EvaluationRequest(
                        folder.toString(),
                        List.of(),
                        1,
                        0,
                        new ClipShape(4, 8, 8),
                        Optional.of(Precision.FP32));
        CodecEvaluator evaluator =
                new CodecEvaluator(request, open(folder), Precision.FP32, new NoClips());

        ProblemException e =
                assertThrows(
                        ProblemException.class, () -> evaluator.run(_ -> {}, new Cancellation()));

        assertTrue(e.problem().cause().contains("1, 3, 5 and so on"), e.problem().cause());
        assertTrue(e.problem().remedy().contains("5 frames"), e.problem().remedy());
    }

    private static final class NoClips implements ClipSource {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public TrainingClip clip(long index, ClipShape shape) {
            throw new IllegalStateException("asked for clip " + index);
        }
    }

    private Problem unknown() {
        ProblemException e = assertThrows(ProblemException.class, () -> open(folder));
        return assertInstanceOf(Problem.CheckpointUnknown.class, e.problem());
    }

    private static CodecCheckpoint open(Path place) {
        return assertInstanceOf(CausalVaeCheckpoint.class, CodecCheckpoint.open(place));
    }
}
