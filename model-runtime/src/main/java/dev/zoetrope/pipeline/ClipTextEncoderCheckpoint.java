package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.encoder.ClipTextEncoder;
import dev.zoetrope.model.encoder.ClipTextEncoderConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A {@link ClipTextEncoder} on disk, alone or with the half that sees. */
public record ClipTextEncoderCheckpoint(WeightFile weights, ClipTextEncoderConfig config)
        implements TextEncoderCheckpoint {
    private static final String PROJECTION = "projection_dim";

    static ClipTextEncoderCheckpoint of(Component component) {
        Path file = component.configFile();
        if (!Files.exists(file)) {
            throw TextEncoderCheckpoint.withoutConfig(component);
        }
        return new ClipTextEncoderCheckpoint(
                component.weights().without(ClipTextEncoder::leavesOut),
                Component.convert(
                        file, textPart(Component.readJson(file)), ClipTextEncoderConfig.class));
    }

    /** A whole CLIP describes its text half in a field, but the width both halves share outside. */
    private static JsonNode textPart(JsonNode config) {
        if (!(config.get("text_config") instanceof ObjectNode text)) {
            return config;
        }
        return config.has(PROJECTION) ? text.set(PROJECTION, config.get(PROJECTION)) : text;
    }

    @Override
    public String architecture() {
        return "CLIP text encoder";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters(weights.tensors().keySet());
    }

    @Override
    public int channels() {
        return config.hiddenSize();
    }

    @Override
    public LoadedTextEncoder load(NDManager manager, Kernels k, Precision precision) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        return new ClipTextEncoder(
                        config,
                        ClipTextEncoder.prepare(mapped, k, precision, manager),
                        k,
                        precision)
                ::forward;
    }
}
