package dev.zoetrope.pipeline;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.TensorSlice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells one component from another without reading gigabytes: SHA-256 of its configuration, of each
 * file's name, size and time of change, and of each tensor's place and first bytes. Whatever edits
 * a file changes its time; another training that was unpacked with the same size and time differs
 * in the bytes.
 */
final class Fingerprint {
    private static final int BYTES_OF_EACH = 64;

    private Fingerprint() {}

    /**
     * In hexadecimal digits.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when a file cannot be read
     */
    static String of(Component component) {
        Hasher hash = Hashing.sha256().newHasher();
        Path config = component.configFile();
        if (Files.exists(config)) {
            text(hash, Component.readJson(config).toString());
        }
        Set<Path> files = new HashSet<>();
        component.weights().tensors().values().forEach(tensor -> files.add(tensor.file()));
        files.stream().sorted().forEach(file -> add(hash, file, component));
        return hash.hash().toString();
    }

    /** Of several texts together. */
    static String of(List<String> texts) {
        Hasher hash = Hashing.sha256().newHasher();
        texts.forEach(text -> text(hash, text));
        return hash.hash().toString();
    }

    private static void add(Hasher hash, Path file, Component component) {
        try (FileChannel channel = FileChannel.open(file)) {
            text(hash, file.getFileName().toString());
            hash.putLong(channel.size());
            hash.putLong(Files.getLastModifiedTime(file).toMillis());
            for (Map.Entry<String, TensorSlice> tensor : component.weights().tensors().entrySet()) {
                TensorSlice slice = tensor.getValue();
                if (slice.file().equals(file)) {
                    text(hash, tensor.getKey() + slice.dtype() + slice.shape() + slice.strides());
                    hash.putLong(slice.offset()).putBytes(firstBytes(channel, slice));
                }
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    private static byte[] firstBytes(FileChannel channel, TensorSlice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BYTES_OF_EACH, slice.byteSpan()));
        while (bytes.hasRemaining()
                && channel.read(bytes, slice.offset() + bytes.position()) >= 0) {}
        return bytes.array();
    }

    private static void text(Hasher hash, String text) {
        hash.putInt(text.length()).putString(text, StandardCharsets.UTF_8);
    }
}
