package dev.zoetrope.weights;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what {@code torch.save} wrote before version 1.6: five pickles in a row (a magic number,
 * the format's version, facts about the computer, the object, the keys of its storages) and then,
 * in the order of the keys, each storage's length and bytes.
 */
final class TorchLegacy {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;

    private final FileBytes in;
    private final Map<String, Pickled.Storage> storages = new HashMap<>();
    private final Map<Pickled.Storage, Long> offsets = new HashMap<>();

    private TorchLegacy(FileBytes in) {
        this.in = in;
    }

    static WeightFile read(FileBytes in) throws IOException {
        return new TorchLegacy(in).read();
    }

    private WeightFile read() throws IOException {
        in.seek(0);
        Object magic = pickle();
        if (magic instanceof Opaque call) {
            throw in.unsafe(call.name());
        }
        if (!MAGIC.equals(magic)) {
            throw in.unknown("it is a Python pickle that torch did not write");
        }
        Object version = pickle();
        if (!Long.valueOf(VERSION).equals(version)) {
            throw in.unknown("it has version " + version + " of torch's old format");
        }
        if (!(pickle() instanceof Map<?, ?> computer)
                || !(computer.get("little_endian") instanceof Boolean littleEndian)) {
            throw in.damaged("it does not say on what computer it was written");
        }
        if (!littleEndian) {
            throw in.unknown("it was written on a big-endian computer");
        }
        Object value = pickle();
        readStorages(pickle());
        return WeightFile.ofPickle(
                in, WeightFile.Format.TORCH_PICKLE, new PickleTree(in, this::locate).finish(value));
    }

    private @Nullable Object pickle() throws IOException {
        return new Unpickler(in, storages).load();
    }

    private void readStorages(@Nullable Object keys) throws IOException {
        if (!(keys instanceof List<?> list)) {
            throw in.damaged("it does not list its storages");
        }
        Set<Object> seen = new HashSet<>();
        for (Object key : list) {
            Pickled.Storage storage = key instanceof String ? storages.get(key) : null;
            if (storage == null || !seen.add(key)) {
                throw in.damaged("it lists a storage that none of its tensors uses");
            }
            if (in.i64() != storage.elements()) {
                throw in.damaged(
                        "its storage " + key + " has another length than its tensors need");
            }
            offsets.put(storage, in.position());
            in.skip(bytes(storage));
        }
        if (in.remaining() != 0) {
            throw in.damaged("it goes on for " + in.remaining() + " bytes after its last storage");
        }
    }

    private long bytes(Pickled.Storage storage) {
        try {
            return storage.dtype().bytesFor(storage.elements());
        } catch (ArithmeticException e) {
            throw in.damaged("a storage in it claims more elements than can be counted", e);
        }
    }

    private long locate(Pickled.Storage storage) {
        Long offset = offsets.get(storage);
        if (offset == null) {
            throw in.damaged("the storage " + storage.key() + " is missing from it");
        }
        return offset;
    }
}
