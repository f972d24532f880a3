package dev.zoetrope.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model folder made of a pipeline's golden, whose one weight file holds all components, each
 * under a prefix that its sizes have in the one {@code config.json} too.
 */
public final class GoldenModelFolder {
    private static final Map<String, String> FOLDERS = Map.of("vqvae", "vae", "dit", "transformer");

    private GoldenModelFolder() {}

    /** Writes the components' folders into {@code folder}. */
    public static void write(Path golden, Path folder) {
        try {
            JsonNode config =
                    new ObjectMapper().readTree(Files.readString(golden.resolve("config.json")));
            WeightFile weights = WeightFile.open(golden.resolve("weights.safetensors"));
            for (Map.Entry<String, JsonNode> component : config.properties()) {
                if (component.getValue().isObject()) {
                    String name = component.getKey();
                    Path place = folder.resolve(FOLDERS.getOrDefault(name, name));
                    Files.createDirectories(place);
                    Files.writeString(
                            place.resolve("config.json"), component.getValue().toString());
                    SafetensorsWriter.write(
                            place.resolve("model.safetensors"),
                            tensors(weights, name + "."),
                            Map.of());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SafetensorsWriter.Tensor> tensors(WeightFile weights, String prefix) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        weights.tensors()
                .forEach((name, slice) -> {
                    if (name.startsWith(prefix)) {
                        tensors.add(
                                new SafetensorsWriter.Tensor(
                                        name.substring(prefix.length()),
                                        slice.dtype(),
                                        slice.shape(),
                                        () -> bytes(slice)));
                    }
                });
        return tensors;
    }

    private static ByteBuffer bytes(TensorSlice slice) {
        try (FileChannel channel = FileChannel.open(slice.file())) {
            return channel.map(FileChannel.MapMode.READ_ONLY, slice.offset(), slice.byteSpan())
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
