package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

class JobFolderTest {
    private static final byte[] NUMBERS = {1, 2, 3, 4, 5, 6};

    @TempDir Path temp;

    @Test
    void whatWasKeptIsFoundByTheSameWorkAlone() {
        JobFolder folder = JobFolder.at(temp.resolve("not/yet/there"));
        keep(folder, NUMBERS);

        JobFolder.Kept kept = folder.find("state", "this work").orElseThrow();

        byte[] bytes = new byte[NUMBERS.length];
        kept.bytes("numbers").get(bytes);
        assertEquals(ByteBuffer.wrap(NUMBERS), ByteBuffer.wrap(bytes));
        assertEquals(7, kept.number("step"));
        assertFalse(folder.find("state", "other work").isPresent());
        assertFalse(folder.find("another state", "this work").isPresent());
    }

    @Test
    void aFileWithAnyBytesChangedOrCutOffCountsAsNotThere() throws IOException {
        JobFolder folder = JobFolder.at(temp);
        keep(folder, NUMBERS);
        Path file = temp.resolve("state.safetensors");
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertFalse(folder.find("state", "this work").isPresent(), "cut off at " + length);
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] garbled = whole.clone();
            garbled[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, garbled);
            folder.find("state", "this work")
                    .ifPresent(kept -> {
                        assertEquals(ByteBuffer.wrap(NUMBERS), kept.bytes("numbers"));
                        assertEquals(7, kept.number("step"));
                    });
        }
        Files.write(file, whole);
        assertEquals(7, folder.find("state", "this work").orElseThrow().number("step"));
    }

    @Test
    void aFolderThatCannotBeWrittenToLosesNothingButTheState() throws IOException {
        Path file = Files.createFile(temp.resolve("a file"));
        JobFolder folder = JobFolder.at(file);

        keep(folder, NUMBERS);

        assertFalse(folder.find("state", "this work").isPresent());
    }

    private static void keep(JobFolder folder, byte[] numbers) {
        Tensor tensor =
                new Tensor(
                        "numbers",
                        DType.U8,
                        List.of((long) numbers.length),
                        () -> ByteBuffer.wrap(numbers));
        folder.keep("state", "this work", List.of(tensor), Map.of("step", "7"));
    }
}
