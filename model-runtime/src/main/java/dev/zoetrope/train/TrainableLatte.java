package dev.zoetrope.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.Latte;
import dev.zoetrope.model.denoiser.LatteConfig;
import dev.zoetrope.runtime.device.Precision;

import java.util.Map;

/** A {@link Latte} in training, of classes or of nothing. */
public record TrainableLatte(LatteConfig config) implements TrainableDenoiser {
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
        return config.byLabel() ? config.numClasses() : 0;
    }

    @Override
    public boolean learnsVariance() {
        return config.learnSigma();
    }

    @Override
    public Parameters prepare(Parameters p, Kernels k, Precision precision, NDManager manager) {
        return Latte.prepare(p, k, precision, manager);
    }

    @Override
    public Model model(Parameters prepared, Kernels k, Precision precision) {
        Latte model = new Latte(config, prepared, k, precision);
        return (x, times, told, mask) ->
                DitLayers.turned(
                        model.forward(DitLayers.turned(x), times, DitLayers.labels(told), mask));
    }
}
