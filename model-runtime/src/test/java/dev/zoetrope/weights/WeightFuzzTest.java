package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;

/**
 * Damaged files of every format are refused with a {@link Problem}, quickly and without taking the
 * memory; or, where only weights or free text have changed, they open and are still whole. What
 * whole means is told here by other means than those of the readers: Jackson's trees, the JDK's zip
 * reader, for torch's old format the chain of its storages, and for ONNX what stands before the
 * bytes of each tensor.
 */
@Timeout(600)
class WeightFuzzTest {
    /** Of each format; {@code -Dfuzz.mutations=N} for a longer campaign. */
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 2_500);

    private static final long HEADROOM = 64L << 20;
    private static final long CPU_LIMIT = TimeUnit.SECONDS.toNanos(2);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    /** Throws an assertion error unless the file that was opened is whole. */
    @FunctionalInterface
    private interface Wholeness {
        void check(WeightFile opened) throws IOException;
    }

    @Test
    void safetensors() throws IOException {
        fuzz(1, Map.of("w", Weights.safetensors()), "w", WeightFuzzTest::requireTiled);
    }

    @Test
    void shardedIndex() throws IOException {
        Map<String, byte[]> files =
                Map.of(
                        "index",
                        """
                        {"metadata":{"total_size":46},"weight_map":{"a.weight":"1","a.bias":"1",\
                        "steps":"1","b":"2"}}\
                        """
                                .getBytes(StandardCharsets.UTF_8),
                        "1",
                        Weights.safetensors(),
                        "2",
                        Weights.safetensors(
                                "{\"b\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
                                new byte[8]));
        fuzz(2, files, "index", WeightFuzzTest::requireEveryShard);
    }

    @Test
    void torchZip() throws IOException {
        fuzzZip(3, Weights.torchZip());
    }

    @Test
    void lightning() throws IOException {
        fuzzZip(4, Weights.lightning());
    }

    @Test
    void torchLegacy() throws IOException {
        fuzz(5, Map.of("w", Weights.legacy()), "w", WeightFuzzTest::requireChain);
    }

    @Test
    void onnx() throws IOException {
        fuzz(6, Map.of("w", Weights.onnx()), "w", WeightFuzzTest::requireFields);
    }

    private void fuzzZip(int seed, byte[] content) throws IOException {
        WeightFile whole = WeightFile.open(Files.write(folder.resolve("whole"), content));
        fuzz(seed, Map.of("w", content), "w", opened -> requireSameEntries(whole, opened));
    }

    private void fuzz(int seed, Map<String, byte[]> files, String opened, Wholeness wholeness)
            throws IOException {
        List<String> names = files.keySet().stream().sorted().toList();
        for (String name : names) {
            overwrite(folder.resolve(name), bytes(files, name));
        }
        wholeness.check(WeightFile.open(folder.resolve(opened)));
        int total = files.values().stream().mapToInt(content -> content.length).sum();
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Random random = new Random(31L * seed + i);
            String target = random.nextBoolean() ? opened : names.get(random.nextInt(names.size()));
            Mutation mutation = Mutation.of(random, bytes(files, target));
            overwrite(folder.resolve(target), mutation.content);
            String description = "mutation %d: %s of %s".formatted(i, mutation.kind, target);
            int size = mutation.content.length + total - bytes(files, target).length;
            WeightFile file = open(folder.resolve(opened), size, description);
            if (file == null) {
                refused++;
            } else {
                assertFalse(mutation.kind == Kind.TRUNCATION, description);
                assertDoesNotThrow(() -> wholeness.check(file), description);
            }
            overwrite(folder.resolve(target), bytes(files, target));
        }
        assertTrue(refused > MUTATIONS / 4, "the mutations damage: " + refused);
        assertTrue(refused < MUTATIONS, "harmless changes are not refused");
    }

    /** The opened file, or null if it was refused as it should be. */
    private static @Nullable WeightFile open(Path file, int size, String description) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        WeightFile opened = assertDoesNotThrow(() -> openOrRefuse(file), description);
        long cpuTaken = THREADS.getCurrentThreadCpuTime() - cpu;
        long heapTaken = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        assertTrue(cpuTaken <= CPU_LIMIT, description + " took " + cpuTaken + " ns");
        assertTrue(heapTaken <= size + HEADROOM, description + " took " + heapTaken + " bytes");
        return opened;
    }

    private static @Nullable WeightFile openOrRefuse(Path file) {
        try {
            return WeightFile.open(file);
        } catch (ProblemException e) {
            assertTrue(
                    switch (e.problem()) {
                        case Problem.CheckpointUnknown _,
                                Problem.CheckpointDamaged _,
                                Problem.CheckpointUnsafe _,
                                Problem.FileMissing _ ->
                                true;
                        case Problem.FileInaccessible(_, var reason) ->
                                reason.equals("it is a folder");
                        default -> false;
                    },
                    e.problem().cause());
            return null;
        }
    }

    /** A safetensors file's tensors lie as its header says, without gap, overlap or remainder. */
    private static void requireTiled(WeightFile opened) throws IOException {
        ByteBuffer content = content(opened.file());
        long headerEnd = Long.BYTES + content.getLong(0);
        byte[] json = new byte[(int) content.getLong(0)];
        content.get(Long.BYTES, json);
        JsonNode header = JSON.readTree(json);
        List<String> names = new ArrayList<>();
        header.fieldNames().forEachRemaining(names::add);
        names.remove("__metadata__");
        assertEquals(names, List.copyOf(opened.tensors().keySet()));
        names.sort(
                Comparator.comparingLong(
                                (String name) -> header.at(entry(name, "data_offsets/0")).asLong())
                        .thenComparingLong(
                                name -> header.at(entry(name, "data_offsets/1")).asLong()));
        long end = 0;
        for (String name : names) {
            TensorSlice slice = Weights.tensor(opened, name);
            List<Long> shape = new ArrayList<>();
            header.at(entry(name, "shape")).forEach(length -> shape.add(length.asLong()));
            assertEquals(header.at(entry(name, "dtype")).asText(), slice.dtype().name());
            assertEquals(shape, slice.shape());
            assertEquals(end, header.at(entry(name, "data_offsets/0")).asLong());
            assertEquals(headerEnd + end, slice.offset());
            end = header.at(entry(name, "data_offsets/1")).asLong();
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            assertEquals(headerEnd + end, slice.offset() + elements * slice.dtype().bits() / 8);
        }
        assertEquals(content.capacity(), headerEnd + end);
    }

    private static String entry(String name, String path) {
        return "/" + name.replace("~", "~0").replace("/", "~1") + "/" + path;
    }

    /**
     * Every tensor of an index is where its shard, opened alone, has it, and no tensor of a shard
     * is left out. A shard may be: an index is all that tells which shards there are.
     */
    private static void requireEveryShard(WeightFile opened) throws IOException {
        Map<String, String> shards =
                JSON.convertValue(
                        JSON.readTree(Files.readAllBytes(opened.file())).get("weight_map"),
                        new TypeReference<LinkedHashMap<String, String>>() {});
        assertEquals(List.copyOf(shards.keySet()), List.copyOf(opened.tensors().keySet()));
        int inShards = 0;
        for (String shard : new HashSet<>(shards.values())) {
            WeightFile alone = WeightFile.open(opened.file().resolveSibling(shard));
            requireTiled(alone);
            inShards += alone.tensors().size();
            for (String name : alone.tensors().keySet()) {
                assertEquals(shard, shards.get(name));
                assertEquals(Weights.tensor(alone, name), Weights.tensor(opened, name));
            }
        }
        assertEquals(shards.size(), inShards);
    }

    /** The archive holds the same pickle, and every tensor lies where the JDK finds its entry. */
    private static void requireSameEntries(WeightFile whole, WeightFile opened) throws IOException {
        assertEquals(List.copyOf(whole.tensors().keySet()), List.copyOf(opened.tensors().keySet()));
        try (ZipFile before = new ZipFile(whole.file().toFile());
                ZipFile after = new ZipFile(opened.file().toFile())) {
            assertArrayEquals(entry(before, "data.pkl"), entry(after, "data.pkl"));
            int key = 0;
            for (String name : whole.tensors().keySet()) {
                TensorSlice expected = Weights.tensor(whole, name);
                TensorSlice actual = Weights.tensor(opened, name);
                assertEquals(expected.dtype(), actual.dtype());
                assertEquals(expected.shape(), actual.shape());
                assertEquals(expected.strides(), actual.strides());
                assertArrayEquals(
                        entry(after, "data/" + key++), Weights.bytes(actual).array(), name);
            }
        }
    }

    private static byte[] entry(ZipFile zip, String name) throws IOException {
        try (var in = zip.getInputStream(zip.getEntry("archive/" + name))) {
            return in.readAllBytes();
        }
    }

    /**
     * Torch's old format has no checksum, so a changed shape or name can be as whole as before. But
     * three storages follow the last pickle, each with its length, to the very end of the file, and
     * each of the three tensors lies in its own.
     */
    private static void requireChain(WeightFile opened) throws IOException {
        ByteBuffer content = content(opened.file());
        List<TensorSlice> slices = new ArrayList<>(opened.tensors().values());
        slices.sort(Comparator.comparingLong(TensorSlice::offset));
        assertEquals(Weights.STORAGES.size(), slices.size());
        assertTrue(
                chainEnds(content, slices).contains(content.capacity()),
                "the storages do not end with the file: " + slices);
    }

    /** Where the storages would end if they began behind any of the places that end a pickle. */
    private static List<Integer> chainEnds(ByteBuffer content, List<TensorSlice> slices) {
        List<Integer> ends = new ArrayList<>();
        for (int stop = 0; stop < content.capacity(); stop++) {
            if (content.get(stop) != '.') {
                continue;
            }
            long position = stop + 1L;
            for (TensorSlice slice : slices) {
                long begin = position + Long.BYTES;
                long room = content.capacity() - begin;
                long elements = room < 0 ? -1 : content.getLong((int) position);
                int size = slice.dtype().byteSize();
                boolean holds =
                        elements >= 0
                                && elements <= room / size
                                && slice.offset() >= begin
                                && slice.offset() + slice.byteSpan() <= begin + elements * size;
                if (!holds) {
                    position = -1;
                    break;
                }
                position = begin + elements * size;
            }
            ends.add((int) position);
        }
        return ends;
    }

    /**
     * ONNX has no checksum either. But each tensor is the whole of a field: before its first byte
     * stand the number of one that may hold tensors and its length. And no two share a byte.
     */
    private static void requireFields(WeightFile opened) throws IOException {
        ByteBuffer content = content(opened.file());
        List<TensorSlice> slices = new ArrayList<>(opened.tensors().values());
        slices.sort(Comparator.comparingLong(TensorSlice::offset));
        long free = 0;
        for (TensorSlice slice : slices) {
            if (slice.elements() == 0) {
                continue;
            }
            assertTrue(slice.offset() >= free && slice.byteSpan() < 0x80, slices::toString);
            int at = (int) slice.offset();
            assertEquals(slice.byteSpan(), content.get(at - 1));
            assertTrue(content.get(at - 2) == 0x4a || content.get(at - 2) == 0x22);
            free = slice.offset() + slice.byteSpan();
        }
        assertTrue(free <= content.capacity());
    }

    /** Without emptying the file first, after which some file systems wait for the disk. */
    private static void overwrite(Path file, byte[] content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.truncate(content.length);
        }
    }

    private static ByteBuffer content(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(Map<String, byte[]> files, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new AssertionError(name);
        }
        return bytes;
    }

    /** What is done to a file. */
    private enum Kind {
        FLIP,
        TRUNCATION,
        INSERTION,
        DELETION,
        SPLICE,
        NUMBER;

        private static final List<Kind> ALL = List.of(values());
    }

    private static final class Mutation {
        private static final long[] NUMBERS = {
            0,
            1,
            2,
            0x7f,
            0x80,
            0xff,
            0x7fff,
            0xffff,
            0x7fffffff,
            0xffffffffL,
            1L << 40,
            -1,
            Long.MAX_VALUE,
            Long.MIN_VALUE
        };

        private final Kind kind;
        private final byte[] content;

        private Mutation(Kind kind, byte[] content) {
            this.kind = kind;
            this.content = content;
        }

        static Mutation of(Random random, byte[] original) {
            Kind kind = Kind.ALL.get(random.nextInt(Kind.ALL.size()));
            byte[] mutated = original;
            // Several changes at once pass checks that one alone would not.
            for (int i = 1 + random.nextInt(3); i > 0 && mutated.length > 0; i--) {
                mutated = mutate(kind, random, mutated);
            }
            return new Mutation(kind, mutated);
        }

        private static byte[] mutate(Kind kind, Random random, byte[] original) {
            int at = random.nextInt(original.length);
            int length = 1 + random.nextInt(Math.min(32, original.length - at));
            return switch (kind) {
                case FLIP -> {
                    byte[] mutated = original.clone();
                    mutated[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                    yield mutated;
                }
                case TRUNCATION -> Arrays.copyOf(original, at);
                case INSERTION -> {
                    byte[] inserted = new byte[length];
                    random.nextBytes(inserted);
                    yield join(original, at, inserted, at);
                }
                case DELETION -> join(original, at, new byte[0], at + length);
                case SPLICE -> {
                    int from = random.nextInt(original.length - length + 1);
                    byte[] piece = Arrays.copyOfRange(original, from, from + length);
                    yield join(original, at, piece, random.nextBoolean() ? at : at + length);
                }
                case NUMBER -> {
                    int size = 1 << random.nextInt(4);
                    int position = Math.min(at, Math.max(0, original.length - size));
                    long number =
                            random.nextBoolean()
                                    ? NUMBERS[random.nextInt(NUMBERS.length)]
                                    : original.length - random.nextInt(64);
                    byte[] mutated = original.clone();
                    for (int i = 0; i < size && position + i < mutated.length; i++) {
                        mutated[position + i] = (byte) (number >> (Byte.SIZE * i));
                    }
                    yield mutated;
                }
            };
        }

        /** The original to {@code end}, the piece, and the original from {@code begin}. */
        private static byte[] join(byte[] original, int end, byte[] piece, int begin) {
            return ByteBuffer.allocate(end + piece.length + original.length - begin)
                    .put(original, 0, end)
                    .put(piece)
                    .put(original, begin, original.length - begin)
                    .array();
        }
    }
}
