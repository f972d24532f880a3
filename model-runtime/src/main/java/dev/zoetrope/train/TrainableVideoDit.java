package dev.zoetrope.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDit;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.runtime.device.Precision;

import java.util.Map;

/** A {@link VideoDit} in training. */
public record TrainableVideoDit(VideoDitConfig config) implements TrainableDenoiser {
    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    /** All but tables of positions, which are computed. */
    @Override
    public boolean learns(String key) {
        return DitLayers.learns(key);
    }

    @Override
    public float[] initial(String key, Shape shape, Draws draw) {
        if (key.contains(".rope.freqs_")) {
            return DitLayers.rotation(
                    key.endsWith("cos"), config.inputSize(), config.rotarySpan(), shape);
        }
        return DitLayers.initial(key, shape, config.trainedRows(), config.trainedColumns(), draw);
    }

    @Override
    public int channels() {
        return config.inChannels();
    }

    @Override
    public int patch() {
        return config.patchSize();
    }

    @Override
    public int classes() {
        return config.conditional() ? config.numClasses() : 0;
    }

    @Override
    public boolean learnsVariance() {
        return config.learnSigma();
    }

    @Override
    public Parameters prepare(Parameters p, Kernels k, Precision precision, NDManager manager) {
        return VideoDit.prepare(p, k, precision, manager);
    }

    @Override
    public Model model(Parameters prepared, Kernels k, Precision precision) {
        VideoDit model = new VideoDit(config.withInterpolatedPositions(), prepared, k, precision);
        boolean channelsFirst = config.variant() == VideoDitConfig.Variant.MAR_05;
        return (x, times, told, mask) -> {
            NDArray labels = DitLayers.labels(told);
            return channelsFirst
                    ? model.forward(x, times, labels, mask)
                    : DitLayers.turned(model.forward(DitLayers.turned(x), times, labels, mask));
        };
    }
}
