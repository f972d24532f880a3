package dev.zoetrope.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes pickles one instruction at a time, valid and invalid ones alike. */
final class PickleWriter {
    private final int protocol;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleWriter(int protocol) {
        this.protocol = protocol;
        op(0x80).op(protocol);
    }

    PickleWriter op(int instruction) {
        out.write(instruction);
        return this;
    }

    PickleWriter raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    PickleWriter u32(long value) {
        return raw(little(Integer.BYTES).putInt((int) value).array());
    }

    PickleWriter u64(long value) {
        return raw(little(Long.BYTES).putLong(value).array());
    }

    PickleWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (protocol >= 4) {
            return op(0x8c).op(bytes.length).raw(bytes);
        }
        return op('X').u32(bytes.length).raw(bytes);
    }

    PickleWriter number(long value) {
        if (value >= 0 && value < 256) {
            return op('K').op((int) value);
        }
        if (value == (int) value) {
            return op('J').u32(value);
        }
        return op(0x8a).op(Long.BYTES).u64(value);
    }

    PickleWriter numbers(List<Long> values) {
        op('(');
        values.forEach(this::number);
        return op('t');
    }

    PickleWriter global(String module, String name) {
        if (protocol >= 4) {
            return text(module).text(name).op(0x93);
        }
        return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A call with one text argument. */
    PickleWriter call(String module, String name, String argument) {
        return global(module, name).text(argument).op(0x85).op('R');
    }

    PickleWriter newOrderedDict() {
        return global("collections", "OrderedDict").op(')').op('R');
    }

    /** What torch refers to a storage by; its old format has one more item. */
    PickleWriter storage(String type, String key, long elements, boolean legacy) {
        op('(').text("storage").global("torch", type).text(key).text("cpu").number(elements);
        if (legacy) {
            op('N');
        }
        return op('t').op('Q');
    }

    PickleWriter tensor(
            Weights.Storage storage,
            long offset,
            List<Long> shape,
            List<Long> strides,
            boolean legacy) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .storage(storage.type(), storage.key(), storage.elements(), legacy)
                .number(offset)
                .numbers(shape)
                .numbers(strides)
                .op(0x89)
                .newOrderedDict()
                .op('t')
                .op('R');
    }

    byte[] stop() {
        op('.');
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
