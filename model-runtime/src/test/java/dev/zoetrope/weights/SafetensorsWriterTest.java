package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class SafetensorsWriterTest {
    @TempDir Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        byte[] odd = {1, 2, 3};
        byte[] wide = {1, 2, 3, 4, 5, 6, 7, 8};
        SafetensorsWriter.write(
                file,
                List.of(
                        tensor("ünïcode \"quoted\"", DType.U8, List.of(3L), odd),
                        tensor("wide", DType.F64, List.of(), wide),
                        tensor("none", DType.BF16, List.of(0L, 4L), new byte[0])),
                Map.of("format", "pt"));

        WeightFile read = WeightFile.open(file);
        assertEquals(Map.of("format", "pt"), read.metadata());
        assertEquals(
                List.of("wide", "none", "ünïcode \"quoted\""),
                List.copyOf(read.tensors().keySet()));
        assertArrayEquals(odd, Weights.bytes(Weights.tensor(read, "ünïcode \"quoted\"")).array());
        assertArrayEquals(wide, Weights.bytes(Weights.tensor(read, "wide")).array());
        assertTrue(read.tensors().values().stream().allMatch(TensorSlice::isAligned));
    }

    @Test
    void theHeaderEndsAtAMultipleOfEightBytes() throws IOException {
        for (int length = 1; length <= 8; length++) {
            Path file = folder.resolve("w" + length);
            String name = "x".repeat(length);
            SafetensorsWriter.write(
                    file, List.of(tensor(name, DType.U8, List.of(1L), new byte[1])), Map.of());
            assertEquals(0, Weights.tensor(WeightFile.open(file), name).offset() % 8);
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("w"), "old");
        SafetensorsWriter.Tensor failing =
                new SafetensorsWriter.Tensor(
                        "a",
                        DType.U8,
                        List.of(1L),
                        () -> {
                            throw new IllegalStateException("no numbers");
                        });
        assertThrows(
                IllegalStateException.class,
                () -> SafetensorsWriter.write(file, List.of(failing), Map.of()));
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aMissingFolderIsExplained() {
        ProblemException failure =
                assertThrows(
                        ProblemException.class,
                        () ->
                                SafetensorsWriter.write(
                                        folder.resolve("no/such/file"), List.of(), Map.of()));
        assertInstanceOf(Problem.FileInaccessible.class, failure.problem());
        assertTrue(failure.problem().cause().contains("its folder does not exist"));
    }

    @Test
    void tensorsThatContradictThemselvesAreRefused() {
        Path file = folder.resolve("w");
        SafetensorsWriter.Tensor a = tensor("a", DType.U8, List.of(1L), new byte[1]);
        SafetensorsWriter.Tensor tooLong = tensor("a", DType.U8, List.of(1L), new byte[2]);
        assertThrows(
                IllegalArgumentException.class,
                () -> SafetensorsWriter.write(file, List.of(a, a), Map.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> SafetensorsWriter.write(file, List.of(tooLong), Map.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> tensor("__metadata__", DType.U8, List.of(1L), new byte[1]));
        assertThrows(
                IllegalArgumentException.class,
                () -> tensor("a", DType.F4, List.of(3L), new byte[2]));
    }

    private static SafetensorsWriter.Tensor tensor(
            String name, DType dtype, List<Long> shape, byte[] bytes) {
        return new SafetensorsWriter.Tensor(name, dtype, shape, () -> ByteBuffer.wrap(bytes));
    }
}
