package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The archive around the pickle; the pickle itself is {@link UnpicklerTest}'s. */
class TorchZipTest {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int CENTRAL_HEADER = 0x02014b50;

    @TempDir Path folder;

    @Test
    void storagesAreFoundWhereTheyLie() throws IOException {
        WeightFile file = open(Weights.torchZip());
        assertEquals(3, file.tensors().size());
        assertArrayEquals(
                Weights.BIAS.bytes(), Weights.bytes(Weights.tensor(file, "a.bias")).array());
        assertEquals(0, Weights.tensor(file, "steps").offset() % 64, "torch aligns storages");
    }

    @Test
    void anArchivePackedAgainByAnotherToolIsReadToo() throws IOException {
        WeightFile file = open(repacked(ZipEntry.STORED));
        assertArrayEquals(
                Weights.WEIGHT.bytes(), Weights.bytes(Weights.tensor(file, "a.weight")).array());
    }

    @Test
    void compressedWeightsAreUnknownSinceTheyCannotBeMapped() throws IOException {
        assertUnknown(repacked(ZipEntry.DEFLATED), "compressed");
    }

    @Test
    void sizesAndOffsetsOf64BitsAreRead() throws IOException {
        byte[] content = Weights.torchZip();
        int entry = find(content, CENTRAL_HEADER, 2); // of the first storage
        ByteBuffer bytes = little(content);
        int name = bytes.getShort(entry + 28);
        byte[] extra =
                Weights.little(28)
                        .putShort((short) 1)
                        .putShort((short) 24)
                        .putLong(24)
                        .putLong(24)
                        .putLong(bytes.getInt(entry + 42))
                        .array();
        bytes.putInt(entry + 20, -1).putInt(entry + 24, -1).putInt(entry + 42, -1);
        bytes.putShort(entry + 30, (short) 28);
        int end = content.length - 22;
        for (int size : new int[] {end + 12, end - 20 - 56 + 40}) {
            bytes.putInt(size, bytes.getInt(size) + 28);
        }
        bytes.putLong(end - 20 + 8, bytes.getLong(end - 20 + 8) + 28);

        WeightFile file = open(insert(content, entry + 46 + name, extra));
        assertArrayEquals(
                Weights.WEIGHT.bytes(), Weights.bytes(Weights.tensor(file, "a.weight")).array());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/x",
                "/etc/passwd",
                "archive/../../x",
                "C:\\x",
                "a\\..\\x",
                "a/.."
            })
    void anEntryThatWouldLeaveItsFolderIsRefused(String name) throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put(name, new byte[1]);
        assertDamaged(Weights.zip(entries), "outside the archive's own folder");
    }

    @Test
    void entriesThatShareBytesAreDamage() throws IOException {
        byte[] content = Weights.torchZip();
        ByteBuffer bytes = little(content);
        int first = find(content, CENTRAL_HEADER, 0);
        int second = find(content, CENTRAL_HEADER, 1);
        bytes.putInt(second + 42, bytes.getInt(first + 42));
        assertDamaged(content, "overlaps");
    }

    @Test
    void anEntryThatGrowsIntoTheNextIsDamage() throws IOException {
        byte[] content = Weights.torchZip();
        ByteBuffer bytes = little(content);
        int storage = find(content, CENTRAL_HEADER, 2);
        bytes.putInt(storage + 20, 4096).putInt(storage + 24, 4096);
        assertDamaged(content, "reaches beyond");
        bytes.putInt(storage + 20, 100).putInt(storage + 24, 100);
        assertDamaged(content, "overlaps");
    }

    @Test
    void anEntryBeyondTheFileIsDamage() throws IOException {
        byte[] content = Weights.torchZip();
        little(content).putInt(find(content, CENTRAL_HEADER, 0) + 42, Integer.MAX_VALUE);
        assertDamaged(content, "beyond its end");
    }

    @Test
    void anEntryThatIsAnotherThanTheDirectorySaysIsDamage() throws IOException {
        byte[] content = Weights.torchZip();
        content[find(content, LOCAL_HEADER, 0) + 30] = 'A';
        assertDamaged(content, "is not what the directory says");
    }

    @Test
    void aChangedPickleIsDamageEvenIfItCouldBeRead() throws IOException {
        byte[] content = Weights.torchZip();
        int name = new String(content, StandardCharsets.ISO_8859_1).indexOf("a.weight");
        content[name] = 'b';
        assertDamaged(content, "checksum");
    }

    @Test
    void aChangedWeightIsNotNoticedSinceTheWeightsAreNotRead() throws IOException {
        byte[] content = Weights.torchZip();
        WeightFile before = open(content);
        content[(int) Weights.tensor(before, "a.weight").offset()]++;
        assertEquals(before.tensors(), open(content).tensors());
    }

    @Test
    void anEntryThatExistsTwiceIsDamage() throws IOException {
        byte[] content = Weights.torchZip();
        content[find(content, CENTRAL_HEADER, 3) + 46 + "archive/data/".length()] = '0';
        assertDamaged(content, "exists twice");
    }

    @Test
    void bytesAfterTheArchiveAreDamage() throws IOException {
        byte[] content = Weights.torchZip();
        assertDamaged(insert(content, content.length, new byte[1]), "at the end");
    }

    @Test
    void otherArchivesAreUnknown() throws IOException {
        assertUnknown(Weights.zip(Map.of("word/document.xml", new byte[3])), "without weights");
        Map<String, byte[]> program = entries();
        program.put("archive/constants.pkl", new byte[3]);
        assertUnknown(Weights.zip(program), "TorchScript program");
    }

    @Test
    void bigEndianWeightsAreUnknown() throws IOException {
        Map<String, byte[]> entries = entries();
        entries.put("archive/byteorder", "big".getBytes(StandardCharsets.UTF_8));
        assertUnknown(Weights.zip(entries), "big-endian");
    }

    private static Map<String, byte[]> entries() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", Weights.stateDictPickle(false));
        Weights.STORAGES.forEach(s -> entries.put("archive/data/" + s.key(), s.bytes()));
        return entries;
    }

    private static byte[] repacked(int method) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries().entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setMethod(method);
                header.setSize(entry.getValue().length);
                header.setCrc(Integer.toUnsignedLong(Weights.crc(entry.getValue())));
                zip.putNextEntry(header);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private WeightFile open(byte[] content) throws IOException {
        return WeightFile.open(Files.write(folder.resolve("w"), content));
    }

    private void assertDamaged(byte[] content, String reason) throws IOException {
        Problem problem = Weights.problem(Problem.CheckpointDamaged.class, folder, content);
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    private void assertUnknown(byte[] content, String reason) throws IOException {
        Problem problem = Weights.problem(Problem.CheckpointUnknown.class, folder, content);
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    private static ByteBuffer little(byte[] content) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where a record begins, counted from 0 among those of its kind. */
    private static int find(byte[] content, int magic, int index) {
        ByteBuffer bytes = little(content);
        int seen = 0;
        for (int i = 0; i + 4 <= content.length; i++) {
            if (bytes.getInt(i) == magic && seen++ == index) {
                return i;
            }
        }
        throw new AssertionError("no record " + index);
    }

    private static byte[] insert(byte[] content, int position, byte[] inserted) {
        return ByteBuffer.allocate(content.length + inserted.length)
                .put(content, 0, position)
                .put(inserted)
                .put(content, position, content.length - position)
                .array();
    }
}
