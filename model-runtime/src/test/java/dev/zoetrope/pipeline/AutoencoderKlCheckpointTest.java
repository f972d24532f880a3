package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.SmallImageVae;
import dev.zoetrope.model.codec.SmallImageVae.Form;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.media.TestClips;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

class AutoencoderKlCheckpointTest {
    private static final SmallImageVae SMALL = SmallImageVae.TWO_LEVELS;

    @TempDir Path folder;

    @Test
    void itIsToldByItsTensorsAndKnowsHowItCompresses() throws IOException {
        SMALL.writeTo(folder.resolve("vae"), Form.TODAY);

        CodecCheckpoint codec = open(folder);

        codec.check();
        assertEquals(new CodecGrid(1, 2, false), codec.grid());
        assertEquals(4, codec.latentChannels());
        assertEquals(16, codec.sequenceLength());
        assertTrue(
                codec.facts().getFirst().startsWith("4 numbers per 2 x 2"),
                codec.facts().toString());
    }

    @ParameterizedTest
    @EnumSource(names = {"OLDER", "OLDER_CONVOLUTIONS"})
    void olderNamesOfAnAttentionAreTheSameModel(Form form) throws IOException {
        Path today = SMALL.writeTo(folder.resolve("today"), Form.TODAY);
        Path older = SMALL.writeTo(folder.resolve("older"), form);
        try (NDManager manager = Kernels.newManager()) {
            NDArray bytes = FrameTensors.stack(manager, TestClips.frames(2, 8, 8, 24));

            assertArrayEquals(latents(today, bytes), latents(older, bytes));
        }
    }

    private static float[] latents(Path folder, NDArray bytes) {
        Codec codec = load(folder, bytes.getManager());
        return codec.encode(codec.pixels(bytes)).toFloatArray();
    }

    @Test
    void otherLayersThanTheConfigurationSaysAreAMismatchThatNamesThem() throws IOException {
        SMALL.writeTo(folder, Form.OLDER_CONVOLUTIONS);
        configure("{\"block_out_channels\": [32, 64], \"layers_per_block\": 2}");
        CodecCheckpoint codec = open(folder);

        ProblemException e = assertThrows(ProblemException.class, codec::check);

        Problem.CheckpointMismatch mismatch =
                assertInstanceOf(Problem.CheckpointMismatch.class, e.problem());
        assertEquals(4 * 8, mismatch.missing().size());
        assertTrue(
                mismatch.missing().contains("decoder.up_blocks.1.resnets.2.conv2.weight"),
                mismatch.missing().toString());
        assertEquals(List.of(), mismatch.unexpected());
    }

    @Test
    void weightsAloneDoNotTellTheScale() throws IOException {
        SMALL.writeTo(folder, Form.TODAY);
        Files.delete(folder.resolve("config.json"));

        assertTrue(unknown().cause().contains("config.json"), unknown().cause());
    }

    @Test
    void anActivationThatItDoesNotHaveIsNamed() throws IOException {
        SMALL.writeTo(folder, Form.TODAY);
        configure("{\"act_fn\": \"mish\"}");

        assertTrue(unknown().cause().contains("mish"), unknown().cause());
    }

    @Test
    void latentsAreScaledAsTheConfigurationSays() throws IOException {
        SMALL.writeTo(folder, Form.TODAY);
        try (NDManager manager = Kernels.newManager()) {
            Codec usual = load(folder, manager);
            configure(SMALL.json().replace("{", "{\"scaling_factor\": 0.5, "));
            Codec other = load(folder, manager);
            NDArray pixels =
                    usual.pixels(FrameTensors.stack(manager, TestClips.frames(1, 8, 8, 24)));

            NDArray z = usual.encode(pixels).div(0.18215f);

            assertArrayEquals(
                    z.mul(0.5f).toFloatArray(), other.encode(pixels).toFloatArray(), 1e-6f);
            assertArrayEquals(
                    usual.decode(z.mul(0.18215f)).toFloatArray(),
                    other.decode(z.mul(0.5f)).toFloatArray(),
                    1e-5f);
        }
    }

    @Test
    void pixelsComeBackAtTheirSizeAndBytesAreCutDown() throws IOException {
        SMALL.writeTo(folder, Form.TODAY);
        try (NDManager manager = Kernels.newManager()) {
            Codec codec = load(folder, manager);
            NDArray bytes = FrameTensors.stack(manager, TestClips.frames(5, 12, 8, 24));

            NDArray latents = codec.encode(codec.pixels(bytes));
            NDArray back = codec.bytes(codec.decode(latents));

            assertEquals(OptionalInt.empty(), codec.codebookSize());
            assertEquals(new Shape(1, 4, 5, 4, 6), latents.getShape());
            assertEquals(bytes.getShape(), back.getShape());
            float almost = 2 * 100.9f / 255 - 1;
            NDArray grey = manager.full(new Shape(1, 3, 1, 1, 1), almost);
            assertEquals(100, codec.bytes(grey).toByteArray()[0]);
        }
    }

    @Test
    void aFrameAtATimeComesBackAsAFewDo() throws IOException {
        SMALL.writeTo(folder, Form.TODAY);
        try (NDManager manager = Kernels.newManager()) {
            Codec few = load(folder, manager);
            Codec one =
                    open(folder)
                            .load(manager, Kernels.inference(), Precision.FP32, Portion.SMALLEST);
            NDArray pixels =
                    few.pixels(FrameTensors.stack(manager, TestClips.frames(5, 12, 8, 24)));

            NDArray latents = few.encode(pixels);

            assertArrayEquals(latents.toFloatArray(), one.encode(pixels).toFloatArray(), 1e-5f);
            assertArrayEquals(
                    few.decode(latents).toFloatArray(), one.decode(latents).toFloatArray(), 1e-5f);
        }
    }

    private void configure(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }

    private Problem unknown() {
        ProblemException e = assertThrows(ProblemException.class, () -> open(folder));
        return assertInstanceOf(Problem.CheckpointUnknown.class, e.problem());
    }

    private static Codec load(Path place, NDManager manager) {
        return open(place).load(manager, Kernels.inference(), Precision.FP32);
    }

    private static CodecCheckpoint open(Path place) {
        return assertInstanceOf(AutoencoderKlCheckpoint.class, CodecCheckpoint.open(place));
    }
}
