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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Tells one component from another without reading gigabytes. */
final class Fingerprint {
    private static final int BYTES_OF_EACH = 64;
    private static final int CONTENT_DIGITS = 16;

    private Fingerprint() {}

    /**
     * Of a component as it lies there, in hexadecimal digits: SHA-256 of its configuration, of each
     * file's name, size and time of change, and of each tensor's place and first bytes. Whatever
     * edits a file changes its time; another training that was unpacked with the same size and time
     * differs in the bytes.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when a file cannot be read
     */
    static String of(Component component) {
        Hasher hash = Hashing.sha256().newHasher();
        configuration(hash, component);
        files(component).sorted().forEach(file -> add(hash, file, component));
        return hash.hash().toString();
    }

    /**
     * Of what components hold, the same wherever they lie and in whatever format: the first 16 of
     * the hexadecimal digits of the SHA-256 of their configurations and of each tensor's name,
     * shape and first bytes, none of which is as it was after a step of training.
     *
     * @param settings what the model depends on besides
     * @throws dev.zoetrope.runtime.problem.ProblemException when a file cannot be read
     */
    static String ofContent(String settings, List<Component> components) {
        Hasher hash = Hashing.sha256().newHasher();
        text(hash, settings);
        components.forEach(component -> {
            configuration(hash, component);
            Map<String, byte[]> tensors = new TreeMap<>();
            files(component).forEach(file -> read(file, component, tensors));
            tensors.forEach((tensor, bytes) -> {
                text(hash, tensor);
                hash.putBytes(bytes);
            });
        });
        return hash.hash().toString().substring(0, CONTENT_DIGITS);
    }

    private static void read(Path file, Component component, Map<String, byte[]> tensors) {
        try (FileChannel channel = FileChannel.open(file)) {
            for (Map.Entry<String, TensorSlice> tensor : component.weights().tensors().entrySet()) {
                TensorSlice slice = tensor.getValue();
                if (slice.file().equals(file)) {
                    tensors.put(
                            tensor.getKey() + slice.dtype() + slice.shape(),
                            firstBytes(channel, slice));
                }
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    private static void configuration(Hasher hash, Component component) {
        Path config = component.configFile();
        if (Files.exists(config)) {
            text(hash, Component.readJson(config).toString());
        }
    }

    private static Stream<Path> files(Component component) {
        return component.weights().tensors().values().stream().map(TensorSlice::file).distinct();
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
