package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.KeptGeneration.Clean;
import dev.zoetrope.pipeline.MemoryLadder.Work;
import dev.zoetrope.pipeline.Preparation.Told;
import dev.zoetrope.runtime.generation.GenerationEvent;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.GenerationSummary;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Notice;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.sampling.Denoiser;
import dev.zoetrope.sampling.FirstFrame;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SamplingRun;
import dev.zoetrope.sampling.SeededNoise;
import dev.zoetrope.weights.SafetensorsWriter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One generation: the prompt is read, latents are sampled from the seed's noise, then decoded and
 * written. The clip appears at its place when it is done.
 *
 * <p>The job's folder keeps the run of the sampler every few steps and when it is cancelled or runs
 * out of memory, and the latents before they are decoded. Given that folder again, the same request
 * to the same model goes on from there to the same clip. Decoded frames are not kept: codecs decode
 * a clip in one call, which does the same to the same latents each time.
 */
final class GenerationPipeline {
    private final GenerationRequest request;
    private final GenerationModel model;
    private final GenerationPlan plan;
    private final Told told;
    private final PromptCache prompts;
    private final JobFolder folder;
    private final Optional<Duration> previewEvery;
    private final Consumer<? super GenerationEvent> events;
    private final Cancellation stop;
    private final Kernels k;

    /**
     * @param folder of this job alone
     * @param kernels to compute with
     */
    GenerationPipeline(
            Preparation prepared,
            PromptCache prompts,
            JobFolder folder,
            Optional<Duration> previewEvery,
            Kernels kernels,
            Consumer<? super GenerationEvent> events,
            Cancellation stop) {
        this.request = prepared.request();
        this.model = prepared.model();
        this.plan = prepared.plan();
        this.told = prepared.told();
        this.prompts = prompts;
        this.folder = folder;
        this.previewEvery = previewEvery;
        this.events = events;
        this.stop = stop;
        this.k = kernels.checking(stop::check);
    }

    /**
     * Does the work on the calling thread. Asked to {@linkplain Cancellation#finishEarly finish
     * early}, it decodes what the steps so far came to.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for requests that cannot be met, {@link
     *     Problem.OutOfMemory}, and {@link Problem.ClipFaulty} for a clip that came out wrong
     * @throws CancelledException when cancelled; beside the job's folder no file is left then
     */
    void run() {
        // Found out now rather than after minutes of sampling.
        VideoFormat format = VideoFormat.of(request.output());
        FrameWriter.check(request.output(), format);
        events.accept(new GenerationEvent.Planned(plan));
        Optional<HeldPicture> image =
                request.image().map(file -> HeldPicture.read(file, plan.width(), plan.height()));
        KeptGeneration kept = new KeptGeneration(folder, fingerprint(image));
        long begin = System.nanoTime();
        long encoded = begin;
        try (NDManager manager = Kernels.newManager()) {
            Clean clean = kept.clean(manager).orElse(null);
            if (clean == null) {
                Conditions conditions = conditions(manager);
                encoded = System.nanoTime();
                Optional<FirstFrame> first = image.map(picture -> encoded(picture, manager));
                clean = sample(manager, conditions, first, kept);
                kept.keep(clean);
            } else {
                say(new Notice.Resumed("with decoding"));
            }
            if (clean.endedEarly()) {
                say(new Notice.EndedEarly(clean.step(), clean.steps()));
            }
            long sampled = System.nanoTime();
            decode(manager, clean.latents(), format);
            GenerationSummary summary =
                    new GenerationSummary(
                            plan,
                            Duration.ofNanos(encoded - begin),
                            Duration.ofNanos(sampled - encoded),
                            Duration.ofNanos(System.nanoTime() - sampled));
            events.accept(new GenerationEvent.Saved(request, summary));
        }
    }

    private void say(Notice notice) {
        events.accept(new GenerationEvent.Adjusted(notice));
    }

    /** Of all that the latents depend on. */
    private String fingerprint(Optional<HeldPicture> image) {
        return Fingerprint.of(
                List.of(
                        request.toString(),
                        plan.toString(),
                        model.scheduler().toString(),
                        Fingerprint.of(new Component(model.denoiser().weights())),
                        Fingerprint.of(new Component(model.codec().weights())),
                        model.text().map(text -> text.encoder().fingerprint()).orElse(""),
                        image.map(HeldPicture::fingerprint).orElse("")));
    }

    /** What the clip is to be like, and what it is not to be like. */
    private record Conditions(Condition towards, Condition from) {}

    private Conditions conditions(NDManager manager) {
        return switch (told) {
            case Told.Nothing _ -> new Conditions(new Condition.None(), new Condition.None());
            case Told.Label(long label) ->
                    new Conditions(new Condition.Label(label), new Condition.None());
            case Told.Texts texts -> read(manager, texts);
        };
    }

    private Conditions read(NDManager manager, Told.Texts texts) {
        TextEncoderCheckpoint checkpoint = model.text().orElseThrow().encoder();
        try (MemoryLadder<PromptEncoder> encoder =
                new MemoryLadder<>(
                        manager,
                        plan.precision(),
                        List.of(),
                        (owner, _, precision) ->
                                new PromptEncoder(checkpoint, prompts, owner, k, precision),
                        new Work(
                                "reading the prompt",
                                _ ->
                                        "Close other programs, or take a model with a smaller text"
                                                + " encoder."),
                        this::say)) {
            Condition towards = encoder.get(e -> e.encode(texts.prompt(), manager));
            // Without guidance nobody asks what the clip is not to be like.
            Condition from =
                    plan.guidance() == 1
                            ? towards
                            : encoder.get(e -> e.encode(texts.negative(), manager));
            return new Conditions(towards, from);
        }
    }

    private FirstFrame encoded(HeldPicture image, NDManager manager) {
        LatentLayout layout = model.denoiser().latents();
        Work work =
                new Work(
                        "encoding a first frame of %d x %d".formatted(plan.width(), plan.height()),
                        _ -> "Close other programs, or choose a smaller size.");
        try (NDManager scratch = manager.newSubManager();
                FrugalCodec codec =
                        new FrugalCodec(
                                model.codec(), scratch, k, plan.precision(), work, this::say)) {
            NDArray latents =
                    Kernels.inference().contiguous(layout.of(image.encode(codec, scratch)));
            latents.attach(manager);
            return new FirstFrame(latents, layout.frameAxis());
        }
    }

    private Clean sample(
            NDManager manager,
            Conditions conditions,
            Optional<FirstFrame> first,
            KeptGeneration kept) {
        LatentLayout layout = model.denoiser().latents();
        UnaryOperator<NDArray> seen =
                x -> layout.channelsFirst(first.map(frame -> frame.put(x)).orElse(x));
        try (NDManager scratch = manager.newSubManager();
                MemoryLadder<Denoiser> denoiser =
                        new MemoryLadder<>(
                                scratch,
                                plan.precision(),
                                List.of(),
                                (owner, _, precision) -> {
                                    Denoiser guided =
                                            model.denoiser()
                                                    .load(owner, k, precision)
                                                    .guided(
                                                            conditions.towards,
                                                            conditions.from,
                                                            plan.guidance());
                                    return first.map(frame -> frame.given(guided)).orElse(guided);
                                },
                                work("sampling"),
                                this::say);
                Sampling sampling = new Sampling(scratch, kept)) {
            Previews previews = previews(scratch);
            try {
                while (!sampling.isEnough()) {
                    stop.check();
                    denoiser.run(sampling::step);
                    SamplingRun run = sampling.run;
                    checkNumbers(run);
                    kept.keepWhenDue(run);
                    List<Frame> preview = previews.of(() -> seen.apply(run.predictedClean()));
                    events.accept(new GenerationEvent.Stepped(run.index(), run.steps(), preview));
                }
                SamplingRun run = sampling.run;
                NDArray x = run.isFinished() ? run.sample() : run.predictedClean();
                NDArray latents = Kernels.inference().contiguous(seen.apply(x));
                latents.attach(manager);
                return new Clean(latents, run.index(), run.steps());
            } catch (CancelledException | ProblemException e) {
                // Of a run that came to nothing an earlier state is no worse.
                if (isFinite(sampling.run)) {
                    kept.keep(sampling.run);
                }
                throw e;
            }
        }
    }

    /** A run of the sampler from its beginning or from where it was kept. */
    private final class Sampling implements AutoCloseable {
        private final NDManager manager;
        private final Sampler sampler;
        private SeededNoise noise = new SeededNoise(request.seed());
        private SamplingRun run;
        private boolean failed;

        Sampling(NDManager manager, KeptGeneration kept) {
            LatentLayout layout = model.denoiser().latents();
            List<Integer> latent = plan.latent();
            Shape shape = layout.shape(latent.get(0), latent.get(1), latent.get(2));
            this.manager = manager;
            sampler = Samplers.named(plan.sampler(), model.scheduler(), layout.channelAxis());
            try (NDManager read = manager.newSubManager()) {
                run =
                        kept.run(read)
                                .map(saved -> sampler.restore(manager, saved, noise))
                                .orElseGet(
                                        () -> sampler.start(manager, plan.steps(), shape, noise));
            }
            if (run.index() > 0) {
                say(new Notice.Resumed("after step %d of %d".formatted(run.index(), run.steps())));
            }
        }

        boolean isEnough() {
            return run.isFinished() || (stop.isFinishingEarly() && run.index() > 0);
        }

        /** Takes the next step, or takes it again when that failed before. */
        void step(Denoiser denoiser) {
            if (failed) {
                rewind();
            }
            failed = true;
            run.step(denoiser);
            failed = false;
        }

        /** The step may have drawn noise, which it is to draw again. */
        private void rewind() {
            SeededNoise fresh = new SeededNoise(request.seed());
            SamplingRun again = sampler.restore(manager, run.save(), fresh);
            run.close();
            noise.close();
            noise = fresh;
            run = again;
        }

        @Override
        public void close() {
            run.close();
            noise.close();
        }
    }

    private Previews previews(NDManager manager) {
        double fps = plan.fps() * plan.latent().getFirst() / plan.frames();
        return previewEvery
                .map(every -> new Previews(LatentRgb.of(model, manager, k), fps, every))
                .orElseGet(Previews::none);
    }

    /** Numbers out of range spread over the whole clip; no later step brings them back. */
    private void checkNumbers(SamplingRun run) {
        if (!isFinite(run)) {
            throw faulty(
                    "without content: its numbers left their range at step %d of %d"
                            .formatted(run.index(), run.steps()),
                    run.sample());
        }
    }

    private static boolean isFinite(SamplingRun run) {
        return Float.isFinite(run.sample().sum().getFloat());
    }

    private void decode(NDManager manager, NDArray latents, VideoFormat format) {
        OutputGuard guard = new OutputGuard();
        try (FrameWriter writer =
                        FrameWriter.create(
                                request.output(),
                                format,
                                plan.width(),
                                plan.height(),
                                plan.fps(),
                                tags());
                FrugalCodec codec =
                        new FrugalCodec(
                                model.codec(),
                                manager,
                                k,
                                plan.precision(),
                                work("decoding"),
                                this::say)) {
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
            throw faulty(fault.get(), latents);
        }
    }

    /** The job's folder goes with the job, so the latents are put beside the clip. */
    private ProblemException faulty(String fault, NDArray latents) {
        String name = String.valueOf(request.output().getFileName());
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        Path file = request.output().resolveSibling(stem + ".latents.safetensors");
        SafetensorsWriter.write(file, List.of(JobFolder.tensor("latents", latents)), tags());
        return new Problem.ClipFaulty(fault, file).asException();
    }

    /** The memory it takes grows with the frames and with the area, whatever it is. */
    private Work work(String doing) {
        ModelAbilities abilities = model.abilities();
        String name =
                "%s %d frames of %d x %d"
                        .formatted(doing, plan.frames(), plan.width(), plan.height());
        return new Work(
                name,
                share -> {
                    int latentFrames = (int) Math.max(1, plan.latent().getFirst() * share);
                    int multiple = abilities.sizeMultiple();
                    return "Close other programs, or choose %d frames, or %d x %d: that should fit."
                            .formatted(
                                    abilities.lengths().frames(latentFrames),
                                    smaller(plan.width(), Math.sqrt(share), multiple),
                                    smaller(plan.height(), Math.sqrt(share), multiple));
                });
    }

    private static int smaller(int side, double scale, int multiple) {
        return multiple * (int) Math.max(1, side * scale / multiple);
    }

    /** What made the clip, for its file. */
    private Map<String, String> tags() {
        return ClipTags.of(request, plan, model);
    }
}
