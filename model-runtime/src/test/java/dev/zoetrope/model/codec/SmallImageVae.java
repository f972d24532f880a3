package dev.zoetrope.model.codec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.SafetensorsWriter.Tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An image VAE of random weights, small enough to run in every test. */
public record SmallImageVae(String json) {
    /** Rows and columns are halved once; the inner level is wider. */
    public static final SmallImageVae TWO_LEVELS =
            new SmallImageVae("{\"block_out_channels\": [32, 64], \"layers_per_block\": 1}");

    /** How a checkpoint writes the projections of its attentions. */
    public enum Form {
        TODAY,
        OLDER,
        OLDER_CONVOLUTIONS
    }

    public AutoencoderKlConfig config() {
        try {
            return new ObjectMapper().readValue(json, AutoencoderKlConfig.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    AutoencoderKl model(NDManager manager, Kernels k, Precision precision) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        config().parameters()
                .forEach((name, shape) ->
                        arrays.put(name, manager.create(SmallVae.values(name, shape), shape)));
        Parameters p = AutoencoderKl.prepare(new Parameters(arrays), k, precision, manager);
        return new AutoencoderKl(config(), p, k, precision);
    }

    /** Makes a model folder of it; the weights are the same in every form. */
    public Path writeTo(Path folder, Form form) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), json);
        List<Tensor> tensors = new ArrayList<>();
        config().parameters().forEach((name, shape) -> tensors.add(tensor(name, shape, form)));
        SafetensorsWriter.write(
                folder.resolve("diffusion_pytorch_model.safetensors"), tensors, Map.of());
        return folder;
    }

    private static Tensor tensor(String name, Shape shape, Form form) {
        Tensor today = SmallVae.tensor(name, shape);
        if (form == Form.TODAY || !name.contains(".attentions.")) {
            return today;
        }
        String older =
                name.replace("to_q", "query")
                        .replace("to_k", "key")
                        .replace("to_v", "value")
                        .replace("to_out.0", "proj_attn");
        List<Long> sizes = new ArrayList<>(today.shape());
        if (form == Form.OLDER_CONVOLUTIONS && sizes.size() == 2) {
            sizes.addAll(List.of(1L, 1L));
        }
        return new Tensor(older, today.dtype(), sizes, today.bytes());
    }
}
