package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.Preparation.Told;
import dev.zoetrope.prompt.Tokenizers;
import dev.zoetrope.runtime.generation.ClipLength;
import dev.zoetrope.runtime.generation.GenerationPlan;
import dev.zoetrope.runtime.generation.GenerationRequest;
import dev.zoetrope.runtime.generation.JudgedClip;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipCritic;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.sampling.Sampler;
import dev.zoetrope.sampling.Samplers;
import dev.zoetrope.sampling.SamplingRun;
import dev.zoetrope.sampling.SeededNoise;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Makes clips of a data set's captions with a model that is loaded once, and has them judged. */
final class ModelEvaluator {
    /** A caption is the same at every size. */
    private static final ClipShape SMALLEST = new ClipShape(1, 1, 1);

    private final ModelEvaluationRequest request;
    private final GenerationModel model;
    private final PromptCache prompts;
    private final Tokenizers tokenizers;
    private final ClipSource source;

    ModelEvaluator(
            ModelEvaluationRequest request,
            GenerationModel model,
            PromptCache prompts,
            Tokenizers tokenizers,
            ClipSource source) {
        this.request = request;
        this.model = model;
        this.prompts = prompts;
        this.tokenizers = tokenizers;
        this.source = source;
    }

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for a data set that nobody can judge, a
     *     model that takes no texts, and a size that it cannot make
     */
    void run(Consumer<? super JudgedClip> judged, Cancellation stop) {
        ClipCritic critic =
                source.critic()
                        .orElseThrow(() ->
                                new Problem.ImpossibleRequest(
                                                "Nobody can tell what clips of %s show."
                                                        .formatted(source.name()),
                                                "Choose a data set with a critic, such as"
                                                        + " paper-theatre-premiere.")
                                        .asException());
        TextEncoderCheckpoint text =
                model.text()
                        .orElseThrow(() ->
                                new Problem.ImpossibleRequest(
                                                "%s takes no texts, so it cannot be told a caption."
                                                        .formatted(request.model()),
                                                "Choose a model that makes clips from prompts.")
                                        .asException())
                        .encoder();
        Kernels k = Kernels.inference().checking(stop::check);
        GenerationPlan plan = prepare(0).plan();
        try (NDManager manager = Kernels.newManager();
                PromptEncoder encoder =
                        new PromptEncoder(text, prompts, manager, k, plan.precision())) {
            ConditionedDenoiser denoiser = model.denoiser().load(manager, k, plan.precision());
            Codec codec = model.codec().load(manager, k, plan.precision());
            for (int i = 0; i < request.prompts(); i++) {
                Preparation prepared = prepare(i);
                List<Frame> frames;
                try (NDManager scratch = manager.newSubManager()) {
                    NDArray latents = sample(scratch, i, prepared, encoder, denoiser, k, stop);
                    NDArray bytes = codec.bytes(codec.decode(latents)); // (T, H, W, 3)
                    frames = FrameTensors.unstack(bytes, plan.fps());
                }
                long index = request.firstClip() + i;
                judged.accept(
                        new JudgedClip(
                                prepared.plan().prompt(),
                                critic.meant(index),
                                critic.seen(frames),
                                frames));
            }
        }
    }

    private Preparation prepare(int prompt) {
        ModelAbilities abilities = model.abilities();
        int shorter = Math.min(abilities.width(), abilities.height());
        GenerationRequest one =
                new GenerationRequest(
                        source.clip(request.firstClip() + prompt, SMALLEST).caption(),
                        "",
                        Optional.empty(),
                        request.model(),
                        Optional.empty(),
                        OptionalInt.of((int) Math.round(shorter * request.scale())),
                        Optional.of(
                                new ClipLength.Frames(
                                        (int) Math.round(abilities.frames() * request.length()))),
                        OptionalDouble.empty(),
                        request.steps(),
                        request.guidance(),
                        Optional.empty(),
                        request.seed() + prompt,
                        Path.of(""),
                        request.precision(),
                        true);
        return GenerationPlanner.prepare(one, model, tokenizers);
    }

    private NDArray sample(
            NDManager scratch,
            int prompt,
            Preparation prepared,
            PromptEncoder encoder,
            ConditionedDenoiser denoiser,
            Kernels k,
            Cancellation stop) {
        GenerationPlan plan = prepared.plan();
        Told.Texts texts = (Told.Texts) prepared.told();
        LatentLayout layout = model.denoiser().latents();
        Sampler sampler = Samplers.named(plan.sampler(), model.scheduler(), layout.channelAxis());
        try (SeededNoise noise = new SeededNoise(request.seed() + prompt);
                SamplingRun run =
                        sampler.start(
                                scratch,
                                plan.steps(),
                                layout.shape(
                                        plan.latent().get(0),
                                        plan.latent().get(1),
                                        plan.latent().get(2)),
                                noise)) {
            Condition towards = encoder.encode(texts.prompt(), scratch);
            Condition from = encoder.encode(texts.negative(), scratch);
            while (!run.isFinished()) {
                stop.check();
                run.step(denoiser.guided(towards, from, plan.guidance()));
            }
            NDArray latents = k.contiguous(layout.channelsFirst(run.sample()));
            latents.attach(scratch);
            return latents;
        }
    }
}
