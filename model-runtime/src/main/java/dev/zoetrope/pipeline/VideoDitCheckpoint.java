package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.VideoDit;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.model.denoiser.VideoDitConfig.Variant;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.weights.WeightFile;

import java.util.Map;

/** A {@link VideoDit} on disk. */
public record VideoDitCheckpoint(WeightFile weights, VideoDitConfig config)
        implements DenoiserCheckpoint {
    static VideoDitCheckpoint of(Component component) {
        VideoDitConfig config =
                component
                        .config(VideoDitConfig.class)
                        .orElseGet(() -> {
                            try {
                                return VideoDitConfig.of(DenoiserCheckpoint.shapes(component));
                            } catch (IllegalArgumentException e) {
                                throw DenoiserCheckpoint.withoutSizes(
                                        component, String.valueOf(e.getMessage()));
                            }
                        });
        return new VideoDitCheckpoint(component.weights(), config);
    }

    @Override
    public String architecture() {
        return "VideoDiT";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public LatentLayout latents() {
        int frames = config.trainedFrames();
        return new LatentLayout(
                config.inChannels(),
                config.variant() == Variant.MAR_05 ? 1 : 2,
                config.patchSize(),
                // 7 March stores no length; what that code sampled with is 16 frames of pixels.
                frames == Integer.MAX_VALUE ? 4 : frames,
                config.trainedRows() * config.patchSize(),
                config.trainedColumns() * config.patchSize());
    }

    @Override
    public Conditioning conditioning() {
        return config.conditional()
                ? new Conditioning.ByLabel(config.numClasses())
                : new Conditioning.None();
    }

    @Override
    public Published published() {
        return Published.ofMarch(config.learnSigma());
    }

    @Override
    public ConditionedDenoiser load(NDManager manager, Kernels k, Precision precision) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        // Larger grids than the trained one are squeezed into its range of positions.
        VideoDitConfig squeezing = config.withInterpolatedPositions();
        return of(
                new VideoDit(
                        squeezing, VideoDit.prepare(mapped, k, precision, manager), k, precision));
    }

    static ConditionedDenoiser of(VideoDit model) {
        return new ConditionedDenoiser() {
            @Override
            public Denoiser under(Condition condition) {
                boolean conditional = model.config().conditional();
                long label =
                        switch (condition) {
                            case Condition.Label(long given) -> given;
                            case Condition.None _ -> model.nullLabel();
                            case Condition.Text _ ->
                                    throw new IllegalArgumentException("a text for a VideoDiT");
                        };
                return (x, time) -> {
                    NDManager scratch = x.getManager();
                    NDArray t = scratch.create(new float[] {(float) time});
                    NDArray y = conditional ? scratch.create(new long[] {label}) : null;
                    return model.forward(x, t, y, null);
                };
            }

            @Override
            public Guidance guidance(double scale) {
                return new Guidance(scale, model.guidedAxis(), model.guidedLength());
            }
        };
    }
}
