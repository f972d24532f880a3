package dev.zoetrope.weights;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/** Small weight files in every format, all holding the same three tensors. */
final class Weights {
    /** The numbers of one tensor, and what torch calls them. */
    record Storage(String key, String type, int elementSize, int elements) {
        byte[] bytes() {
            byte[] bytes = new byte[elements * elementSize];
            new Random(key.hashCode()).nextBytes(bytes);
            return bytes;
        }
    }

    static final Storage WEIGHT = new Storage("0", "FloatStorage", 4, 6);
    static final Storage BIAS = new Storage("1", "HalfStorage", 2, 3);
    static final Storage STEPS = new Storage("2", "LongStorage", 8, 1);
    static final List<Storage> STORAGES = List.of(WEIGHT, BIAS, STEPS);

    private Weights() {}

    static byte[] safetensors() {
        return safetensors(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                        + "\"a.bias\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[24,30]},"
                        + "\"steps\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[30,38]}}",
                data());
    }

    static byte[] safetensors(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return little(Long.BYTES + json.length + data.length)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    /** The bytes of all tensors, one after the other. */
    static byte[] data() {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        STORAGES.forEach(storage -> data.writeBytes(storage.bytes()));
        return data.toByteArray();
    }

    static byte[] stateDictPickle(boolean legacy) {
        return tensors(new PickleWriter(2).newOrderedDict(), legacy).stop();
    }

    /** Adds the tensors to the dictionary on top of the stack. */
    static PickleWriter tensors(PickleWriter pickle, boolean legacy) {
        return pickle.op('(')
                .text("a.weight")
                .tensor(WEIGHT, 0, List.of(2L, 3L), List.of(3L, 1L), legacy)
                .text("a.bias")
                .tensor(BIAS, 0, List.of(3L), List.of(1L), legacy)
                .text("steps")
                .tensor(STEPS, 0, List.of(), List.of(), legacy)
                .op('u');
    }

    static byte[] torchZip() {
        return torchZip(stateDictPickle(false));
    }

    static byte[] torchZip(byte[] pickle) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/byteorder", "little".getBytes(StandardCharsets.UTF_8));
        STORAGES.forEach(s -> entries.put("archive/data/" + s.key(), s.bytes()));
        entries.put("archive/version", "3\n".getBytes(StandardCharsets.UTF_8));
        return zip(entries);
    }

    static byte[] lightning() {
        PickleWriter pickle = new PickleWriter(2).op('}').op('(');
        pickle.text("epoch").number(3);
        pickle.text("state_dict").newOrderedDict();
        tensors(pickle, false);
        pickle.text("callbacks").op('}');
        pickle.global("pytorch_lightning.callbacks", "ModelCheckpoint").op('}').op('s');
        pickle.text("hyper_parameters").op('}').text("args");
        pickle.global("argparse", "Namespace").op(')').op(0x81);
        pickle.op('}').text("n_codes").number(24).op('s').op('b').op('s');
        return torchZip(pickle.op('u').stop());
    }

    static byte[] onnx() {
        ProtobufWriter graph = new ProtobufWriter();
        graph.message(1, new ProtobufWriter().text(1, "x").text(2, "y").text(4, "Identity"));
        graph.text(2, "graph");
        graph.message(5, onnxTensor("a.weight", 1, 2, 3).bytes(9, WEIGHT.bytes()));
        graph.message(5, onnxTensor("a.bias", 10, 3).bytes(9, BIAS.bytes()));
        graph.message(5, onnxTensor("steps", 7).bytes(9, STEPS.bytes()));
        return onnx(graph);
    }

    /** A graph as torch puts it into a model. */
    static byte[] onnx(ProtobufWriter graph) {
        return new ProtobufWriter()
                .number(1, 7)
                .text(2, "pytorch")
                .message(7, graph)
                .message(8, new ProtobufWriter().number(2, 14))
                .done();
    }

    /** A tensor without its numbers. */
    static ProtobufWriter onnxTensor(String name, int type, long... shape) {
        ProtobufWriter tensor = new ProtobufWriter();
        for (long length : shape) {
            tensor.number(1, length);
        }
        return tensor.number(2, type).text(8, name);
    }

    static byte[] legacy() {
        return legacy(stateDictPickle(true));
    }

    static byte[] legacy(byte[] object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(legacyHead());
        out.writeBytes(object);
        PickleWriter keys = new PickleWriter(2).op(']').op('(');
        STORAGES.forEach(storage -> keys.text(storage.key()));
        out.writeBytes(keys.op('e').stop());
        for (Storage storage : STORAGES) {
            out.writeBytes(little(Long.BYTES).putLong(storage.elements()).array());
            out.writeBytes(storage.bytes());
        }
        return out.toByteArray();
    }

    /** Magic number, version and facts about the computer. */
    static byte[] legacyHead() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] magic = {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a};
        byte[] rest = {(byte) 0xa8, 0x50, 0x19};
        out.writeBytes(new PickleWriter(2).op(0x8a).op(10).raw(magic).raw(rest).stop());
        out.writeBytes(new PickleWriter(2).number(1001).stop());
        out.writeBytes(
                new PickleWriter(2)
                        .op('}')
                        .op('(')
                        .text("protocol_version")
                        .number(1001)
                        .text("little_endian")
                        .op(0x88)
                        .op('u')
                        .stop());
        return out.toByteArray();
    }

    /**
     * A zip archive laid out as torch does: padded entries, sizes behind them, 64-bit directory.
     */
    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        entries.forEach((name, content) -> {
            byte[] path = name.getBytes(StandardCharsets.UTF_8);
            int crc = crc(content);
            int header = out.size();
            int padding = (64 - (header + 34 + path.length) % 64) % 64;
            out.writeBytes(
                    little(30)
                            .putInt(0x04034b50)
                            .putShort(6, (short) 0x0808)
                            .putShort(26, (short) path.length)
                            .putShort(28, (short) (4 + padding))
                            .array());
            out.writeBytes(path);
            out.writeBytes(
                    little(4 + padding).putShort((short) 0x4246).putShort((short) padding).array());
            out.writeBytes(content);
            out.writeBytes(
                    little(16)
                            .putInt(0x08074b50)
                            .putInt(crc)
                            .putInt(content.length)
                            .putInt(content.length)
                            .array());
            directory.writeBytes(
                    little(46)
                            .putInt(0x02014b50)
                            .putShort(8, (short) 0x0808)
                            .putInt(16, crc)
                            .putInt(20, content.length)
                            .putInt(24, content.length)
                            .putShort(28, (short) path.length)
                            .putInt(42, header)
                            .array());
            directory.writeBytes(path);
        });
        int begin = out.size();
        out.writeBytes(directory.toByteArray());
        int end = out.size();
        out.writeBytes(
                little(56)
                        .putInt(0x06064b50)
                        .putLong(44)
                        .putLong(24, entries.size())
                        .putLong(32, entries.size())
                        .putLong(40, directory.size())
                        .putLong(48, begin)
                        .array());
        out.writeBytes(little(20).putInt(0x07064b50).putLong(8, end).putInt(16, 1).array());
        out.writeBytes(
                little(22)
                        .putInt(0x06054b50)
                        .putShort(8, (short) entries.size())
                        .putShort(10, (short) entries.size())
                        .putInt(12, directory.size())
                        .putInt(16, begin)
                        .array());
        return out.toByteArray();
    }

    static int crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }

    static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The problem that opening a file of this content ends with. */
    static <P extends Problem> P problem(Class<P> kind, Path folder, byte[] content)
            throws IOException {
        return problem(kind, Files.write(folder.resolve("weights"), content));
    }

    static <P extends Problem> P problem(Class<P> kind, Path file) {
        return assertInstanceOf(
                kind, assertThrows(ProblemException.class, () -> WeightFile.open(file)).problem());
    }

    static TensorSlice tensor(WeightFile file, String name) {
        TensorSlice slice = file.tensors().get(name);
        if (slice == null) {
            throw new AssertionError(file.file() + " has no " + name);
        }
        return slice;
    }

    /** The bytes of a slice that has no gaps. */
    static ByteBuffer bytes(TensorSlice slice) throws IOException {
        assertTrue(slice.isContiguous());
        ByteBuffer bytes = little((int) slice.byteSpan());
        try (FileChannel channel = FileChannel.open(slice.file())) {
            while (bytes.hasRemaining()) {
                assertTrue(channel.read(bytes, slice.offset() + bytes.position()) > 0);
            }
        }
        return bytes.flip();
    }
}
