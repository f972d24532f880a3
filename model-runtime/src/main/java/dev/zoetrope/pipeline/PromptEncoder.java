package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.PromptReader.Reading;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

/** States of prompts. The encoder is loaded for the first one that is not in the cache. */
final class PromptEncoder implements AutoCloseable {
    private final TextEncoderCheckpoint checkpoint;
    private final PromptCache cache;
    private final Kernels k;
    private final Precision precision;
    private final String fingerprint;
    private final NDManager manager;
    private @Nullable LoadedTextEncoder loaded;

    /**
     * @param parent owns what the encoder needs until it is closed
     */
    PromptEncoder(
            TextEncoderCheckpoint checkpoint,
            PromptCache cache,
            NDManager parent,
            Kernels k,
            Precision precision) {
        this.checkpoint = checkpoint;
        this.cache = cache;
        this.k = k;
        this.precision = precision(precision);
        this.fingerprint = fingerprint(checkpoint, precision);
        this.manager = parent.newSubManager();
    }

    /** T5's states leave the range of fp16. */
    private static Precision precision(Precision asked) {
        return asked == Precision.FP16 ? Precision.FP32 : asked;
    }

    /** What tells states by this encoder in this precision from all others. */
    static String fingerprint(TextEncoderCheckpoint checkpoint, Precision precision) {
        return checkpoint.fingerprint() + precision(precision);
    }

    /** What the states of a prompt are kept under. */
    static PromptCache.Key key(String fingerprint, Reading prompt) {
        return new PromptCache.Key(fingerprint, prompt.text(), prompt.tokens().ids().length);
    }

    /**
     * The states of a prompt, as strongly as its parts are meant.
     *
     * @param owner of the states
     */
    Condition.Text encode(Reading prompt, NDManager owner) {
        Condition.Text text =
                cache.states(owner, key(fingerprint, prompt), () -> states(prompt, owner));
        if (prompt.weights().spans().isEmpty()) {
            return text;
        }
        float[] weights = prompt.tokens().weights(prompt.weights());
        NDArray each = owner.create(weights, new Shape(1, weights.length, 1));
        return new Condition.Text(k.scaleWords(text.states(), each), text.mask());
    }

    private Condition.Text states(Reading prompt, NDManager owner) {
        if (loaded == null) {
            loaded = checkpoint.load(manager, k, precision);
        }
        long[] ids = prompt.tokens().ids();
        Shape shape = new Shape(1, ids.length);
        try (NDManager scratch = manager.newSubManager()) {
            NDArray mask = owner.create(prompt.tokens().mask(), shape);
            NDArray states = loaded.encode(scratch.create(ids, shape), mask);
            states.attach(owner);
            return new Condition.Text(states, mask);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
