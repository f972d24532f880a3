package dev.zoetrope.model.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The published all-MiniLM-L6-v2 beside ONNX Runtime, which runs the same file. */
class BertEncoderTest {
    private static final List<String> SENTENCES =
            List.of(
                    "a red ball rolls from left to right over green hills",
                    "A cat.",
                    "An astronaut, seen from far above, walks slowly across the dusty surface of the moon; the earth rises behind her, blue and enormous, while the camera drifts upwards.",
                    "",
                    "日本の庭園に雪が降る");

    @TempDir static Path folder;

    private static NDManager manager;
    private static BertEncoderConfig config;
    private static Parameters weights;
    private static BertEncoder model;
    private static List<long[]> ids;

    private final Kernels k = Kernels.inference();

    @BeforeAll
    static void open() throws IOException {
        MiniLm.unpack(folder);
        manager = Kernels.newManager();
        config =
                new ObjectMapper()
                        .readValue(folder.resolve("config.json").toFile(), BertEncoderConfig.class);
        WeightFile file = WeightFile.open(folder.resolve("model.onnx"));
        weights =
                Parameters.load(
                        manager,
                        file.without(BertEncoder::leavesOut),
                        "all-MiniLM-L6-v2",
                        config.parameters());
        model = new BertEncoder(config, weights, Kernels.inference(), Precision.FP32);
        try (HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.builder()
                        .optTokenizerPath(folder.resolve("tokenizer.json"))
                        .optPadding(false)
                        .build()) {
            ids = SENTENCES.stream().map(text -> tokenizer.encode(text).getIds()).toList();
        }
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    @Test
    void sentencesOfDifferentLengthsInOneBatchEqualOnnxRuntimes() throws OrtException {
        int longest = ids.stream().mapToInt(one -> one.length).max().orElseThrow();
        long[][] padded = new long[ids.size()][];
        long[][] mask = new long[ids.size()][longest];
        for (int i = 0; i < padded.length; i++) {
            padded[i] = Arrays.copyOf(ids.get(i), longest);
            Arrays.fill(mask[i], 0, ids.get(i).length, 1);
        }
        NDArray expected = sentences(onnxRuntime(padded, mask), array(mask));
        NDArray batch = sentences(model.forward(array(padded), array(mask)), array(mask));
        assertClose(expected, batch);
        for (int i = 0; i < padded.length; i++) {
            NDArray states = model.forward(array(ids.get(i)), null);
            NDArray ones = manager.ones(new Shape(1, ids.get(i).length));
            assertClose(expected.get(i + ":" + (i + 1)), sentences(states, ones));
        }
    }

    @Test
    void bfloat16StaysCloseToFloat32() {
        Parameters halves = BertEncoder.prepare(weights, k, Precision.BF16, manager);
        BertEncoder half = new BertEncoder(config, halves, k, Precision.BF16);
        for (long[] one : ids.subList(0, 2)) {
            NDArray ones = manager.ones(new Shape(1, one.length));
            NDArray expected = sentences(model.forward(array(one), null), ones);
            NDArray actual = sentences(half.forward(array(one), array(filled(one))), ones);
            float cosine = expected.mul(actual).sum().getFloat();
            assertTrue(cosine > 0.999, () -> "" + cosine);
        }
    }

    @Test
    void nothingButTheResultIsLeftBehind() {
        NDArray prompt = array(ids.getFirst());
        NDArray mask = array(filled(ids.getFirst()));
        int before = manager.getManagedArrays().size();
        model.forward(prompt, mask);
        assertEquals(before + 1, manager.getManagedArrays().size());
    }

    private static long[] filled(long[] one) {
        long[] mask = new long[one.length];
        Arrays.fill(mask, 1);
        return mask;
    }

    private static NDArray array(long[]... rows) {
        long[] all = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
        return manager.create(all, new Shape(rows.length, rows[0].length));
    }

    /** The mean state of each sentence's words, of length 1. */
    private static NDArray sentences(NDArray states, NDArray mask) {
        NDArray sum = states.mul(mask.toType(states.getDataType(), false).expandDims(2));
        NDArray mean = sum.sum(new int[] {1});
        return mean.div(mean.pow(2).sum(new int[] {1}, true).sqrt());
    }

    private static NDArray onnxRuntime(long[][] ids, long[][] mask) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[][] types = new long[ids.length][ids[0].length];
        try (var options = new OrtSession.SessionOptions();
                OrtSession session =
                        environment.createSession(
                                folder.resolve("model.onnx").toString(), options);
                OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
                OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", idTensor,
                                        "attention_mask", maskTensor,
                                        "token_type_ids", typeTensor))) {
            OnnxTensor states = (OnnxTensor) result.get(0);
            return manager.create(states.getFloatBuffer(), new Shape(states.getInfo().getShape()));
        }
    }

    private static void assertClose(NDArray expected, NDArray actual) {
        float worst = expected.sub(actual).abs().max().getFloat();
        assertTrue(worst <= 1e-6, () -> "differ by " + worst);
    }
}
