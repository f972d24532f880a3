package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import com.google.common.hash.Hashing;

import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What encoders made of prompts, on disk: a prompt that was encoded once needs its encoder, often
 * larger than the denoiser, never again. Beyond its size the cache forgets what was used longest
 * ago.
 *
 * <p>A file that cannot be read counts as none and is written anew. No failure is hidden by that:
 * the states are those that the encoder gives, only later.
 */
public final class PromptCache {
    /** Some two hundred prompts of 300 tokens for a T5 of 4096 channels. */
    static final long USUAL_SIZE = 1L << 30;

    private static final String STATES = "states";
    private static final String MASK = "mask";

    /**
     * All that the states of a prompt depend on.
     *
     * @param encoder fingerprint of its weights and tokenizer
     * @param text as the tokenizer gets it, cleaned
     * @param limit tokens
     */
    public record Key(String encoder, String text, int limit) {
        String fileName() {
            // The length first, so that no two keys run together.
            return Hashing.sha256()
                            .newHasher()
                            .putInt(encoder.length())
                            .putString(encoder, StandardCharsets.UTF_8)
                            .putInt(limit)
                            .putString(text, StandardCharsets.UTF_8)
                            .hash()
                    + ".safetensors";
        }
    }

    private final Path folder;
    private final long size;

    /** The cache in a folder, which may not exist yet. */
    public PromptCache(Path folder) {
        this(folder, USUAL_SIZE);
    }

    /**
     * @param size bytes that its files take at most, except that the newest is always kept
     */
    PromptCache(Path folder, long size) {
        this.folder = folder;
        this.size = size;
    }

    /**
     * The states of a prompt, mapped from the disk if they are there.
     *
     * @param manager owns the arrays that are read
     * @param encoder is asked only for a prompt that is not there
     * @throws ProblemException with {@link Problem.FileInaccessible} when they cannot be kept
     */
    public Condition.Text states(NDManager manager, Key key, Supplier<Condition.Text> encoder) {
        Path file = folder.resolve(key.fileName());
        Condition.Text kept = read(manager, file);
        if (kept != null) {
            return kept;
        }
        Condition.Text encoded = encoder.get();
        try {
            Files.createDirectories(folder);
            write(file, encoded);
            forget(file);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
        return encoded;
    }

    /** Whether the states of a prompt seem to be there. */
    boolean has(Key key) {
        return Files.exists(folder.resolve(key.fileName()));
    }

    private static Condition.@Nullable Text read(NDManager manager, Path file) {
        Map<String, TensorSlice> tensors;
        try {
            tensors = WeightFile.open(file).tensors();
        } catch (ProblemException e) {
            return null;
        }
        TensorSlice states = tensors.get(STATES);
        TensorSlice mask = tensors.get(MASK);
        boolean whole =
                states != null
                        && states.shape().size() == 3
                        && (mask == null || mask.shape().equals(states.shape().subList(0, 2)));
        if (!whole) {
            return null;
        }
        // Only the order of forgetting depends on whether this succeeds.
        boolean _ = file.toFile().setLastModified(System.currentTimeMillis());
        Parameters arrays = Parameters.map(manager, tensors);
        return new Condition.Text(arrays.get(STATES), mask == null ? null : arrays.get(MASK));
    }

    private static void write(Path file, Condition.Text text) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        tensors.add(tensor(STATES, text.states()));
        if (text.mask() != null) {
            tensors.add(tensor(MASK, text.mask()));
        }
        SafetensorsWriter.write(file, tensors, Map.of());
    }

    private static SafetensorsWriter.Tensor tensor(String name, NDArray array) {
        DType type =
                switch (array.getDataType()) {
                    case FLOAT32 -> DType.F32;
                    case INT64 -> DType.I64;
                    default ->
                            throw new IllegalArgumentException(name + " of " + array.getDataType());
                };
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new SafetensorsWriter.Tensor(name, type, shape, array::toByteBuffer);
    }

    /** A file as it was when the cache looked, since other processes may use it. */
    private record Kept(Path file, long bytes, long lastUse) {
        static Kept of(Path path) {
            File file = path.toFile();
            return new Kept(path, file.length(), file.lastModified());
        }
    }

    /** Deletes what was used longest ago until the rest fits. */
    private void forget(Path newest) throws IOException {
        List<Kept> kept;
        try (Stream<Path> all = Files.list(folder)) {
            kept =
                    all.filter(file -> file.toString().endsWith(".safetensors"))
                            .map(Kept::of)
                            .sorted(Comparator.comparingLong(Kept::lastUse).reversed())
                            .toList();
        }
        long total = 0;
        for (Kept one : kept) {
            total += one.bytes;
            if (total > size && !one.file.equals(newest)) {
                // On Windows a file that is mapped stays, until a later time.
                boolean _ = one.file.toFile().delete();
            }
        }
    }
}
