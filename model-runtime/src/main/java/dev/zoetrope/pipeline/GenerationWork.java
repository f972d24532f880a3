package dev.zoetrope.pipeline;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.denoiser.LatteConfig;
import dev.zoetrope.model.denoiser.LatteT2V;
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
import dev.zoetrope.weights.WeightFile;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
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

    /** The sampler's, the clean ones it expects, and those it ends with. */
    private static final int LATENTS_KEPT = 3;

    private final GenerationModel model;
    private final GenerationPlan plan;
    private final CodecWork codec;

    private GenerationWork(Preparation prepared) {
        this.model = prepared.model();
        this.plan = prepared.plan();
        this.codec = new CodecWork(model.codec(), plan.frames(), plan.width(), plan.height());
    }

    /**
     * What a prepared request comes to now.
     *
     * @param prompts are encoded unless they are in here
     * @param apart whether the device has memory of its own
     */
    static Workload of(Preparation prepared, PromptCache prompts, boolean apart) {
        GenerationWork work = new GenerationWork(prepared);
        Machine machine =
                new Machine(
                        Kernels.device(),
                        Processor.name(),
                        Kernels.threads(),
                        prepared.plan().precision());
        long missing = work.missing(prepared.told(), prompts);
        return new Workload(
                machine,
                List.of(
                        Work.of(Work.Kind.OPENING, work.modelName(), 1),
                        work.encoding(missing, words(prepared.told())),
                        work.sampling(),
                        work.decoding()),
                work.memory(missing > 0, apart),
                apart ? Optional.of(work.deviceMemory(missing > 0)) : Optional.empty(),
                Work.of(
                        Work.Kind.FILE,
                        VideoFormat.of(prepared.request().output()).name(),
                        work.codec.pixels()),
                LATENTS_KEPT * 4 * work.codec.cells() * work.channels());
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
                missing > 0 ? (double) encoder.weights().bytes() : 0,
                (double) missing * words * encoder.weights().elements());
    }

    private Work sampling() {
        DenoiserCheckpoint denoiser = model.denoiser();
        OptionalInt known =
                Samplers.named(plan.sampler(), model.scheduler(), denoiser.latents().channelAxis())
                        .plan(plan.steps())
                        .evaluations();
        double evaluations = (plan.guidance() == 1 ? 1.0 : 2.0) * known.orElse(UNKNOWN_EVALUATIONS);
        String name = name(denoiser.architecture(), denoiser.weights());
        WeightFile used = used(denoiser);
        return Work.of(
                Work.Kind.SAMPLING,
                known.isPresent() ? name : name + " by " + plan.sampler(),
                (double) denoiser.weights().bytes(),
                evaluations * used.tensors().size(),
                evaluations * plan.tokens() * (double) used.elements(),
                evaluations * attention());
    }

    /** Those of the weights that an evaluation computes with. */
    private WeightFile used(DenoiserCheckpoint denoiser) {
        boolean image =
                codec.frames() == 1
                        && denoiser instanceof LatteT2VCheckpoint(_, LatteT2VConfig config)
                        && config.videoLength() > 1;
        return image ? denoiser.weights().without(LatteT2V::isOfTime) : denoiser.weights();
    }

    /** Multiplications of all attention in one evaluation. */
    private double attention() {
        long frames = codec.frames();
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

    private int channels() {
        return model.denoiser().latents().channels();
    }

    private int width() {
        return switch (model.denoiser()) {
            case VideoDitCheckpoint(_, VideoDitConfig c) -> c.hiddenSize();
            case LatteCheckpoint(_, LatteConfig c) -> c.hiddenSize();
            case LatteT2VCheckpoint(_, LatteT2VConfig c) -> c.hiddenSize();
        };
    }

    private Work decoding() {
        return Work.of(
                Work.Kind.DECODING,
                codec.name(),
                (double) model.codec().weights().bytes(),
                codec.multiplications(),
                codec.attention());
    }

    private Work memory(boolean encodes, boolean apart) {
        double bytes =
                apart
                        ? most(encodes, weights -> (double) weights.bytes(), 0, 0)
                        : most(
                                encodes,
                                weights -> resident(weights, plan.precision()),
                                activations(),
                                codec.working(plan.precision()));
        return Work.of(Work.Kind.MEMORY, modelName(), 1, bytes);
    }

    private Work deviceMemory(boolean encodes) {
        double bytes =
                most(
                        encodes,
                        weights -> own(weights, plan.precision()),
                        activations(),
                        codec.working(plan.precision()));
        return Work.of(Work.Kind.DEVICE_MEMORY, modelName(), 1, bytes);
    }

    private String modelName() {
        return name(plan.denoiser() + " " + plan.codec(), model.denoiser().weights());
    }

    /** Of the phases, each of which lets go of what it had. */
    private double most(
            boolean encodes,
            ToDoubleFunction<WeightFile> weights,
            double sampling,
            double decoding) {
        double encoder =
                encodes ? weights.applyAsDouble(model.text().orElseThrow().encoder().weights()) : 0;
        double denoiser = weights.applyAsDouble(model.denoiser().weights()) + sampling;
        double decoder = weights.applyAsDouble(model.codec().weights()) + decoding;
        return Math.max(encoder, Math.max(denoiser, decoder));
    }

    private double activations() {
        return (double) NUMBERS_OF_A_BLOCK * width() * plan.tokens() * bytesOf(plan.precision());
    }

    /** Of a number that models compute with. */
    static int bytesOf(Precision precision) {
        return precision == Precision.FP32 ? 4 : 2;
    }

    /** By which measurements of the same component are found. */
    static String name(String architecture, WeightFile weights) {
        return "%s %d".formatted(architecture, weights.elements());
    }

    /** What is converted is there twice, the mapped file counting as well. */
    static double resident(WeightFile weights, Precision precision) {
        double mapped = (double) weights.bytes();
        double own = own(weights, precision);
        return mapped == own ? own : mapped + own;
    }

    /** As they are computed with. */
    static double own(WeightFile weights, Precision precision) {
        return (double) weights.elements() * bytesOf(precision);
    }
}
