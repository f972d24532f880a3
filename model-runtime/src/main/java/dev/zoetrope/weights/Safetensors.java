package dev.zoetrope.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the header of a safetensors file: eight bytes of length, a JSON object of that length, then
 * the tensors' bytes without gap or overlap to the end of the file.
 */
final class Safetensors {
    static final String METADATA = "__metadata__";
    static final long MAX_HEADER = 100_000_000;

    /** Heap of one tensor's entry beside its name. */
    private static final int HEAP_PER_TENSOR = 1200;

    private static final int HEAP_PER_TEXT = 300;

    /** A tensor's entry in the header; begin and end count from the end of the header. */
    private record Entry(DType dtype, List<Long> shape, long begin, long end) {}

    private final FileBytes in;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private Safetensors(FileBytes in) {
        this.in = in;
    }

    static WeightFile read(FileBytes in) throws IOException {
        in.seek(0);
        long length = in.i64();
        if (length < 0 || length > MAX_HEADER) {
            throw in.damaged(
                    "its header claims %s bytes, the format allows %d"
                            .formatted(Long.toUnsignedString(length), MAX_HEADER));
        }
        if (length > in.remaining()) {
            throw in.damaged(
                    "its header claims %d bytes, the file has %d after it"
                            .formatted(length, in.remaining()));
        }
        Safetensors header = new Safetensors(in);
        header.parse(in.text(length));
        header.requireTiling(in.remaining());
        return WeightFile.of(
                in.file(),
                WeightFile.Format.SAFETENSORS,
                header.slices(in.position()),
                header.metadata);
    }

    private void parse(String header) throws IOException {
        try (JsonParser json = Json.parser(header)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw in.damaged("its header is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                in.charge(HEAP_PER_TENSOR + 4L * name.length());
                if (name.equals(METADATA)) {
                    parseMetadata(json);
                } else {
                    entries.put(name, parseEntry(json, name));
                }
            }
            if (json.nextToken() != null) {
                throw in.damaged("its header goes on after the JSON object");
            }
        } catch (JacksonException e) {
            throw in.damaged("its header is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private void parseMetadata(JsonParser json) throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            require(json.nextToken() == JsonToken.VALUE_STRING, METADATA);
            String value = json.getText();
            in.charge(HEAP_PER_TEXT + 4L * (key.length() + value.length()));
            metadata.put(key, value);
        }
    }

    private Entry parseEntry(JsonParser json, String name) throws IOException {
        @Nullable DType dtype = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        require(json.nextToken() == JsonToken.START_OBJECT, name);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            switch (json.currentName()) {
                case "dtype" -> dtype = parseDType(json, name);
                case "shape" -> shape = parseNumbers(json, name);
                case "data_offsets" -> offsets = parseNumbers(json, name);
                default ->
                        throw in.damaged(
                                "tensor %s has an unknown field %s"
                                        .formatted(name, json.currentName()));
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw in.damaged("tensor " + name + " lacks its type, shape or offsets");
        }
        Entry entry = new Entry(dtype, shape, offsets.get(0), offsets.get(1));
        requireSize(name, entry);
        return entry;
    }

    private DType parseDType(JsonParser json, String name) throws IOException {
        require(json.nextToken() == JsonToken.VALUE_STRING, name);
        String text = json.getText();
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(text)) {
                return dtype;
            }
        }
        throw in.unknown("tensor %s has the number type %s".formatted(name, text));
    }

    private List<Long> parseNumbers(JsonParser json, String name) throws IOException {
        List<Long> numbers = new ArrayList<>();
        require(json.nextToken() == JsonToken.START_ARRAY, name);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, name);
            long number = json.getLongValue();
            require(number >= 0, name);
            in.charge(64);
            numbers.add(number);
        }
        return numbers;
    }

    private void require(boolean holds, String name) {
        if (!holds) {
            throw in.damaged("the entry " + name + " of its header is malformed");
        }
    }

    private void requireSize(String name, Entry entry) {
        try {
            long bits = Math.multiplyExact(TensorSlice.count(entry.shape), entry.dtype.bits());
            if (bits % Byte.SIZE == 0
                    && entry.begin <= entry.end
                    && entry.end - entry.begin == bits / Byte.SIZE) {
                return;
            }
        } catch (ArithmeticException e) {
            throw in.damaged("tensor " + name + " claims more elements than can be counted", e);
        }
        throw in.damaged(
                "tensor %s of shape %s does not fill its bytes %d to %d"
                        .formatted(name, entry.shape, entry.begin, entry.end));
    }

    /** The format leaves no byte of the data unused or used twice. */
    private void requireTiling(long dataSize) {
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(entries.entrySet());
        byOffset.sort(
                Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin)
                        .thenComparingLong(e -> e.getValue().end));
        long end = 0;
        for (Map.Entry<String, Entry> next : byOffset) {
            if (next.getValue().begin != end) {
                throw in.damaged(
                        "tensor %s %s"
                                .formatted(
                                        next.getKey(),
                                        next.getValue().begin < end
                                                ? "overlaps another one"
                                                : "leaves a gap before it"));
            }
            end = next.getValue().end;
        }
        if (end != dataSize) {
            throw in.damaged(
                    "its tensors take %d bytes, the file has %d for them".formatted(end, dataSize));
        }
    }

    private Map<String, TensorSlice> slices(long dataStart) {
        Map<String, TensorSlice> slices = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            try {
                slices.put(
                        name,
                        TensorSlice.contiguous(
                                in.file(), entry.dtype, dataStart + entry.begin, entry.shape));
            } catch (ArithmeticException e) {
                throw in.damaged("tensor " + name + " has an impossible shape", e);
            }
        });
        return slices;
    }
}
