package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.encoder.MiniLm;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.TorchZipWriter;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class TextEncoderCheckpointTest {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");
    private static final String T5 = "04a_t5_v1_1";
    private static final String CLIP = "04e_clip_text_quickgelu";

    /** Two prompts, the second with three words and padding. */
    private static final long[] IDS = {7, 3, 60, 12, 5, 41, 9, 33, 2, 0, 0, 0};

    private static final long[] MASK = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0};

    @TempDir Path folder;

    private final Kernels k = Kernels.inference();
    private final NDManager manager = Kernels.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void theTableOfAT5MayHaveEitherNameOrBothAndADecoderIsLeftOut() throws IOException {
        Map<String, TensorSlice> both = tensors(T5);
        NDArray expected = encode(open("both", T5, both), Precision.FP32, IDS, MASK);

        Map<String, TensorSlice> shared = new LinkedHashMap<>(both);
        shared.remove("encoder.embed_tokens.weight");
        Map<String, TensorSlice> tied = new LinkedHashMap<>(both);
        tied.remove("shared.weight");
        Map<String, TensorSlice> whole = new LinkedHashMap<>(both);
        TensorSlice any = both.values().iterator().next();
        whole.put("decoder.block.0.layer.0.SelfAttention.q.weight", any);
        whole.put("lm_head.weight", any);

        for (Map<String, TensorSlice> form : List.of(shared, tied, whole)) {
            TextEncoderCheckpoint t5 = open("" + form.size(), T5, form);
            assertInstanceOf(T5EncoderCheckpoint.class, t5);
            assertEquals(32, t5.channels());
            assertEquals(expected, encode(t5, Precision.FP32, IDS, MASK));
        }
    }

    @Test
    void ofAWholeClipTheTextHalfIsTaken() throws IOException {
        Map<String, TensorSlice> text = tensors(CLIP);
        NDArray expected = encode(open("text", CLIP, text), Precision.FP32, IDS, MASK);
        Map<String, TensorSlice> whole = new LinkedHashMap<>(text);
        TensorSlice any = text.values().iterator().next();
        whole.put("text_model.embeddings.position_ids", any);
        whole.put("vision_model.embeddings.class_embedding", any);
        whole.put("visual_projection.weight", any);
        whole.put("logit_scale", any);
        String config = config(CLIP).replace("\"projection_dim\": 24,", "\"projection_dim\": 512,");

        TextEncoderCheckpoint clip =
                open(
                        "whole",
                        "{\"projection_dim\": 24, \"text_config\": %s}".formatted(config),
                        whole);

        assertInstanceOf(ClipTextEncoderCheckpoint.class, clip);
        clip.check();
        assertEquals(32, clip.channels());
        assertEquals(expected, encode(clip, Precision.FP32, IDS, MASK));
    }

    @Test
    void aClipNeedsNoProjection() throws IOException {
        Map<String, TensorSlice> tensors = tensors(CLIP);
        tensors.remove("text_projection.weight");
        open("clip", CLIP, tensors).check();
    }

    @Test
    void aBertOpensFromOnnx() throws IOException {
        TextEncoderCheckpoint bert = TextEncoderCheckpoint.open(MiniLm.unpack(folder));

        bert.check();
        assertInstanceOf(BertEncoderCheckpoint.class, bert);
        assertEquals(384, bert.channels());
        NDArray states = encode(bert, Precision.FP32, IDS, MASK);
        assertEquals(new Shape(2, 6, 384), states.getShape());
    }

    @Test
    void aT5InSeveralTorchFilesIsTheSame() throws IOException {
        Map<String, TensorSlice> tensors = tensors(T5);
        NDArray expected = encode(open("one", T5, tensors), Precision.FP32, IDS, MASK);
        Path several = Files.createDirectories(folder.resolve("several"));
        Files.writeString(several.resolve("config.json"), config(T5));
        List<String> entries = new ArrayList<>();
        Map<String, Map<String, TensorSlice>> shards = new LinkedHashMap<>();
        tensors.forEach((name, slice) -> {
            String shard = "pytorch_model-0000%d-of-00002.bin".formatted(1 + entries.size() % 2);
            shards.computeIfAbsent(shard, _ -> new LinkedHashMap<>()).put(name, slice);
            entries.add("\"%s\": \"%s\"".formatted(name, shard));
        });
        for (Map.Entry<String, Map<String, TensorSlice>> shard : shards.entrySet()) {
            TorchZipWriter.write(several.resolve(shard.getKey()), shard.getValue());
        }
        Files.writeString(
                several.resolve("pytorch_model.bin.index.json"),
                "{\"weight_map\": {%s}}".formatted(String.join(", ", entries)));

        TextEncoderCheckpoint t5 = TextEncoderCheckpoint.open(several);

        assertEquals(expected, encode(t5, Precision.FP32, IDS, MASK));
        assertEquals(64, t5.fingerprint().length());
    }

    @Test
    void aConfigurationOfOtherSizesIsAMismatchThatNamesAllThatDiffers() throws IOException {
        String config = config(T5).replace("\"d_ff\": 48", "\"d_ff\": 50");
        config = config.replace("\"num_layers\": 3", "\"num_layers\": 2");
        config = config.replace("\"gated-gelu\"", "\"relu\"");
        TextEncoderCheckpoint t5 = open("other", config, tensors(T5));

        ProblemException e = assertThrows(ProblemException.class, t5::check);

        Problem.CheckpointMismatch mismatch =
                assertInstanceOf(Problem.CheckpointMismatch.class, e.problem());
        String mlp = "encoder.block.0.layer.1.DenseReluDense.";
        assertTrue(mismatch.missing().contains(mlp + "wi.weight"), mismatch.cause());
        assertTrue(mismatch.unexpected().contains(mlp + "wi_0.weight"), mismatch.cause());
        assertTrue(
                mismatch.unexpected().contains("encoder.block.2.layer.0.layer_norm.weight"),
                mismatch.cause());
        assertTrue(
                mismatch.misshapen().contains(mlp + "wo.weight is [32, 48] instead of [32, 50]"),
                mismatch.cause());
    }

    @ParameterizedTest
    @ValueSource(strings = {T5, CLIP})
    void withoutAConfigurationItsHeadsAreUnknown(String golden) throws IOException {
        Path alone = folder.resolve("alone.safetensors");
        Files.copy(GOLDENS.resolve(golden).resolve("weights.safetensors"), alone);

        Problem problem = problem(alone);

        assertInstanceOf(Problem.CheckpointUnknown.class, problem);
        assertTrue(problem.cause().contains("config.json"), problem.cause());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"vocab_size\":64,\"d_model\":32,\"d_kv\":8,\"d_ff\":48,\"num_layers\":3,\"num_heads\":0}",
                "{\"vocab_size\":64,\"d_model\":32,\"d_kv\":8,\"d_ff\":48,\"num_layers\":3,\"num_heads\":4,\"feed_forward_proj\":\"gated-silu\"}",
                "{\"vocab_size\":64,\"d_model\":32,\"d_kv\":8,\"d_ff\":48,\"num_layers\":3,\"num_heads\":4,\"relative_attention_num_buckets\":3}"
            })
    void aConfigurationWithoutUsableSizesIsAProblem(String config) throws IOException {
        Path place = write("unusable", config, tensors(T5));

        Problem problem = problem(place);

        assertInstanceOf(Problem.CheckpointUnknown.class, problem);
        assertTrue(problem.cause().contains("nothing can be built"), problem.cause());
    }

    @Test
    void aBrokenConfigurationIsDamaged() throws IOException {
        Path place = write("broken", "{\"hidden_size\": ", tensors(CLIP));
        assertInstanceOf(Problem.CheckpointDamaged.class, problem(place));
    }

    @Test
    void otherTensorsAreNoTextEncoder() {
        Problem problem = problem(GOLDENS.resolve("02b_dit_mar07/weights.safetensors"));
        assertInstanceOf(Problem.CheckpointUnknown.class, problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {T5, CLIP})
    void whatPaddingIsAndHowMuchOfItMakesNoDifference(String golden) throws IOException {
        TextEncoderCheckpoint encoder = open(golden, golden, tensors(golden));
        NDArray expected = encode(encoder, Precision.FP32, IDS, MASK).get("1, :3");
        long[] other = IDS.clone();
        other[10] = 50;
        assertClose(expected, encode(encoder, Precision.FP32, other, MASK).get("1, :3"));
        long[] alone = {9, 33, 2, 9, 33, 2};
        long[] ones = {1, 1, 1, 1, 1, 1};
        assertClose(expected, encode(encoder, Precision.FP32, alone, ones).get("1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {T5, CLIP})
    void aPromptOfNothingButPaddingStaysFinite(String golden) throws IOException {
        TextEncoderCheckpoint encoder = open(golden, golden, tensors(golden));
        for (Precision precision : Precision.values()) {
            NDArray states = encode(encoder, precision, IDS, new long[IDS.length]);
            assertTrue(states.abs().sum().getFloat() < 1e4, precision::toString);
        }
    }

    @Test
    void wordsOfAClipNeverSeeThoseAfterThem() throws IOException {
        TextEncoderCheckpoint clip = open("clip", CLIP, tensors(CLIP));
        NDArray expected = encode(clip, Precision.FP32, IDS, MASK);
        long[] other = IDS.clone();
        other[5] = 42;
        NDArray changed = encode(clip, Precision.FP32, other, MASK);
        assertClose(expected.get("0, :5"), changed.get("0, :5"));
        assertTrue(expected.get("0, 5").sub(changed.get("0, 5")).abs().max().getFloat() > 0.01);
    }

    @ParameterizedTest
    @ValueSource(strings = {T5, CLIP})
    void bfloat16StaysCloseToFloat32(String golden) throws IOException {
        TextEncoderCheckpoint encoder = open(golden, golden, tensors(golden));
        NDArray a = encode(encoder, Precision.FP32, IDS, MASK).get("0");
        NDArray b = encode(encoder, Precision.BF16, IDS, MASK).get("0");
        double ab = a.mul(b).sum().getFloat();
        double cosine =
                ab / Math.sqrt(a.mul(a).sum().getFloat() * (double) b.mul(b).sum().getFloat());
        assertTrue(cosine > 0.999, () -> "" + cosine);
    }

    @ParameterizedTest
    @ValueSource(strings = {T5, CLIP})
    void nothingButTheResultIsLeftBehind(String golden) throws IOException {
        TextEncoderCheckpoint encoder = open(golden, golden, tensors(golden));
        for (Precision precision : Precision.values()) {
            LoadedTextEncoder loaded = encoder.load(manager, k, precision);
            NDArray ids = rows(IDS);
            NDArray mask = rows(MASK);
            int before = manager.getManagedArrays().size();
            loaded.encode(ids, mask);
            assertEquals(before + 1, manager.getManagedArrays().size());
        }
    }

    @Test
    void aFingerprintTellsWhateverChangesTheStates() throws IOException {
        Path place = write("t5", config(T5), tensors(T5));
        String fingerprint = TextEncoderCheckpoint.open(place).fingerprint();
        assertEquals(fingerprint, TextEncoderCheckpoint.open(place).fingerprint());

        Path weights = place.resolve("model.safetensors");
        FileTime time = Files.getLastModifiedTime(weights);
        Files.setLastModifiedTime(weights, FileTime.fromMillis(time.toMillis() + 1000));
        assertNotEquals(fingerprint, TextEncoderCheckpoint.open(place).fingerprint());

        long tensor = WeightFile.open(weights).tensors().values().iterator().next().offset();
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), tensor);
        }
        Files.setLastModifiedTime(weights, time);
        assertNotEquals(fingerprint, TextEncoderCheckpoint.open(place).fingerprint());

        Path other = write("t5", config(T5).replace("1e-06", "1e-05"), tensors(T5));
        Files.setLastModifiedTime(other.resolve("model.safetensors"), time);
        assertNotEquals(fingerprint, TextEncoderCheckpoint.open(other).fingerprint());

        write("t5", config(T5), tensors(T5));
        Files.setLastModifiedTime(weights, time);
        assertEquals(fingerprint, TextEncoderCheckpoint.open(place).fingerprint());
    }

    private NDArray encode(
            TextEncoderCheckpoint encoder, Precision precision, long[] ids, long[] mask) {
        return encoder.load(manager, k, precision).encode(rows(ids), rows(mask));
    }

    private NDArray rows(long[] values) {
        return manager.create(values, new Shape(2, values.length / 2));
    }

    private TextEncoderCheckpoint open(
            String name, String configuration, Map<String, TensorSlice> tensors)
            throws IOException {
        String config = configuration.startsWith("{") ? configuration : config(configuration);
        return TextEncoderCheckpoint.open(write(name, config, tensors));
    }

    private Path write(String name, String config, Map<String, TensorSlice> tensors)
            throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        Files.writeString(place.resolve("config.json"), config);
        List<SafetensorsWriter.Tensor> all = new ArrayList<>();
        for (Map.Entry<String, TensorSlice> tensor : tensors.entrySet()) {
            TensorSlice slice = tensor.getValue();
            ByteBuffer bytes = bytes(slice);
            all.add(
                    new SafetensorsWriter.Tensor(
                            tensor.getKey(), DType.F32, slice.shape(), () -> bytes));
        }
        SafetensorsWriter.write(place.resolve("model.safetensors"), all, Map.of());
        return place;
    }

    private static Map<String, TensorSlice> tensors(String golden) {
        return new LinkedHashMap<>(
                WeightFile.open(GOLDENS.resolve(golden).resolve("weights.safetensors")).tensors());
    }

    private static ByteBuffer bytes(TensorSlice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) slice.byteSpan());
        try (FileChannel channel = FileChannel.open(slice.file())) {
            while (bytes.hasRemaining()
                    && channel.read(bytes, slice.offset() + bytes.position()) > 0) {}
        }
        return bytes.flip();
    }

    private static String config(String golden) throws IOException {
        return Files.readString(GOLDENS.resolve(golden).resolve("config.json"));
    }

    private static Problem problem(Path place) {
        return assertThrows(ProblemException.class, () -> TextEncoderCheckpoint.open(place))
                .problem();
    }

    private static void assertClose(NDArray expected, NDArray actual) {
        float worst = expected.sub(actual).abs().max().getFloat();
        assertTrue(worst <= 2e-5, () -> "differ by " + worst);
    }
}
