package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.SafetensorsWriter.Tensor;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A job's own folder, where it keeps what it needs to go on after its process has ended: arrays
 * with a few facts, each file whole or not there. A file says which work it is of and has a
 * checksum. One of other work, or a damaged one, counts as not there, and the log says so.
 *
 * <p>A job that cannot write here does its work all the same, for all it loses is the chance to go
 * on. The log says that too.
 */
final class JobFolder {
    private static final Logger LOG = LoggerFactory.getLogger(JobFolder.class);

    /** The part of its time that a job may spend on keeping its state. */
    private static final double USUAL_SHARE = 0.01;

    private static final String WORK = "work";
    private static final String CHECKSUM = "crc32c";

    private final Optional<Path> place;
    private final double share;

    private JobFolder(Optional<Path> place, double share) {
        this.place = place;
        this.share = share;
    }

    /** A folder that need not exist yet. */
    static JobFolder at(Path place) {
        return at(place, USUAL_SHARE);
    }

    /**
     * A folder that need not exist yet.
     *
     * @param share of its time that a job may spend on keeping its state; without bound it keeps it
     *     at every chance
     */
    static JobFolder at(Path place, double share) {
        return new JobFolder(Optional.of(place), share);
    }

    /** For work that nobody goes on with: keeps nothing. */
    static JobFolder none() {
        return new JobFolder(Optional.empty(), USUAL_SHARE);
    }

    /** As {@link #at(Path, double)} has it. */
    double share() {
        return share;
    }

    /** What was kept under a name. */
    record Kept(Map<String, Tensor> tensors, Map<String, String> facts) {
        /** A fact that whoever kept it always states. */
        long number(String fact) {
            return Long.parseLong(facts.getOrDefault(fact, "0"));
        }

        /** An fp32 tensor. */
        NDArray array(String name, NDManager manager) {
            long[] shape = tensor(name).shape().stream().mapToLong(Long::longValue).toArray();
            return manager.create(bytes(name), new Shape(shape), DataType.FLOAT32);
        }

        /** The elements of a tensor, little-endian. */
        ByteBuffer bytes(String name) {
            return tensor(name).bytes().get();
        }

        private Tensor tensor(String name) {
            Tensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("nothing kept as " + name);
            }
            return tensor;
        }
    }

    /** An fp32 array as it is kept. */
    static Tensor tensor(String name, NDArray array) {
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new Tensor(
                name, DType.F32, shape, Kernels.inference().contiguous(array)::toByteBuffer);
    }

    /**
     * Keeps this under a name, in place of what was there.
     *
     * @param work fingerprint of all that it depends on
     */
    void keep(String name, String work, List<Tensor> tensors, Map<String, String> facts) {
        if (place.isEmpty()) {
            return;
        }
        List<Tensor> read = tensors.stream().map(JobFolder::read).toList();
        Map<String, String> metadata = new HashMap<>(facts);
        metadata.put(WORK, work);
        metadata.put(CHECKSUM, checksum(read, metadata));
        try {
            Files.createDirectories(place.get());
            SafetensorsWriter.write(file(place.get(), name), read, metadata);
        } catch (IOException | ProblemException e) {
            LOG.warn("{} cannot be kept in {}", name, place.get(), e);
        }
    }

    private static Tensor read(Tensor tensor) {
        ByteBuffer bytes = tensor.bytes().get();
        return new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), bytes::duplicate);
    }

    /** What was kept under a name by this very work. */
    Optional<Kept> find(String name, String work) {
        Optional<Path> file = place.map(folder -> file(folder, name)).filter(Files::exists);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            WeightFile weights = WeightFile.open(file.get());
            Map<String, String> metadata = weights.metadata();
            if (!work.equals(metadata.get(WORK))) {
                LOG.warn("{} is of other work and counts as not there", file.get());
                return Optional.empty();
            }
            Map<String, Tensor> tensors = read(file.get(), weights.tensors());
            Map<String, String> sealed = new HashMap<>(metadata);
            String checksum = sealed.remove(CHECKSUM);
            if (checksum(List.copyOf(tensors.values()), sealed).equals(checksum)) {
                return Optional.of(new Kept(tensors, metadata));
            }
            LOG.warn("{} is damaged and counts as not there", file.get());
        } catch (IOException | ProblemException e) {
            LOG.warn("{} cannot be read and counts as not there", file.get(), e);
        }
        return Optional.empty();
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ".safetensors");
    }

    /** Read, not mapped: a file that is mapped cannot be replaced on Windows. */
    private static Map<String, Tensor> read(Path file, Map<String, TensorSlice> slices)
            throws IOException {
        Map<String, Tensor> tensors = new HashMap<>();
        try (FileChannel channel = FileChannel.open(file)) {
            for (Map.Entry<String, TensorSlice> entry : slices.entrySet()) {
                TensorSlice slice = entry.getValue();
                ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(slice.byteSpan()));
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, slice.offset() + bytes.position()) < 0) {
                        throw new EOFException(file + " ends early");
                    }
                }
                bytes.flip();
                tensors.put(
                        entry.getKey(),
                        new Tensor(entry.getKey(), slice.dtype(), slice.shape(), bytes::duplicate));
            }
        }
        return tensors;
    }

    private static String checksum(List<Tensor> tensors, Map<String, String> facts) {
        CRC32C sum = new CRC32C();
        List<Tensor> ordered = new ArrayList<>(tensors);
        ordered.sort((a, b) -> a.name().compareTo(b.name()));
        for (Tensor tensor : ordered) {
            add(sum, tensor.name() + tensor.dtype() + tensor.shape());
            sum.update(tensor.bytes().get());
        }
        new TreeMap<>(facts).forEach((name, fact) -> add(sum, name + "=" + fact + "\n"));
        return Long.toHexString(sum.getValue());
    }

    private static void add(CRC32C sum, String text) {
        sum.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
