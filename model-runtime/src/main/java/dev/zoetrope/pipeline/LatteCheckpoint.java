package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.Latte;
import dev.zoetrope.model.denoiser.LatteConfig;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/** A {@link Latte} on disk. */
public record LatteCheckpoint(WeightFile weights, LatteConfig config)
        implements DenoiserCheckpoint {
    private static final int CLIP_WORDS = 77;
    private static final int CLIP_CHANNELS = 768;

    /**
     * Whether tensors that could be a VideoDiT's are a Latte's: a text projection is only in a
     * Latte, else the configuration has to say so in {@code _class_name}.
     */
    static boolean isOne(Component component) {
        return component.has("text_embedding_projection.1.weight")
                || component.className().startsWith("Latte");
    }

    static LatteCheckpoint of(Component component) {
        LatteConfig config =
                component
                        .config(LatteConfig.class)
                        .orElseGet(() -> {
                            try {
                                return LatteConfig.of(DenoiserCheckpoint.shapes(component));
                            } catch (IllegalArgumentException e) {
                                throw DenoiserCheckpoint.withoutSizes(
                                        component, String.valueOf(e.getMessage()));
                            }
                        });
        return new LatteCheckpoint(component.weights(), config);
    }

    @Override
    public String architecture() {
        return "Latte";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public LatentLayout latents() {
        return new LatentLayout(
                config.inChannels(),
                2,
                config.patchSize(),
                config.numFrames(),
                config.trainedRows() * config.patchSize(),
                config.trainedColumns() * config.patchSize());
    }

    @Override
    public Conditioning conditioning() {
        if (config.byText()) {
            return new Conditioning.ByText(CLIP_CHANNELS, CLIP_WORDS, Optional.empty());
        }
        return config.byLabel()
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
        return of(new Latte(config, Latte.prepare(mapped, k, precision, manager), k, precision));
    }

    static ConditionedDenoiser of(Latte model) {
        return new ConditionedDenoiser() {
            @Override
            public Denoiser under(Condition condition) {
                return (x, time) -> {
                    NDManager scratch = x.getManager();
                    NDArray t = scratch.create(new float[] {(float) time});
                    return model.forward(x, t, array(scratch, condition), null);
                };
            }

            private @Nullable NDArray array(NDManager scratch, Condition condition) {
                LatteConfig config = model.config();
                return switch (condition) {
                    case Condition.Label(long label) when config.byLabel() ->
                            scratch.create(new long[] {label});
                    case Condition.None _ when config.byLabel() ->
                            scratch.create(new long[] {model.nullLabel()});
                    case Condition.None _ when !config.byText() -> null;
                    case Condition.Text(NDArray states, _) when config.byText() -> states;
                    default -> throw new IllegalArgumentException(condition + " for " + config);
                };
            }

            @Override
            public Guidance guidance(double scale) {
                return new Guidance(scale, model.guidedAxis(), model.guidedLength());
            }
        };
    }
}
