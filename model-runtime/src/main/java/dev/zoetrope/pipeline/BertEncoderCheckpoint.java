package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.encoder.BertEncoder;
import dev.zoetrope.model.encoder.BertEncoderConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.weights.WeightFile;

import java.util.Map;

/** A {@link BertEncoder} on disk. */
public record BertEncoderCheckpoint(WeightFile weights, BertEncoderConfig config)
        implements TextEncoderCheckpoint {
    static BertEncoderCheckpoint of(Component component) {
        BertEncoderConfig config =
                component
                        .config(BertEncoderConfig.class)
                        .orElseThrow(() -> TextEncoderCheckpoint.withoutConfig(component));
        return new BertEncoderCheckpoint(
                component.weights().without(BertEncoder::leavesOut), config);
    }

    @Override
    public String architecture() {
        return "BERT encoder";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public int channels() {
        return config.hiddenSize();
    }

    @Override
    public LoadedTextEncoder load(NDManager manager, Kernels k, Precision precision) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        return new BertEncoder(
                        config, BertEncoder.prepare(mapped, k, precision, manager), k, precision)
                ::forward;
    }
}
