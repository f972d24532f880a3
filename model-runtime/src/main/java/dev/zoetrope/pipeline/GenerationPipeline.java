package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.Preparation.Told;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SamplingRun;
import dev.zoetrope.sampling.SeededNoise;
import dev.zoetrope.weights.DType;
import dev.zoetrope.weights.SafetensorsWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One generation: the prompt is read, latents are sampled from the seed's noise and kept, then
 * decoded and written. The clip appears at its place when it is done.
 */
final class GenerationPipeline {
    private final GenerationRequest request;
    private final GenerationModel model;
    private final PromptCache prompts;
    private final Optional<Duration> previewEvery;
    private final Consumer<? super GenerationEvent> events;
    private final Cancellation stop;
    private final Kernels k;

    GenerationPipeline(
            GenerationRequest request,
            GenerationModel model,
            PromptCache prompts,
            Optional<Duration> previewEvery,
            Consumer<? super GenerationEvent> events,
            Cancellation stop) {
        this.request = request;
        this.model = model;
        this.prompts = prompts;
        this.previewEvery = previewEvery;
        this.events = events;
        this.stop = stop;
        this.k = Kernels.inference().checking(stop::check);
    }

    /**
     * Does the work on the calling thread.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for requests that cannot be met, and
     *     {@link Problem.ClipFaulty} for a clip that came out wrong
     * @throws CancelledException when cancelled; no file is left then
     */
    void run() throws IOException {
        Preparation prepared = GenerationPlanner.prepare(request, model);
        GenerationPlan plan = prepared.plan();
        // Found out now rather than after minutes of sampling.
        VideoFormat format = VideoFormat.of(request.output());
        FrameWriter.check(request.output(), format);
        events.accept(new GenerationEvent.Planned(plan));
        long begin = System.nanoTime();
        try (NDManager manager = Kernels.newManager()) {
            Conditions conditions = conditions(manager, prepared);
            long encoded = System.nanoTime();
            NDArray latents = sample(manager, plan, conditions);
            Path kept = keep(latents, plan);
            long sampled = System.nanoTime();
            try {
                decode(manager, plan, latents, format, kept);
            } catch (CancelledException e) {
                Files.deleteIfExists(kept);
                throw e;
            }
            Files.deleteIfExists(kept);
            GenerationSummary summary =
                    new GenerationSummary(
                            plan,
                            Duration.ofNanos(encoded - begin),
                            Duration.ofNanos(sampled - encoded),
                            Duration.ofNanos(System.nanoTime() - sampled));
            events.accept(new GenerationEvent.Saved(request, summary));
        }
    }

    /** What the clip is to be like, and what it is not to be like. */
    private record Conditions(Condition towards, Condition from) {}

    private Conditions conditions(NDManager manager, Preparation prepared) {
        return switch (prepared.told()) {
            case Told.Nothing _ -> new Conditions(new Condition.None(), new Condition.None());
            case Told.Label(long label) ->
                    new Conditions(new Condition.Label(label), new Condition.None());
            case Told.Texts texts -> read(manager, texts, prepared.plan());
        };
    }

    private Conditions read(NDManager manager, Told.Texts texts, GenerationPlan plan) {
        TextEncoderCheckpoint checkpoint = model.text().orElseThrow().encoder();
        try (PromptEncoder encoder =
                new PromptEncoder(checkpoint, prompts, manager, k, plan.precision())) {
            Condition towards = encoder.encode(texts.prompt(), manager);
            // Without guidance nobody asks what the clip is not to be like.
            Condition from =
                    plan.guidance() == 1 ? towards : encoder.encode(texts.negative(), manager);
            return new Conditions(towards, from);
        }
    }

    private NDArray sample(NDManager manager, GenerationPlan plan, Conditions conditions) {
        LatentLayout layout = model.denoiser().latents();
        Shape shape =
                layout.shape(plan.latent().get(0), plan.latent().get(1), plan.latent().get(2));
        Sampler sampler = Samplers.named(plan.sampler(), model.scheduler(), layout.channelAxis());
        try (NDManager scratch = manager.newSubManager();
                SeededNoise noise = new SeededNoise(request.seed())) {
            Previews previews = previews(scratch, plan);
            Denoiser denoiser =
                    model.denoiser()
                            .load(scratch, k, plan.precision())
                            .guided(conditions.towards, conditions.from, plan.guidance());
            try (SamplingRun run = sampler.start(scratch, plan.steps(), shape, noise)) {
                while (!run.isFinished()) {
                    stop.check();
                    run.step(denoiser);
                    checkNumbers(run, plan);
                    List<Frame> preview =
                            previews.of(() -> layout.channelsFirst(run.predictedClean()));
                    events.accept(new GenerationEvent.Stepped(run.index(), run.steps(), preview));
                }
                NDArray latents = k.contiguous(layout.channelsFirst(run.sample()));
                latents.attach(manager);
                return latents;
            }
        }
    }

    private Previews previews(NDManager manager, GenerationPlan plan) {
        double fps = plan.fps() * plan.latent().getFirst() / plan.frames();
        return previewEvery
                .map(every -> new Previews(LatentRgb.of(model, manager, k), fps, every))
                .orElseGet(Previews::none);
    }

    /** Numbers out of range spread over the whole clip; no later step brings them back. */
    private void checkNumbers(SamplingRun run, GenerationPlan plan) {
        if (!Float.isFinite(run.sample().sum().getFloat())) {
            throw new Problem.ClipFaulty(
                            "without content: its numbers left their range at step %d of %d"
                                    .formatted(run.index(), run.steps()),
                            keep(run.sample(), plan))
                    .asException();
        }
    }

    private Path keep(NDArray latents, GenerationPlan plan) {
        String name = String.valueOf(request.output().getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        Path file = request.output().resolveSibling(stem + ".latents.safetensors");
        List<Long> shape = Arrays.stream(latents.getShape().getShape()).boxed().toList();
        SafetensorsWriter.write(
                file,
                List.of(
                        new SafetensorsWriter.Tensor(
                                "latents", DType.F32, shape, latents::toByteBuffer)),
                tags(plan));
        return file;
    }

    private void decode(
            NDManager manager,
            GenerationPlan plan,
            NDArray latents,
            VideoFormat format,
            Path kept) {
        OutputGuard guard = new OutputGuard();
        try (FrameWriter writer =
                FrameWriter.create(
                        request.output(),
                        format,
                        plan.width(),
                        plan.height(),
                        plan.fps(),
                        tags(plan))) {
            Codec codec = model.codec().load(manager, k, plan.precision());
            NDArray bytes = codec.bytes(codec.decode(latents)); // (T, H, W, 3)
            for (Frame frame : FrameTensors.unstack(bytes, plan.fps())) {
                stop.check();
                guard.add(frame);
                writer.write(frame);
                events.accept(new GenerationEvent.Decoded(guard.frames() - 1, frame));
            }
            writer.finish();
        }
        Optional<String> fault = guard.verdict();
        if (fault.isPresent()) {
            throw new Problem.ClipFaulty(fault.get(), kept).asException();
        }
    }

    /** What made the clip, for its file. */
    private Map<String, String> tags(GenerationPlan plan) {
        return ClipTags.of(request, plan, model);
    }
}
