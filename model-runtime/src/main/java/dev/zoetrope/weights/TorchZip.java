package dev.zoetrope.weights;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads what {@code torch.save} has written since version 1.6, PyTorch-Lightning's checkpoints
 * included: a zip archive with a pickle, {@code data.pkl}, and one entry for each storage.
 *
 * <p>The pickle's checksum is verified. Those of the storages are not: a file of many gigabytes
 * would have to be read whole to list its tensors.
 */
final class TorchZip {
    private static final String PICKLE = "/data.pkl";
    private static final int LONGEST_BYTE_ORDER = 16;

    private final FileBytes in;
    private final Map<String, StoredZip.Entry> entries;
    private final String folder;

    private TorchZip(FileBytes in, Map<String, StoredZip.Entry> entries, String folder) {
        this.in = in;
        this.entries = entries;
        this.folder = folder;
    }

    static WeightFile read(FileBytes in) throws IOException {
        Map<String, StoredZip.Entry> entries = StoredZip.entries(in);
        TorchZip zip = new TorchZip(in, entries, folder(in, entries));
        zip.requireLittleEndian();
        return zip.read();
    }

    /** The archive's one folder, named as the file was when it was saved. */
    private static String folder(FileBytes in, Map<String, StoredZip.Entry> entries) {
        @Nullable String folder = null;
        for (String name : entries.keySet()) {
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                if (folder != null) {
                    throw in.damaged("it holds two checkpoints");
                }
                folder = name.substring(0, name.length() - PICKLE.length());
            }
        }
        if (folder == null) {
            throw in.unknown("it is a zip archive without weights");
        }
        if (entries.containsKey(folder + "/constants.pkl")) {
            throw in.unknown("it is a TorchScript program; its weights alone are needed");
        }
        return folder;
    }

    private void requireLittleEndian() throws IOException {
        StoredZip.Entry entry = entries.get(folder + "/byteorder");
        if (entry == null) {
            return; // Written before torch stated it.
        }
        String order = entry.size() > LONGEST_BYTE_ORDER ? "?" : open(entry).text(entry.size());
        switch (order) {
            case "little" -> {}
            case "big" -> throw in.unknown("it was written on a big-endian computer");
            default -> throw in.damaged("its byte order is neither little nor big");
        }
    }

    private WeightFile read() throws IOException {
        StoredZip.Entry entry = entries.get(folder + PICKLE);
        if (entry == null) {
            throw new IllegalStateException("no " + PICKLE + " in " + folder);
        }
        FileBytes pickle = open(entry);
        Object value = new Unpickler(pickle, new HashMap<>()).load();
        if (pickle.remaining() != 0) {
            throw in.damaged("its pickle goes on after its end");
        }
        Object root = new PickleTree(in, this::locate).finish(value);
        return WeightFile.ofPickle(in, WeightFile.Format.TORCH_ZIP, root);
    }

    private long locate(Pickled.Storage storage) {
        StoredZip.Entry entry = entries.get(folder + "/data/" + storage.key());
        if (entry == null) {
            throw in.damaged("the storage " + storage.key() + " is missing from it");
        }
        requireStored(entry);
        long bytes = storage.dtype().bytesFor(storage.elements());
        if (entry.size() != bytes) {
            throw in.damaged(
                    "its storage %s has %d bytes, its tensors need %d"
                            .formatted(storage.key(), entry.size(), bytes));
        }
        return entry.offset();
    }

    /** An entry's bytes, after comparing them with their checksum. */
    private FileBytes open(StoredZip.Entry entry) throws IOException {
        requireStored(entry);
        FileBytes content = in.section(entry.offset(), entry.size());
        if (content.crc32() != entry.crc()) {
            throw in.damaged("the checksum of its entry " + entry.name() + " is wrong");
        }
        content.seek(entry.offset());
        return content;
    }

    private void requireStored(StoredZip.Entry entry) {
        if (entry.method() != 0) {
            throw in.unknown("it is compressed; unpack it and pack it again without compression");
        }
    }
}
