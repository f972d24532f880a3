package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SafetensorsTest {
    @TempDir Path folder;

    @Test
    void tensorsAreListedWithTheirPlaceInTheFile() throws IOException {
        byte[] content = Weights.safetensors();
        int data = content.length - Weights.data().length;
        WeightFile file = WeightFile.open(Files.write(folder.resolve("any.name"), content));
        assertEquals(List.of("a.weight", "a.bias", "steps"), List.copyOf(file.tensors().keySet()));
        assertEquals(
                TensorSlice.contiguous(file.file(), DType.F32, data, List.of(2L, 3L)),
                file.tensors().get("a.weight"));
        assertEquals(
                TensorSlice.contiguous(file.file(), DType.I64, data + 30, List.of()),
                file.tensors().get("steps"));
        assertEquals(Map.of("format", "pt"), file.metadata());
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyNumberTypeOfTheFormatIsRead(DType dtype) throws IOException {
        byte[] content = one(dtype.name(), "[8]", "[0," + dtype.bits() + "]", dtype.bits());
        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), content));
        TensorSlice slice = file.tensors().values().iterator().next();
        assertEquals(dtype, slice.dtype());
        assertEquals(dtype.bits(), slice.byteSpan());
    }

    @Test
    void anEmptyTensorTakesNoBytes() throws IOException {
        byte[] content = one("F32", "[0,9]", "[0,0]", 0);
        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), content));
        assertEquals(0, file.tensors().values().iterator().next().byteSpan());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[2] | [0,4]  | 4 | does not fill its bytes",
                "[1] | [4,0]  | 4 | does not fill its bytes",
                "[1] | [0,4]  | 5 | the file has 5",
                "[1] | [0,4]  | 3 | the file has 3",
                "[1] | [1,5]  | 5 | leaves a gap",
                "[4611686018427387904,4] | [0,0] | 0 | more elements than can be counted",
                "[0,4611686018427387904,4611686018427387904] | [0,0] | 0 | impossible shape",
                "[-1] | [0,4] | 4 | malformed",
                "[1.0] | [0,4] | 4 | malformed",
                "[99999999999999999999] | [0,4] | 4 | not valid JSON",
                "[1] | [0,4,8] | 8 | lacks its type",
                "\"x\" | [0,4] | 4 | malformed",
            })
    void aTensorThatDoesNotFitItsBytesIsDamage(
            String shape, String offsets, int dataSize, String reason) throws IOException {
        assertDamaged(one("F32", shape, offsets, dataSize), reason);
    }

    @Test
    void overlappingTensorsAreDamage() throws IOException {
        assertDamaged(
                Weights.safetensors(
                        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                                + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
                        new byte[6]),
                "overlaps");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
                        + "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
                        + " | Duplicate",
                "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
                        + " | Duplicate",
                "{\"__metadata__\":{\"steps\":3}} | malformed",
                "{\"__metadata__\":[]} | malformed",
                "{\"a\":[]} | malformed",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}} | lacks",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"x\":1}} | unknown field",
                "{} {} | goes on",
                "{\"a\": | not valid JSON",
            })
    void aHeaderThatSaysSomethingElseIsDamage(String header, String reason) throws IOException {
        assertDamaged(Weights.safetensors(header, new byte[0]), reason);
    }

    @Test
    void aHeaderDeeperThanTheStackIsDamage() throws IOException {
        assertDamaged(
                Weights.safetensors("{\"a\":" + "[".repeat(100_000), new byte[0]), "malformed");
        assertDamaged(
                Weights.safetensors(
                        "{\"a\":{\"shape\":[1" + "{\"a\":".repeat(100_000), new byte[0]),
                "not valid JSON");
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000_001L, 1L << 40, Long.MAX_VALUE, -1L, Long.MIN_VALUE})
    void anOversizedHeaderIsRefusedBeforeItIsRead(long length) throws IOException {
        byte[] content = Weights.safetensors();
        Weights.little(Long.BYTES).putLong(length).flip().get(content, 0, Long.BYTES);
        assertDamaged(content, "its header claims");
    }

    @Test
    void aHeaderLongerThanTheFileIsDamage() throws IOException {
        byte[] content = Weights.safetensors();
        Weights.little(Long.BYTES).putLong(content.length).flip().get(content, 0, Long.BYTES);
        assertDamaged(content, "the file has");
    }

    @Test
    void aNumberTypeOfTheFutureIsUnknownRatherThanDamaged() throws IOException {
        Problem problem =
                Weights.problem(
                        Problem.CheckpointUnknown.class, folder, one("F2", "[8]", "[0,2]", 2));
        assertTrue(problem.cause().contains("the number type F2"), problem.cause());
    }

    @Test
    void textThatIsNotUtf8IsDamage() throws IOException {
        byte[] content = Weights.safetensors();
        content[20] = (byte) 0xff;
        assertDamaged(content, "UTF-8");
    }

    private void assertDamaged(byte[] content, String reason) throws IOException {
        Problem problem = Weights.problem(Problem.CheckpointDamaged.class, folder, content);
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    private static byte[] one(String dtype, String shape, String offsets, int dataSize) {
        return Weights.safetensors(
                "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
                        .formatted(dtype, shape, offsets),
                new byte[dataSize]);
    }
}
