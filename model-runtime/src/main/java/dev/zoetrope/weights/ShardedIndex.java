package dev.zoetrope.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a {@code *.index.json}, which tells in which file of its folder each tensor lies. Every
 * tensor of a file it names must be listed, and none that is not there. The total size it may state
 * is not compared: tools disagree on what it counts.
 */
final class ShardedIndex {
    private static final long MAX_SIZE = Safetensors.MAX_HEADER;
    private static final int HEAP_PER_TENSOR = 300;

    private final FileBytes in;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private @Nullable Map<String, String> shardOfTensor;

    private ShardedIndex(FileBytes in) {
        this.in = in;
    }

    static WeightFile read(FileBytes in) throws IOException {
        if (in.size() > MAX_SIZE) {
            throw in.unknown("it is text of " + in.size() + " bytes");
        }
        in.seek(0);
        ShardedIndex index = new ShardedIndex(in);
        index.parse(in.text(in.size()));
        if (index.shardOfTensor == null) {
            throw in.unknown("it is JSON that does not say where weights lie");
        }
        return WeightFile.of(
                in.file(),
                WeightFile.Format.SHARDED_SAFETENSORS,
                index.collect(index.shardOfTensor),
                index.metadata);
    }

    private void parse(String text) throws IOException {
        try (JsonParser json = Json.parser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                switch (field) {
                    case "weight_map" -> shardOfTensor = parseWeightMap(json, token);
                    case "metadata" -> parseMetadata(json, token);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw in.damaged("it goes on after its JSON object");
            }
        } catch (JacksonException e) {
            throw in.damaged("it is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Map<String, String> parseWeightMap(JsonParser json, JsonToken token)
            throws IOException {
        require(token == JsonToken.START_OBJECT);
        Map<String, String> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String tensor = json.currentName();
            require(json.nextToken() == JsonToken.VALUE_STRING);
            String shard = json.getText();
            in.charge(HEAP_PER_TENSOR + 4L * (tensor.length() + shard.length()));
            map.put(tensor, shard);
        }
        return map;
    }

    private void require(boolean holds) {
        if (!holds) {
            throw in.damaged("its weight_map does not give a file for each tensor");
        }
    }

    /** Keeps what is text or a number, such as the total size; the rest is of no use here. */
    private void parseMetadata(JsonParser json, JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (json.nextToken().isScalarValue()) {
                in.charge(HEAP_PER_TENSOR);
                metadata.put(key, json.getText());
            } else {
                json.skipChildren();
            }
        }
    }

    private Map<String, TensorSlice> collect(Map<String, String> shardOfTensor) {
        Map<String, Map<String, TensorSlice>> shards = new HashMap<>();
        Map<String, TensorSlice> tensors = new LinkedHashMap<>();
        shardOfTensor.forEach((tensor, name) -> {
            Map<String, TensorSlice> shard =
                    shards.computeIfAbsent(
                            name,
                            _ ->
                                    new LinkedHashMap<>(
                                            WeightFile.openShard(resolve(name)).tensors()));
            TensorSlice slice = shard.remove(tensor);
            if (slice == null) {
                throw in.damaged("its tensor " + tensor + " is missing from " + name);
            }
            tensors.put(tensor, slice);
        });
        shards.forEach((name, unlisted) -> {
            if (!unlisted.isEmpty()) {
                throw in.damaged(
                        "it does not list the tensor %s of %s"
                                .formatted(unlisted.keySet().iterator().next(), name));
            }
        });
        return tensors;
    }

    /**
     * A file beside the index. The name decides, not where a link leads: download caches keep the
     * bytes elsewhere and link to them.
     */
    private Path resolve(String name) {
        try {
            Path relative = Path.of(name);
            Path normal = relative.normalize();
            boolean inside =
                    !relative.isAbsolute()
                            && !name.isEmpty()
                            && !name.contains("\\")
                            && relative.equals(normal)
                            && !normal.startsWith("..");
            if (inside) {
                return in.file().resolveSibling(relative);
            }
        } catch (InvalidPathException e) {
            throw in.damaged("it refers to a file with an impossible name", e);
        }
        throw in.damaged("it refers to '" + name + "', which is not in its folder");
    }
}
