package dev.zoetrope.model.codec;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;
import dev.zoetrope.weights.SafetensorsWriter.Tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A causal video VAE of random weights, small enough to run in every test. */
public record SmallVae(String json) {
    /** Two levels in each half; sizes and, the first frame aside, lengths are halved once. */
    public static final SmallVae TWO_LEVELS =
            of(
                    """
                    "encoder_spatial_downsample": ["SpatialDownsample2x", ""],
                    "encoder_temporal_downsample": ["TimeDownsample2x", ""],
                    "decoder_spatial_upsample": ["", "SpatialUpsample2x"],
                    "decoder_temporal_upsample": ["", "TimeUpsample2x"]
                    """);

    /** With these fields besides the sizes. */
    static SmallVae of(String fields) {
        return new SmallVae(
                """
                {"hidden_size": 32, "hidden_size_mult": [1, 1], "num_res_blocks": 1, "resolution": 32,
                """
                        + fields
                        + "}");
    }

    public CausalVideoVaeConfig config() {
        try {
            return new ObjectMapper().readValue(json, CausalVideoVaeConfig.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    CausalVideoVae model(NDManager manager, Precision precision) {
        Kernels k = Kernels.inference();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        config().parameters()
                .forEach((name, shape) ->
                        arrays.put(name, manager.create(values(name, shape), shape)));
        Parameters p = CausalVideoVae.prepare(new Parameters(arrays), k, precision, manager);
        return new CausalVideoVae(config(), p, k, precision);
    }

    /** Makes a model folder of it. */
    public Path writeTo(Path folder, String weights, String... otherTensors) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), json);
        List<Tensor> tensors = new ArrayList<>();
        config().parameters().forEach((name, shape) -> tensors.add(tensor(name, shape)));
        for (String name : otherTensors) {
            tensors.add(tensor(name, new Shape(3)));
        }
        SafetensorsWriter.write(folder.resolve(weights), tensors, Map.of());
        return folder;
    }

    static Tensor tensor(String name, Shape shape) {
        List<Long> sizes = Arrays.stream(shape.getShape()).boxed().toList();
        return new Tensor(name, DType.F32, sizes, () -> bytes(values(name, shape)));
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    /** So that activations neither grow nor shrink. */
    static float[] values(String name, Shape shape) {
        Random random = new Random(name.hashCode());
        boolean scales = shape.dimension() == 1 && name.endsWith(".weight");
        double spread =
                shape.dimension() == 1 ? 0.1 : Math.sqrt((double) shape.get(0) / shape.size());
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * spread + (scales ? 1 : 0));
        }
        return values;
    }
}
