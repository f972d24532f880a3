package dev.zoetrope.weights;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The tensors of a weight file and where each of them lies. Opening reads the description of the
 * tensors and none of their bytes, and runs nothing that the file contains.
 *
 * <p>The format is told by the content, never by the name: safetensors, an index of several such
 * files, what {@code torch.save} writes (since version 1.6 a zip archive, before that a row of
 * pickles), checkpoints of PyTorch-Lightning included, and ONNX.
 */
public final class WeightFile {
    private static final int ZIP = 0x04034b50;
    private static final int EMPTY_ZIP = 0x06054b50;
    private static final int PICKLE = 0x80;
    private static final String WRAPPER = "module.";

    /** How a file holds its tensors. */
    public enum Format {
        SAFETENSORS("safetensors"),
        SHARDED_SAFETENSORS("safetensors in several files"),
        TORCH_ZIP("PyTorch zip archive"),
        TORCH_PICKLE("PyTorch pickle of before version 1.6"),
        ONNX("ONNX");

        private final String title;

        Format(String title) {
            this.title = title;
        }

        /** What a person calls it. */
        public String title() {
            return title;
        }
    }

    private final Path file;
    private final Format format;
    private final Map<String, TensorSlice> tensors;
    private final Map<String, String> metadata;
    private final Object root;

    private WeightFile(
            Path file,
            Format format,
            Map<String, TensorSlice> tensors,
            Map<String, String> metadata,
            Object root) {
        this.file = file;
        this.format = format;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.metadata = Collections.unmodifiableMap(metadata);
        this.root = root;
    }

    /**
     * Reads where the tensors of a file lie. Takes milliseconds and, on the heap, less than the
     * file's size plus 64 MiB.
     *
     * @throws ProblemException with {@link Problem.FileMissing} or {@link
     *     Problem.FileInaccessible}; {@link Problem.CheckpointUnknown} if it is no weight file or
     *     one of a kind that cannot be mapped; {@link Problem.CheckpointDamaged} if it is not
     *     whole; {@link Problem.CheckpointUnsafe} if it asks to run code, or if one of its weights
     *     could only be had by running some
     */
    public static WeightFile open(Path file) {
        return open(file, true);
    }

    /** As {@link #open(Path)}, for a file that an index refers to, which is no index itself. */
    static WeightFile openShard(Path file) {
        return open(file, false);
    }

    private static WeightFile open(Path file, boolean indexAllowed) {
        if (!Files.exists(file)) {
            throw new Problem.FileMissing(file).asException();
        }
        if (!Files.isRegularFile(file)) {
            String kind = Files.isDirectory(file) ? "it is a folder" : "it is not a regular file";
            throw new Problem.FileInaccessible(file, kind).asException();
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return read(FileBytes.of(file, channel), indexAllowed);
        } catch (NoSuchFileException e) {
            throw new Problem.FileMissing(file).asException(e);
        } catch (AccessDeniedException e) {
            throw new Problem.FileInaccessible(file, "reading it is not permitted").asException(e);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }

    /**
     * Copies of a weight file what opening it reads, and leaves holes for the rest: the copy opens
     * as the same weights, all of whose numbers are zero, and takes next to nothing on the disk.
     *
     * @param whole a safetensors file or an ONNX model, which are read from front to back
     * @param size of it in bytes
     * @param copy a new file
     * @throws ProblemException as {@link #open}
     */
    public static void outline(InputStream whole, long size, Path copy) throws IOException {
        try (FileChannel outline =
                FileChannel.open(
                        copy,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            read(FileBytes.of(copy, new OutlineChannel(whole, size, outline)), false);
            if (outline.size() < size) {
                outline.write(ByteBuffer.allocate(1), size - 1);
            }
        }
    }

    private static WeightFile read(FileBytes in, boolean indexAllowed) throws IOException {
        if (in.size() == 0) {
            throw in.unknown("it is empty");
        }
        byte[] head = in.bytes(Math.min(in.size(), Long.BYTES + 1));
        boolean longEnough = head.length > Long.BYTES;
        // The header of a safetensors file follows its length, which has zeros at its end.
        boolean header = longEnough && head[Long.BYTES] == '{';
        if (header && head[5] == 0 && head[6] == 0 && head[7] == 0) {
            return Safetensors.read(in);
        }
        if (longEnough && startsWith(head, ZIP)) {
            return TorchZip.read(in);
        }
        if (longEnough && Byte.toUnsignedInt(head[0]) == PICKLE) {
            return TorchLegacy.read(in);
        }
        if (head[0] == '{' && indexAllowed) {
            return ShardedIndex.read(in);
        }
        if (header) {
            return Safetensors.read(in);
        }
        if (longEnough && startsWith(head, EMPTY_ZIP)) {
            throw in.unknown("it is an empty zip archive");
        }
        if (longEnough && Onnx.begins(head)) {
            return Onnx.read(in);
        }
        throw in.unknown("it does not begin as any weight file does");
    }

    private static boolean startsWith(byte[] head, int magic) {
        int start = 0;
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
            start = start << Byte.SIZE | Byte.toUnsignedInt(head[i]);
        }
        return start == magic;
    }

    static WeightFile of(
            Path file,
            Format format,
            Map<String, TensorSlice> tensors,
            Map<String, String> metadata) {
        return new WeightFile(
                file, format, tensors, metadata, Collections.unmodifiableMap(tensors));
    }

    static WeightFile ofPickle(FileBytes in, Format format, @Nullable Object root) {
        if (root instanceof Opaque call) {
            throw in.unsafe(call.name());
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw in.unknown("it holds no named weights");
        }
        return new WeightFile(in.file(), format, weights(in, map), Map.of(), map);
    }

    private static Map<String, TensorSlice> weights(FileBytes in, Map<?, ?> root) {
        Map<String, TensorSlice> tensors = new LinkedHashMap<>();
        stateDict(root)
                .forEach((key, value) -> {
                    if (!(key instanceof String name)) {
                        throw in.unknown("its weights have no names");
                    }
                    switch (value) {
                        case TensorSlice slice -> tensors.put(name, slice);
                        case Opaque call -> throw in.unsafe(call.name() + " for " + name);
                        case null, default -> requireExtraState(in, name);
                    }
                });
        if (tensors.isEmpty()) {
            throw in.unknown("it holds no named weights");
        }
        return withoutWrapper(tensors);
    }

    /** Training on several devices wraps the model in another one, as whose child it is saved. */
    private static Map<String, TensorSlice> withoutWrapper(Map<String, TensorSlice> tensors) {
        if (!tensors.keySet().stream().allMatch(name -> name.startsWith(WRAPPER))) {
            return tensors;
        }
        Map<String, TensorSlice> inner = new LinkedHashMap<>();
        tensors.forEach((name, slice) -> inner.put(name.substring(WRAPPER.length()), slice));
        return inner;
    }

    /** The one thing that a module may put beside its tensors, under a name torch has fixed. */
    private static void requireExtraState(FileBytes in, String name) {
        if (!name.endsWith("_extra_state")) {
            throw in.unknown("its entry " + name + " is not a tensor");
        }
    }

    private static Map<?, ?> stateDict(Map<?, ?> root) {
        if (root.get("ema_state_dict") instanceof Map<?, ?> average && !average.isEmpty()) {
            return average;
        }
        if (root.get("state_dict") instanceof Map<?, ?> stateDict) {
            // A Lightning module that trains a generator against a discriminator.
            return stateDict.get("gen_model") instanceof Map<?, ?> generator
                    ? generator
                    : stateDict;
        }
        if (root.get("model") instanceof Map<?, ?> model) {
            return model;
        }
        if (root.get("ema") instanceof Map<?, ?> ema) {
            return ema;
        }
        return root;
    }

    /** The same file without the weights that {@code unused} names: those of other parts. */
    public WeightFile without(Predicate<String> unused) {
        Map<String, TensorSlice> rest = new LinkedHashMap<>(tensors);
        rest.keySet().removeIf(unused);
        return with(rest);
    }

    /** The same file with these for its weights: under other names, or seen in other shapes. */
    public WeightFile with(Map<String, TensorSlice> weights) {
        return new WeightFile(file, format, new LinkedHashMap<>(weights), metadata, root);
    }

    /** The file that was opened. */
    public Path file() {
        return file;
    }

    /** How it holds its tensors. */
    public Format format() {
        return format;
    }

    /**
     * The weights by name, in the file's order. Of a pickle these are {@code ema_state_dict},
     * {@code state_dict.gen_model}, {@code state_dict}, {@code model}, {@code ema} or the pickle
     * itself, whichever of them comes first, without the {@code module.} before all their names; of
     * an ONNX model they are its initializers.
     */
    public Map<String, TensorSlice> tensors() {
        return tensors;
    }

    /** How many numbers its weights are. */
    public long elements() {
        return tensors.values().stream().mapToLong(TensorSlice::elements).sum();
    }

    /** What they take in the file. */
    public long bytes() {
        return tensors.values().stream().mapToLong(TensorSlice::byteSpan).sum();
    }

    /** The text that a safetensors file or an index carries beside its tensors, otherwise empty. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * All that the file holds, unmodifiable: of a pickle the tree of {@link Map}s, {@link
     * java.util.List}s (of lists and tuples), {@link java.util.Set}s, {@link TensorSlice}s, text,
     * numbers, truth values, nulls and {@link Opaque}s, with a Lightning checkpoint's {@code
     * hyper_parameters} in it; of any other file {@link #tensors()}. Map keys are text, whole
     * numbers, truth values or {@link Opaque}s. Parts of it may be shared, so printing it whole can
     * take very long.
     */
    public Object root() {
        return root;
    }
}
