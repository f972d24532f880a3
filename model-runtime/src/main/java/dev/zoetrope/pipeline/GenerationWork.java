package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.AutoencoderKlConfig;
import dev.zoetrope.model.codec.CausalVideoVaeConfig;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.model.denoiser.LatteConfig;
import dev.zoetrope.model.denoiser.LatteT2VConfig;
import dev.zoetrope.model.denoiser.VideoDitConfig;
import dev.zoetrope.pipeline.Preparation.Told;
import dev.zoetrope.pipeline.PromptReader.Reading;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.estimate.Machine;
import dev.zoetrope.runtime.estimate.Work;
import dev.zoetrope.runtime.estimate.Workload;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Counts the work in a generation. What matters is that a count grows as the work does: what one of
 * it costs is measured, so a factor that is the same for all clips of a model may be left out.
 */
final class GenerationWork {
    /** Of a solver that finds its steps itself; how many they are is learned with their cost. */
    private static final int UNKNOWN_EVALUATIONS = 100;

    /** Numbers that a block holds at once for each number of a token's state. */
    private static final int NUMBERS_OF_A_BLOCK = 21;

    /** Activations that a level of a decoder holds at once. */
    private static final int ACTIVATIONS_OF_A_LEVEL = 4;

    private static final int FRAMES_AT_ONCE = 4;

    /** The sampler's, the clean ones it expects, and those it ends with. */
    private static final int LATENTS_KEPT = 3;

    private final GenerationModel model;
    private final GenerationPlan plan;
    private final long frames;
    private final long rows;
    private final long columns;

    private GenerationWork(GenerationModel model, GenerationPlan plan) {
        this.model = model;
        this.plan = plan;
        this.frames = plan.latent().get(0);
        this.rows = plan.latent().get(1);
        this.columns = plan.latent().get(2);
    }

    /**
     * What a prepared request comes to now.
     *
     * @param prompts are encoded unless they are in here
     * @param output the clip
     */
    static Workload of(
            Preparation prepared, GenerationModel model, PromptCache prompts, Path output) {
        GenerationPlan plan = prepared.plan();
        GenerationWork work = new GenerationWork(model, plan);
        Machine machine =
                new Machine(
                        Kernels.device(), Processor.name(), Kernels.threads(), plan.precision());
        long missing = work.missing(prepared.told(), prompts);
        return new Workload(
                machine,
                List.of(
                        work.encoding(missing, words(prepared.told())),
                        work.sampling(),
                        work.decoding()),
                work.memory(missing > 0),
                Work.of(Work.Kind.FILE, VideoFormat.of(output).name(), work.pixels()),
                LATENTS_KEPT * 4 * work.cells() * model.denoiser().latents().channels());
    }

    /** Prompts that need the text encoder. */
    private long missing(Told told, PromptCache prompts) {
        if (!(told instanceof Told.Texts(Reading prompt, Reading negative))) {
            return 0;
        }
        String fingerprint =
                PromptEncoder.fingerprint(model.text().orElseThrow().encoder(), plan.precision());
        Stream<Reading> read =
                plan.guidance() == 1 ? Stream.of(prompt) : Stream.of(prompt, negative);
        return read.map(one -> PromptEncoder.key(fingerprint, one))
                .distinct()
                .filter(key -> !prompts.has(key))
                .count();
    }

    private static long words(Told told) {
        return told instanceof Told.Texts(Reading prompt, _) ? prompt.tokens().ids().length : 0;
    }

    private Work encoding(long missing, long words) {
        if (model.text().isEmpty()) {
            return Work.of(Work.Kind.ENCODING, "no text", 1, 0, 0);
        }
        TextEncoderCheckpoint encoder = model.text().get().encoder();
        return Work.of(
                Work.Kind.ENCODING,
                name(encoder.architecture(), encoder.weights()),
                1,
                missing > 0 ? bytes(encoder.weights()) : 0,
                missing * words * elements(encoder.weights()));
    }

    private Work sampling() {
        DenoiserCheckpoint denoiser = model.denoiser();
        OptionalInt known =
                Samplers.named(plan.sampler(), model.scheduler(), denoiser.latents().channelAxis())
                        .plan(plan.steps())
                        .evaluations();
        double evaluations = (plan.guidance() == 1 ? 1.0 : 2.0) * known.orElse(UNKNOWN_EVALUATIONS);
        String name = name(denoiser.architecture(), denoiser.weights());
        return Work.of(
                Work.Kind.SAMPLING,
                known.isPresent() ? name : name + " by " + plan.sampler(),
                bytes(denoiser.weights()),
                evaluations * denoiser.weights().tensors().size(),
                evaluations * plan.tokens() * elements(denoiser.weights()),
                evaluations * attention());
    }

    /** Multiplications of all attention in one evaluation. */
    private double attention() {
        double inFrame = (double) plan.tokens() / frames;
        double all = plan.tokens();
        return switch (model.denoiser()) {
            case VideoDitCheckpoint(_, VideoDitConfig c) ->
                    2.0 * c.depth() * c.hiddenSize() * all * all;
            case LatteCheckpoint(_, LatteConfig c) ->
                    (double) c.depth() * c.hiddenSize() * all * (inFrame + frames);
            case LatteT2VCheckpoint(_, LatteT2VConfig c) -> {
                double keys = 0;
                for (int i = 0; i < c.numLayers(); i++) {
                    int r = c.compression(i);
                    keys += inFrame / r / r + (frames == 1 ? 0 : (double) frames / r);
                }
                yield 2.0 * c.hiddenSize() * all * keys;
            }
        };
    }

    private int width() {
        return switch (model.denoiser()) {
            case VideoDitCheckpoint(_, VideoDitConfig c) -> c.hiddenSize();
            case LatteCheckpoint(_, LatteConfig c) -> c.hiddenSize();
            case LatteT2VCheckpoint(_, LatteT2VConfig c) -> c.hiddenSize();
        };
    }

    private Work decoding() {
        CodecCheckpoint codec = model.codec();
        return Work.of(
                Work.Kind.DECODING,
                name(codec.architecture(), codec.weights()),
                bytes(codec.weights()),
                cells() * elements(codec.weights()),
                attention(codec));
    }

    /** Multiplications of all attention in decoding. */
    private double attention(CodecCheckpoint codec) {
        return switch (codec) {
            case NormalizedCodec(CodecCheckpoint raw, _) -> attention(raw);
            case VqVaeCheckpoint(_, VideoGptVqVaeConfig c, _) ->
                    2.0 * c.nResLayers() * c.nHiddens() * cells() * (frames + rows + columns);
            case CausalVaeCheckpoint(_, CausalVideoVaeConfig c) ->
                    2.0 * c.width(c.levels() - 1) * cells() * rows * columns;
            case AutoencoderKlCheckpoint(_, AutoencoderKlConfig c) ->
                    2.0 * c.blockOutChannels().getLast() * cells() * rows * columns;
        };
    }

    private Work memory(boolean encodes) {
        double encoding = encodes ? resident(model.text().orElseThrow().encoder().weights()) : 0;
        double sampling =
                resident(model.denoiser().weights())
                        + (double) NUMBERS_OF_A_BLOCK * width() * plan.tokens() * numberBytes();
        double decoding =
                resident(model.codec().weights())
                        + held(model.codec()) * numberBytes()
                        // as floats, scaled, as bytes
                        + 3 * (4 + 4 + 1) * pixels();
        return Work.of(
                Work.Kind.MEMORY,
                name(plan.denoiser() + " " + plan.codec(), model.denoiser().weights()),
                1,
                Math.max(encoding, Math.max(sampling, decoding)));
    }

    /** Numbers that decoding holds at once, where it is most. */
    private double held(CodecCheckpoint codec) {
        return switch (codec) {
            case NormalizedCodec(CodecCheckpoint raw, _) -> held(raw);
            // The last level but one, of half the length and the size.
            case VqVaeCheckpoint(_, VideoGptVqVaeConfig c, _) ->
                    ACTIVATIONS_OF_A_LEVEL * c.nHiddens() * pixels() / 8;
            case CausalVaeCheckpoint(_, CausalVideoVaeConfig c) ->
                    ACTIVATIONS_OF_A_LEVEL * c.width(Math.min(1, c.levels() - 1)) * pixels();
            case AutoencoderKlCheckpoint(_, AutoencoderKlConfig c) ->
                    ACTIVATIONS_OF_A_LEVEL
                            * c.blockOutChannels().get(Math.min(1, c.levels() - 1))
                            * pixels()
                            * Math.min(FRAMES_AT_ONCE, plan.frames())
                            / plan.frames();
        };
    }

    private double pixels() {
        return (double) plan.width() * plan.height() * plan.frames();
    }

    private long cells() {
        return frames * rows * columns;
    }

    private int numberBytes() {
        return plan.precision() == Precision.FP32 ? 4 : 2;
    }

    private static String name(String architecture, WeightFile weights) {
        return "%s %.0f".formatted(architecture, elements(weights));
    }

    private static double elements(WeightFile weights) {
        return weights.tensors().values().stream().mapToLong(TensorSlice::elements).sum();
    }

    private static double bytes(WeightFile weights) {
        return weights.tensors().values().stream().mapToLong(TensorSlice::byteSpan).sum();
    }

    /** What is converted is there twice, the mapped file counting as well. */
    private double resident(WeightFile weights) {
        double mapped = bytes(weights);
        double own = elements(weights) * numberBytes();
        return mapped == own ? own : mapped + own;
    }
}
