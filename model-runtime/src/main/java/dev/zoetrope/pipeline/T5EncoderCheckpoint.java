package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.encoder.T5Encoder;
import dev.zoetrope.model.encoder.T5EncoderConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import java.util.Map;

/** A {@link T5Encoder} on disk, alone or with its decoder. */
public record T5EncoderCheckpoint(WeightFile weights, T5EncoderConfig config)
        implements TextEncoderCheckpoint {
    static T5EncoderCheckpoint of(Component component) {
        T5EncoderConfig config =
                component
                        .config(T5EncoderConfig.class)
                        .orElseThrow(() -> TextEncoderCheckpoint.withoutConfig(component));
        return new T5EncoderCheckpoint(component.weights().without(T5Encoder::leavesOut), config);
    }

    @Override
    public String architecture() {
        return "T5 encoder";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters(weights.tensors().keySet());
    }

    @Override
    public int channels() {
        return config.dModel();
    }

    @Override
    public LoadedTextEncoder load(NDManager manager, Kernels k, Precision precision) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        return new T5Encoder(config, T5Encoder.prepare(mapped, k, precision, manager), k, precision)
                ::forward;
    }
}
