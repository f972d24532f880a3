package dev.zoetrope.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class PromptCacheTest {
    private static final PromptCache.Key CAT = new PromptCache.Key("t5", "a cat", 3);

    @TempDir Path folder;

    private final NDManager manager = Kernels.newManager();
    private int encoded;

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void theSecondTimeNoEncoderIsAsked() {
        Condition.Text first = states(new PromptCache(folder), CAT);
        Condition.Text second = states(new PromptCache(folder), CAT);
        assertEquals(1, encoded);
        assertEquals(new Shape(1, 3, 2), second.states().getShape());
        assertArrayEquals(first.states().toFloatArray(), second.states().toFloatArray());
        assertNotNull(second.mask());
        assertArrayEquals(new long[] {1, 1, 0}, second.mask().toLongArray());
    }

    @Test
    void aTextWithoutPaddingHasNoMask() {
        PromptCache cache = new PromptCache(folder);
        for (int i = 0; i < 2; i++) {
            Condition.Text text =
                    cache.states(manager, CAT, () -> new Condition.Text(array(1), null));
            assertNull(text.mask());
        }
    }

    @Test
    void whateverTheStatesDependOnTellsThemApart() {
        PromptCache cache = new PromptCache(folder);
        List<PromptCache.Key> keys =
                List.of(
                        CAT,
                        new PromptCache.Key("mt5", "a cat", 3),
                        new PromptCache.Key("t5", "a dog", 3),
                        new PromptCache.Key("t5", "a cat", 4),
                        new PromptCache.Key("t5a", " cat", 3));
        keys.forEach(key -> states(cache, key));
        assertEquals(keys.size(), encoded);
    }

    @Test
    void aDamagedFileCountsAsNoneAndIsWrittenAnew() throws IOException {
        PromptCache cache = new PromptCache(folder);
        states(cache, CAT);
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        List<byte[]> damages =
                List.of(
                        new byte[0],
                        "nonsense".getBytes(StandardCharsets.UTF_8),
                        Arrays.copyOf(whole, whole.length - 4));
        for (byte[] damage : damages) {
            Files.delete(file); // it may still be mapped
            Files.write(file, damage);
            int before = encoded;
            states(cache, CAT);
            assertEquals(before + 1, encoded);
            assertEquals(whole.length, Files.size(file));
        }
    }

    @Test
    void aFileOfOtherTensorsCountsAsNone() {
        PromptCache cache = new PromptCache(folder);
        states(cache, CAT);
        SafetensorsWriter.write(
                folder.resolve(CAT.fileName()),
                List.of(
                        new SafetensorsWriter.Tensor(
                                "states", DType.U8, List.of(1L), () -> ByteBuffer.allocate(1))),
                Map.of());
        states(cache, CAT);
        assertEquals(2, encoded);
    }

    @Test
    void whatWasUsedLongestAgoIsForgotten() throws IOException {
        states(new PromptCache(folder), CAT);
        long one = Files.size(files().getFirst());
        PromptCache cache = new PromptCache(folder, 2 * one);
        PromptCache.Key dog = new PromptCache.Key("t5", "a dog", 3);
        PromptCache.Key hen = new PromptCache.Key("t5", "a hen", 3);
        states(cache, dog);
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        }
        states(cache, CAT); // used again
        states(cache, hen);
        assertEquals(2, files().size());
        assertEquals(3, encoded);
        states(cache, CAT);
        states(cache, hen);
        assertEquals(3, encoded);
        states(cache, dog);
        assertEquals(4, encoded);
    }

    @Test
    void theNewestIsKeptEvenIfItIsTooLarge() throws IOException {
        PromptCache cache = new PromptCache(folder, 1);
        states(cache, CAT);
        states(cache, CAT);
        assertEquals(1, encoded);
        assertEquals(1, files().size());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsExplained() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        ProblemException e =
                assertThrows(ProblemException.class, () -> states(new PromptCache(file), CAT));
        assertInstanceOf(Problem.FileInaccessible.class, e.problem());
    }

    private Condition.Text states(PromptCache cache, PromptCache.Key key) {
        return cache.states(
                manager,
                key,
                () -> {
                    encoded++;
                    return new Condition.Text(
                            array(encoded), manager.create(new long[] {1, 1, 0}, new Shape(1, 3)));
                });
    }

    private NDArray array(int first) {
        return manager.create(new float[] {first, 2, 3, 4, 5, 6}, new Shape(1, 3, 2));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
