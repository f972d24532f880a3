package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The same weights in the five forms in which the golden case 01a holds them. */
class GoldenWeightsTest {
    private static final Path CASE =
            Path.of("src/test/resources/goldens/01a_videogpt_vqvae_444").toAbsolutePath();

    private final WeightFile reference = WeightFile.open(CASE.resolve("weights.safetensors"));

    @ParameterizedTest
    @ValueSource(strings = {"weights.pth", "weights_legacy.pth", "vqvae_lightning.ckpt"})
    void everyFormOfTheSameWeightsHoldsTheSameBytes(String name) throws IOException {
        WeightFile other = WeightFile.open(CASE.resolve(name));
        assertEquals(155, other.tensors().size());
        assertEquals(reference.tensors().keySet(), other.tensors().keySet());
        for (String key : reference.tensors().keySet()) {
            TensorSlice expected = Weights.tensor(reference, key);
            TensorSlice actual = Weights.tensor(other, key);
            assertEquals(expected.dtype(), actual.dtype(), key);
            assertEquals(expected.shape(), actual.shape(), key);
            assertEquals(expected.strides(), actual.strides(), key);
            assertArrayEquals(Weights.bytes(expected).array(), Weights.bytes(actual).array(), key);
        }
    }

    @Test
    void halfPrecisionWeightsAreTheFullOnesRoundedOnce() throws IOException {
        WeightFile half = WeightFile.open(CASE.resolve("weights_half.pth"));
        assertEquals(reference.tensors().keySet(), half.tensors().keySet());
        for (String key : reference.tensors().keySet()) {
            TensorSlice full = Weights.tensor(reference, key);
            TensorSlice rounded = Weights.tensor(half, key);
            assertEquals(full.shape(), rounded.shape(), key);
            if (full.dtype() == DType.I64) {
                assertArrayEquals(Weights.bytes(full).array(), Weights.bytes(rounded).array(), key);
                continue;
            }
            assertEquals(DType.F16, rounded.dtype(), key);
            ByteBuffer floats = Weights.bytes(full);
            ByteBuffer halves = Weights.bytes(rounded);
            while (floats.hasRemaining()) {
                assertEquals(Float.floatToFloat16(floats.getFloat()), halves.getShort(), key);
            }
        }
    }

    @Test
    void theLightningCheckpointTellsTheModelsHyperParameters() {
        WeightFile lightning = WeightFile.open(CASE.resolve("vqvae_lightning.ckpt"));
        Map<?, ?> root = assertInstanceOf(Map.class, lightning.root());
        Map<?, ?> hyperParameters = assertInstanceOf(Map.class, root.get("hyper_parameters"));
        Map<?, ?> arguments = assertInstanceOf(Map.class, hyperParameters.get("args"));
        assertEquals(8L, arguments.get("embedding_dim"));
        assertEquals(List.of(4L, 4L, 4L), arguments.get("downsample"));
        assertTrue(arguments.containsKey("default_root_dir"), "a None is an entry, too");
    }

    @Test
    void theLightningCheckpointsCallbackClassIsNamedAndNothingMore() {
        WeightFile lightning = WeightFile.open(CASE.resolve("vqvae_lightning.ckpt"));
        Map<?, ?> root = assertInstanceOf(Map.class, lightning.root());
        Map<?, ?> callbacks = assertInstanceOf(Map.class, root.get("callbacks"));
        assertTrue(
                callbacks.containsKey(
                        new Opaque(
                                "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint")));
    }

    @Test
    void theMetadataOfSafetensorsIsKept() {
        assertEquals(Map.of("format", "pt"), reference.metadata());
    }
}
