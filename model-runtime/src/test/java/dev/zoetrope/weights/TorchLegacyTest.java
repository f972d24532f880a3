package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class TorchLegacyTest {
    @TempDir Path folder;

    @Test
    void storagesAreFoundBehindThePickles() throws IOException {
        WeightFile file = WeightFile.open(Files.write(folder.resolve("w"), Weights.legacy()));
        for (String name : new String[] {"a.weight", "a.bias", "steps"}) {
            assertTrue(file.tensors().containsKey(name));
        }
        assertArrayEquals(
                Weights.STEPS.bytes(), Weights.bytes(Weights.tensor(file, "steps")).array());
    }

    @Test
    void bytesAfterTheLastStorageAreDamage() throws IOException {
        byte[] content = Weights.legacy();
        assertDamaged(Arrays.copyOf(content, content.length + 1), "goes on for 1 bytes");
    }

    @Test
    void aStorageOfAnotherLengthThanItsTensorsNeedIsDamage() throws IOException {
        byte[] content = Weights.legacy();
        int lastLength = content.length - Weights.STEPS.bytes().length - Long.BYTES;
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        for (long length : new long[] {0, 2, -1, Long.MAX_VALUE}) {
            bytes.putLong(lastLength, length);
            assertDamaged(content, "another length");
        }
    }

    @Test
    void aStorageLongerThanTheFileIsDamage() throws IOException {
        assertDamaged(
                withKeys(
                        new PickleWriter(2)
                                .op('}')
                                .text("a")
                                .tensor(
                                        new Weights.Storage("0", "LongStorage", 8, 1 << 30),
                                        0,
                                        List.of(1L),
                                        List.of(1L),
                                        true)
                                .op('s')
                                .stop(),
                        "0",
                        1 << 30),
                "beyond its end");
    }

    @Test
    void aListOfStoragesThatDoesNotFitTheTensorsIsDamage() throws IOException {
        byte[] object = Weights.stateDictPickle(true);
        assertDamaged(withKeys(object, "7", 0), "none of its tensors uses");
        assertDamaged(withKeys(object, "2", 1), "is missing from it");
        assertDamaged(
                join(Weights.legacyHead(), object, new PickleWriter(2).op('N').stop()), "list");
    }

    @Test
    void aPickleThatTorchDidNotWriteIsUnknown() throws IOException {
        byte[] pickle = new PickleWriter(4).op('}').op('}').text("a").number(1).op('s').stop();
        Weights.problem(
                Problem.CheckpointUnknown.class,
                folder,
                new PickleWriter(4).op('}').text("weights").number(1).op('s').stop());
        assertDamaged(pickle, "before its values are complete");
    }

    @Test
    void aBarePickleThatCallsSomethingIsRefused() throws IOException {
        Problem problem =
                Weights.problem(
                        Problem.CheckpointUnsafe.class,
                        folder,
                        new PickleWriter(4).call("antigravity", "fly", "now").stop());
        assertTrue(problem.cause().contains("antigravity.fly"), problem.cause());
    }

    @Test
    void otherVersionsAndComputersAreUnknown() throws IOException {
        byte[] magic = Arrays.copyOf(Weights.legacyHead(), 15);
        byte[] version = new PickleWriter(2).number(1001).stop();
        Weights.problem(
                Problem.CheckpointUnknown.class,
                folder,
                join(magic, new PickleWriter(2).number(1002).stop()));
        byte[] bigEndian =
                new PickleWriter(2).op('}').text("little_endian").op(0x89).op('s').stop();
        Weights.problem(Problem.CheckpointUnknown.class, folder, join(magic, version, bigEndian));
        assertDamaged(join(magic, version, new PickleWriter(2).op('}').stop()), "on what computer");
    }

    private void assertDamaged(byte[] content, String reason) throws IOException {
        Problem problem = Weights.problem(Problem.CheckpointDamaged.class, folder, content);
        assertTrue(problem.cause().contains(reason), problem.cause());
    }

    /** A file that lists one storage, given its length and eight bytes. */
    private static byte[] withKeys(byte[] object, String key, long elements) {
        return join(
                Weights.legacyHead(),
                object,
                new PickleWriter(2).op(']').text(key).op('a').stop(),
                Weights.little(16).putLong(elements).array());
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
