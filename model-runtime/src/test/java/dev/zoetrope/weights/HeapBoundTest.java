package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Files of a few megabytes made to unfold into far more heap than that are given up in time. */
class HeapBoundTest {
    private static final int REPETITIONS = 150_000;
    private static final int MOST_ENTRIES = 0xffff;
    private static final long HEADROOM = 64L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    static Stream<Arguments> bombs() {
        return Stream.of(
                pickle("dictionaries", "}"),
                pickle("lists of one", "]Na"),
                pickle("dictionaries of one", "}NNs"),
                pickle("sets", "\u008f"),
                pickle("marks", "("),
                pickle("empty texts", "X\0\0\0\0"),
                pickle("numbers", "M\u00ff\u00ff"),
                pickle("large numbers", "\u008a\0"),
                pickle("floats", "G\0\0\0\0\0\0\0\0"),
                pickle("names", "c\n\n"),
                pickle("tuples", "NN\u0086"),
                pickle("tuples of one", "N\u0085"),
                pickle("memo", "]\u0094"),
                pickle("inert calls", "cx\ny\n)R"),
                pickle("sets by calls", "cbuiltins\nset\n]\u0085R"),
                pickle("namespaces", "cargparse\nNamespace\n)\u0081}NNsb"),
                Arguments.of("safetensors entries", entries()),
                Arguments.of("safetensors metadata", metadata()),
                Arguments.of("index entries", index()),
                Arguments.of("zip entries", zipEntries()),
                onnx("nodes", 1, new ProtobufWriter()),
                onnx("inputs", 1, new ProtobufWriter().text(1, "").text(1, "").text(3, "")),
                onnx("initializers", 5, new ProtobufWriter()),
                onnx("scalars", 5, Weights.onnxTensor("", 1, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void theHeapTakenIsBounded(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("bomb"), content);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            WeightFile.open(file);
        } catch (ProblemException e) {
            assertInstanceOf(Problem.class, e.problem());
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken <= content.length + HEADROOM, name + " took " + taken + " bytes");
    }

    private static Arguments pickle(String name, String repeated) {
        PickleWriter pickle = new PickleWriter(2).op('(');
        pickle.raw(repeated.repeat(REPETITIONS).getBytes(StandardCharsets.ISO_8859_1));
        return Arguments.of(name, Weights.torchZip(pickle.op('t').stop()));
    }

    private static Arguments onnx(String name, int field, ProtobufWriter repeated) {
        ProtobufWriter graph = new ProtobufWriter();
        for (int i = 0; i < 4 * REPETITIONS; i++) {
            graph.message(field, repeated);
        }
        return Arguments.of("onnx " + name, Weights.onnx(graph));
    }

    private static byte[] entries() {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < REPETITIONS; i++) {
            header.append('"').append(i);
            header.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},");
        }
        header.setCharAt(header.length() - 1, '}');
        return Weights.safetensors(header.toString(), new byte[0]);
    }

    private static byte[] metadata() {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i < REPETITIONS; i++) {
            header.append('"').append(i).append("\":\"\",");
        }
        header.setCharAt(header.length() - 1, '}');
        return Weights.safetensors(header.append('}').toString(), new byte[0]);
    }

    private static byte[] index() {
        StringBuilder json = new StringBuilder("{\"weight_map\":{");
        for (int i = 0; i < REPETITIONS; i++) {
            json.append('"').append(i).append("\":\"\",");
        }
        json.setCharAt(json.length() - 1, '}');
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zipEntries() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < MOST_ENTRIES; i++) {
            entries.put(Integer.toHexString(i), new byte[0]);
        }
        return Weights.zip(entries);
    }
}
