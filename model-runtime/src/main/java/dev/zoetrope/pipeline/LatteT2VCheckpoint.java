package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.Parameters;
import dev.zoetrope.model.denoiser.LatteT2V;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.prompt.PromptCleaner;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Guidance;
import dev.zoetrope.weights.WeightFile;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A {@link LatteT2V} on disk. */
public record LatteT2VCheckpoint(WeightFile weights, LatteT2VConfig config)
        implements DenoiserCheckpoint {
    private static final int DEFAULT_WORDS = 300;

    static LatteT2VCheckpoint of(Component component) {
        LatteT2VConfig config =
                component
                        .config(LatteT2VConfig.class)
                        .orElseThrow(() ->
                                DenoiserCheckpoint.withoutSizes(
                                        component, "a LatteT2V's length is nowhere else"));
        return new LatteT2VCheckpoint(component.weights(), config);
    }

    @Override
    public String architecture() {
        return "LatteT2V";
    }

    @Override
    public Map<String, Shape> parameters() {
        return config.parameters();
    }

    @Override
    public LatentLayout latents() {
        return new LatentLayout(
                config.inChannels(),
                1,
                config.patchSize(),
                config.videoLength(),
                config.sampleSize().getFirst(),
                config.sampleSize().getLast());
    }

    @Override
    public Conditioning conditioning() {
        return new Conditioning.ByText(
                config.captionChannels(),
                Objects.requireNonNullElse(config.modelMaxLength(), DEFAULT_WORDS),
                Optional.of(PromptCleaner.WITHOUT_CHINESE));
    }

    @Override
    public Published published() {
        int steps = config.version() == LatteT2VConfig.Version.V1_1 ? 150 : 250;
        return new Published("{\"_class_name\": \"PNDMScheduler\"}", steps, 7.5, 24);
    }

    @Override
    public ConditionedDenoiser load(NDManager manager, Kernels k, Precision precision) {
        Parameters mapped = Parameters.load(manager, weights, architecture(), parameters());
        return of(
                new LatteT2V(
                        config, LatteT2V.prepare(mapped, k, precision, manager), k, precision));
    }

    static ConditionedDenoiser of(LatteT2V model) {
        return new ConditionedDenoiser() {
            @Override
            public Denoiser under(Condition condition) {
                if (!(condition instanceof Condition.Text(NDArray states, NDArray mask))) {
                    throw new IllegalArgumentException(condition + " for a LatteT2V");
                }
                return (x, time) -> {
                    NDArray t = x.getManager().create(new float[] {(float) time});
                    return model.forward(x, t, states, mask, null);
                };
            }

            // The reference cuts both prompts to as many words as the first one has, and gives the
            // model no mask.
            @Override
            public Denoiser guided(Condition towards, Condition from, double scale) {
                if (!(towards instanceof Condition.Text prompt)
                        || !(from instanceof Condition.Text negative)) {
                    throw new IllegalArgumentException(towards + " and " + from);
                }
                long words = words(prompt);
                return guidance(scale)
                        .inTwoCalls(under(cut(prompt, words)), under(cut(negative, words)));
            }

            @Override
            public Guidance guidance(double scale) {
                return new Guidance(scale, model.guidedAxis(), model.guidedLength());
            }
        };
    }

    private static long words(Condition.Text text) {
        NDArray mask = text.mask();
        if (mask == null) {
            return text.states().getShape().get(1);
        }
        long words = 0;
        for (Number one : mask.toArray()) {
            words += one.longValue();
        }
        return words;
    }

    private static Condition.Text cut(Condition.Text text, long words) {
        NDArray states = text.states();
        long length = Math.min(words, states.getShape().get(1));
        return new Condition.Text(Kernels.inference().narrow(states, 1, 0, length), null);
    }
}
