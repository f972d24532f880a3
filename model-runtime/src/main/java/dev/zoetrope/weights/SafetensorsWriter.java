package dev.zoetrope.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Writes safetensors files, which appear whole or not at all. */
public final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * A tensor to be written.
     *
     * @param shape elements along each axis, each at least 0; empty for a scalar
     * @param bytes the elements, little-endian and contiguous, from the buffer's position to its
     *     limit; asked for once, when it is the tensor's turn, so that not all need be in memory
     */
    public record Tensor(String name, DType dtype, List<Long> shape, Supplier<ByteBuffer> bytes) {
        /**
         * @throws IllegalArgumentException if the name is the format's own {@code __metadata__}, or
         *     the elements do not fill whole bytes
         */
        public Tensor {
            shape = List.copyOf(shape);
            long bits = Math.multiplyExact(TensorSlice.count(shape), dtype.bits());
            if (name.equals(Safetensors.METADATA) || bits < 0 || bits % Byte.SIZE != 0) {
                throw new IllegalArgumentException(name + " of " + dtype + " " + shape);
            }
        }

        private long size() {
            return dtype.bytesFor(TensorSlice.count(shape));
        }
    }

    private SafetensorsWriter() {}

    /**
     * Writes the tensors to {@code file.part} and moves that to {@code file} when it is whole and
     * on the disk. Types with larger elements come first in the file, so that every tensor is
     * aligned to its elements and can be mapped.
     *
     * @param metadata text for people and tools, may be empty
     * @throws ProblemException with {@link Problem.FileInaccessible} if it cannot be written
     * @throws IllegalArgumentException if two tensors have one name, or a tensor's bytes are not as
     *     many as its shape and type need
     */
    public static void write(Path file, List<Tensor> tensors, Map<String, String> metadata) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try {
                writePart(part, aligned(tensors), metadata);
                Files.move(
                        part,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            String reason =
                    switch (e) {
                        case NoSuchFileException _ -> "its folder does not exist";
                        case AccessDeniedException _ -> "writing it is not permitted";
                        default -> String.valueOf(e.getMessage());
                    };
            throw new Problem.FileInaccessible(file, reason).asException(e);
        }
    }

    private static List<Tensor> aligned(List<Tensor> tensors) {
        Set<String> names = new HashSet<>();
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name)) {
                throw new IllegalArgumentException("two tensors named " + tensor.name);
            }
        }
        List<Tensor> ordered = new ArrayList<>(tensors);
        // Equal tensors shall make equal files, in whatever order a map had them.
        ordered.sort(
                Comparator.comparingInt((Tensor t) -> t.dtype.bits())
                        .reversed()
                        .thenComparing(Tensor::name));
        return ordered;
    }

    private static void writePart(Path part, List<Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            write(channel, ByteBuffer.wrap(header(tensors, metadata)));
            for (Tensor tensor : tensors) {
                ByteBuffer bytes = tensor.bytes.get().duplicate();
                if (bytes.remaining() != tensor.size()) {
                    throw new IllegalArgumentException(
                            "%s needs %d bytes, got %d"
                                    .formatted(tensor.name, tensor.size(), bytes.remaining()));
                }
                write(channel, bytes);
            }
            channel.force(true);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Length and JSON, the latter filled up with spaces to a multiple of eight bytes. */
    private static byte[] header(List<Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(json)) {
            out.writeStartObject();
            if (!metadata.isEmpty()) {
                out.writeObjectFieldStart(Safetensors.METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    out.writeStringField(entry.getKey(), entry.getValue());
                }
                out.writeEndObject();
            }
            long offset = 0;
            for (Tensor tensor : tensors) {
                out.writeObjectFieldStart(tensor.name);
                out.writeStringField("dtype", tensor.dtype.name());
                writeNumbers(out, "shape", tensor.shape);
                writeNumbers(out, "data_offsets", List.of(offset, offset + tensor.size()));
                out.writeEndObject();
                offset += tensor.size();
            }
            out.writeEndObject();
        }
        while (json.size() % Long.BYTES != 0) {
            json.write(' ');
        }
        return ByteBuffer.allocate(Long.BYTES + json.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.size())
                .put(json.toByteArray())
                .array();
    }

    private static void writeNumbers(JsonGenerator out, String field, List<Long> numbers)
            throws IOException {
        out.writeArrayFieldStart(field);
        for (long number : numbers) {
            out.writeNumber(number);
        }
        out.writeEndArray();
    }
}
