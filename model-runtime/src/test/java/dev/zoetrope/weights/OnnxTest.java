package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class OnnxTest {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    @TempDir Path folder;

    @Test
    void initializersAreFoundWhereTheyLie() throws IOException {
        WeightFile file = open(Weights.onnx());
        assertEquals(WeightFile.Format.ONNX, file.format());
        assertEquals(List.of(2L, 3L), Weights.tensor(file, "a.weight").shape());
        assertEquals(DType.F16, Weights.tensor(file, "a.bias").dtype());
        assertEquals(List.of(), Weights.tensor(file, "steps").shape());
        for (Weights.Storage storage : Weights.STORAGES) {
            TensorSlice slice =
                    List.copyOf(file.tensors().values()).get(Weights.STORAGES.indexOf(storage));
            assertEquals(
                    Weights.little(storage.bytes().length).put(storage.bytes()).flip(),
                    Weights.bytes(slice));
        }
    }

    @Test
    void aLinearLayersMatrixGetsItsNameAndShapeBack() throws IOException {
        ProtobufWriter graph =
                graph(
                        node("MatMul", "/layer.0/self/query/MatMul", "x", "onnx::MatMul_7"),
                        node("MatMul", "/layer.0/self/MatMul_1", "q", "k"),
                        node("Add", "/layer.0/self/query/Add", "onnx::MatMul_7", "b"));
        graph.message(5, tensor("onnx::MatMul_7", FLOAT, 2, 3).bytes(9, new byte[24]));
        graph.message(5, tensor("onnx::Add_9", FLOAT, 3).bytes(9, new byte[12]));

        WeightFile file = open(model(graph));

        assertEquals(Set.of("layer.0.self.query.weight", "onnx::Add_9"), file.tensors().keySet());
        TensorSlice matrix = Weights.tensor(file, "layer.0.self.query.weight");
        assertEquals(List.of(3L, 2L), matrix.shape());
        assertEquals(List.of(1L, 3L), matrix.strides());
    }

    @Test
    void floatsAndShapesMayBePackedIntoOneField() throws IOException {
        ProtobufWriter shape = new ProtobufWriter().varint(300).varint(2);
        ProtobufWriter tensor = new ProtobufWriter().message(1, shape).number(2, FLOAT);
        tensor.text(8, "w").bytes(4, new byte[2400]);

        TensorSlice slice = Weights.tensor(open(model(graph().message(5, tensor))), "w");

        assertEquals(List.of(300L, 2L), slice.shape());
        assertTrue(slice.isContiguous());
    }

    static Stream<Arguments> damaged() {
        byte[] four = new byte[4];
        return Stream.of(
                Arguments.of("does not fill", tensor("w", FLOAT, 2).bytes(9, four)),
                Arguments.of("does not fill", tensor("w", FLOAT, -1).bytes(9, four)),
                Arguments.of("does not fill", tensor("w", FLOAT, 1)),
                Arguments.of(
                        "than can be counted",
                        tensor("w", FLOAT, 1L << 40, 1L << 40).bytes(9, four)),
                Arguments.of("length and kind", tensor("w", INT64, 1).bytes(4, new byte[8])),
                Arguments.of(
                        "length and kind", tensor("w", FLOAT, 1).bytes(9, four).bytes(9, four)),
                Arguments.of("length and kind", tensor("w", FLOAT, 1).number(9, 4)),
                Arguments.of("length and kind", tensor("w", FLOAT, 1).varint(9 << 3 | 3)),
                Arguments.of("length and kind", tensor("w", FLOAT, 1).varint(9 << 3 | 2).varint(9)),
                Arguments.of(
                        "length and kind", tensor("w", FLOAT, 1).varint(9 << 3 | 2).varint(-1)),
                Arguments.of("not UTF-8", tensor("w", FLOAT, 1).bytes(8, (byte) 0xff)));
    }

    @ParameterizedTest
    @MethodSource
    void damaged(String reason, ProtobufWriter tensor) throws IOException {
        Problem problem =
                Weights.problem(
                        Problem.CheckpointDamaged.class, folder, model(graph().message(5, tensor)));
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                Arguments.of("in another file", tensor("w", FLOAT, 1).number(14, 1)),
                Arguments.of("listed one by one", tensor("w", INT64, 1).bytes(7, (byte) 1)),
                Arguments.of("number type 8", tensor("w", 8, 1).bytes(9, (byte) 1)));
    }

    @ParameterizedTest
    @MethodSource
    void unknown(String reason, ProtobufWriter tensor) throws IOException {
        Problem problem =
                Weights.problem(
                        Problem.CheckpointUnknown.class, folder, model(graph().message(5, tensor)));
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    @Test
    void aModelCutShortAnywhereIsRefused() throws IOException {
        byte[] whole = Weights.onnx();
        for (int length = 9; length < whole.length; length++) {
            Weights.problem(Problem.CheckpointDamaged.class, folder, Arrays.copyOf(whole, length));
        }
    }

    @Test
    void twoTensorsOfOneNameAreDamage() throws IOException {
        ProtobufWriter tensor = tensor("w", FLOAT, 1).bytes(9, new byte[4]);
        Weights.problem(
                Problem.CheckpointDamaged.class,
                folder,
                model(graph().message(5, tensor).message(5, tensor)));
    }

    @Test
    void aModelWithoutWeightsIsUnknown() throws IOException {
        Weights.problem(Problem.CheckpointUnknown.class, folder, model(graph()));
    }

    private WeightFile open(byte[] content) throws IOException {
        return WeightFile.open(Files.write(folder.resolve("model.onnx"), content));
    }

    private static byte[] model(ProtobufWriter graph) {
        return Weights.onnx(graph);
    }

    private static ProtobufWriter graph(ProtobufWriter... nodes) {
        ProtobufWriter graph = new ProtobufWriter();
        for (ProtobufWriter node : nodes) {
            graph.message(1, node);
        }
        return graph;
    }

    private static ProtobufWriter node(String operator, String name, String... inputs) {
        ProtobufWriter node = new ProtobufWriter();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, "y").text(3, name).text(4, operator);
    }

    private static ProtobufWriter tensor(String name, int type, long... shape) {
        return Weights.onnxTensor(name, type, shape);
    }
}
