package dev.zoetrope.pipeline;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.train.ClipCache;
import dev.zoetrope.train.DenoiserObjective;
import dev.zoetrope.train.DenoiserTraining;
import dev.zoetrope.train.LoraDenoiser;
import dev.zoetrope.train.RunFolder;
import dev.zoetrope.train.TrainableDenoiser;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One training of a denoiser: the run's folder becomes a model folder, clips and captions are
 * brought into its cache, and the model learns from that.
 */
final class DenoiserTrainingPipeline {
    /** Clips that say well enough how a codec's latents are spread. */
    private static final int SPREAD_CLIPS = 4096;

    private final DenoiserTrainingRequest request;
    private final CheckpointStore checkpoints;
    private final Supplier<ClipSource> source;
    private final PromptCache prompts;
    private final Consumer<? super DenoiserTrainingEvent> events;
    private final Cancellation stop;

    /**
     * @param source is asked only if there are clips missing in the cache
     */
    DenoiserTrainingPipeline(
            DenoiserTrainingRequest request,
            CheckpointStore checkpoints,
            Supplier<ClipSource> source,
            PromptCache prompts,
            Consumer<? super DenoiserTrainingEvent> events,
            Cancellation stop) {
        this.request = request;
        this.checkpoints = checkpoints;
        this.source = source;
        this.prompts = prompts;
        this.events = events;
        this.stop = stop;
    }

    /**
     * Does the work on the calling thread.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for requests that cannot be met
     * @throws dev.zoetrope.runtime.job.CancelledException when cancelled while the cache is filled,
     *     which goes on from there
     */
    void run() throws InterruptedException {
        checkUnchanged();
        ModelFolder folder = new ModelFolder(request.run());
        if (!folder.isWhole()) {
            folder.prepare(
                    request,
                    CodecCheckpoint.open(checkpoints.find(request.codec())),
                    Optional.ofNullable(request.textEncoder()).map(checkpoints::find),
                    beginning());
        }
        GenerationModel model = GenerationModel.open(request.run());
        CodecCheckpoint raw =
                folder.codec() instanceof NormalizedCodec normalized
                        ? normalized.raw()
                        : folder.codec();
        List<Shape> shapes = request.shapes().stream().map(shape -> latents(model, shape)).toList();

        ClipCache cache = new ClipCache(request.run().resolve("cache"), origin());
        List<ClipCache.Clips> clips = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            long numbers = shapes.get(i).size();
            clips.add(cache.clips(request.shapes().get(i), numbers, firstFrame(shapes.get(i))));
        }
        RunFolder.open(request.run()).save(request);
        ClipExtraction extraction = new ClipExtraction(request, events, stop);
        extraction.latents(raw, source, clips);
        ClipCache.Words words = words(model, cache, clips, extraction);
        nameClasses(folder, clips);
        try (ClipCache.Reading reading = new ClipCache.Reading(clips, words)) {
            learn(folder, reading, shapes, model, samples(model, clips));
        }
    }

    /** The first captions, which stay the same however many clips there come to be. */
    private RunSamples samples(GenerationModel model, List<ClipCache.Clips> clips) {
        List<String> captions = List.copyOf(ClipCache.places(clips).keySet());
        List<String> shown =
                model.denoiser().conditioning() instanceof Conditioning.None
                        ? Collections.nCopies(request.samples(), "")
                        : captions.stream().skip(1).limit(request.samples()).toList();
        return new RunSamples(request, shown, prompts, stop);
    }

    /** What a model learns cannot become something else on the way. */
    private void checkUnchanged() {
        if (!RunFolder.hasRequest(request.run())) {
            return;
        }
        DenoiserTrainingRequest before =
                RunFolder.request(request.run(), DenoiserTrainingRequest.class);
        if (before.objective() != request.objective()
                || before.zeroSnr() != request.zeroSnr()
                || before.lora() != request.lora()
                || before.heldOut() != request.heldOut()
                || before.firstFrame() != request.firstFrame()) {
            throw new Impossible.RunOtherwise(request.run()).asException();
        }
    }

    private Optional<DenoiserCheckpoint> beginning() {
        return Optional.ofNullable(request.from())
                .map(checkpoints::find)
                .map(place -> {
                    Path inside = place.resolve(GenerationModel.DENOISER);
                    return DenoiserCheckpoint.open(Files.isDirectory(inside) ? inside : place);
                });
    }

    /** Each distinct caption is a class, in the order they first occur in. */
    private static void nameClasses(ModelFolder folder, List<ClipCache.Clips> clips) {
        int classes = folder.denoiser().classes();
        if (classes == 0) {
            return;
        }
        List<String> captions = List.copyOf(ClipCache.places(clips).keySet());
        List<String> names = captions.subList(1, captions.size());
        if (names.size() > classes) {
            throw new Impossible.ClassesBeyond(names.size(), classes).asException();
        }
        folder.name(names);
    }

    /** A clip's latents (C, T, H, W). */
    private Shape latents(GenerationModel model, ClipShape shape) {
        CodecGrid grid = model.codec().grid();
        LatentLayout layout = model.denoiser().latents();
        int multiple = grid.stride() * layout.patch();
        if (grid.lengths().nearest(shape.frames()) != shape.frames()
                || shape.height() % multiple != 0
                || shape.width() % multiple != 0) {
            throw new Impossible.ShapeUnlearnable(
                            shape.frames(),
                            shape.width(),
                            shape.height(),
                            multiple,
                            grid.lengths().nearest(shape.frames()))
                    .asException();
        }
        return new Shape(
                layout.channels(),
                grid.lengths().latentFrames(shape.frames()),
                shape.height() / grid.stride(),
                shape.width() / grid.stride());
    }

    /** Numbers of the first frame that a clip is given; 0 for clips that are given none. */
    private long firstFrame(Shape latents) {
        return request.firstFrame() > 0 && latents.get(1) > 1 ? latents.size() / latents.get(1) : 0;
    }

    /**
     * What the cache depends on, besides how many clips are drawn, and the codec and the text
     * encoder, which are the run's own.
     */
    private Map<String, String> origin() {
        Map<String, String> origin = new LinkedHashMap<>();
        origin.put("datasets", String.join(" ", request.datasets()));
        origin.put("seed", Long.toString(request.seed()));
        origin.put("shapes", request.shapes().toString());
        if (request.firstFrame() > 0) {
            origin.put("firstFrames", "held still");
        }
        return origin;
    }

    private ClipCache.@Nullable Words words(
            GenerationModel model,
            ClipCache cache,
            List<ClipCache.Clips> clips,
            ClipExtraction extraction) {
        if (!(model.denoiser().conditioning() instanceof Conditioning.ByText conditioning)) {
            return null;
        }
        ClipCache.Words words = cache.words(conditioning.words(), conditioning.channels());
        GenerationModel.TextPart text = model.text().orElseThrow();
        List<String> captions = List.copyOf(ClipCache.places(clips).keySet());
        extraction.words(text.encoder(), text.tokenizer(), conditioning, captions, words);
        return words;
    }

    private void learn(
            ModelFolder folder,
            ClipCache.Reading reading,
            List<Shape> shapes,
            GenerationModel model,
            RunSamples samples)
            throws InterruptedException {
        TrainableDenoiser denoiser = folder.denoiser();
        ClipCache.Spread spread;
        if (folder.codec() instanceof NormalizedCodec normalized) {
            spread = normalized.spread();
        } else {
            spread = reading.spread(denoiser.channels(), SPREAD_CLIPS);
            folder.normalise(spread);
        }
        DenoiserObjective objective = DenoiserObjective.of(request, denoiser.learnsVariance());
        int words = 0;
        int channels = 0;
        if (model.denoiser().conditioning() instanceof Conditioning.ByText text) {
            words = text.words();
            channels = text.channels();
        }
        DenoiserTraining.Material material =
                new DenoiserTraining.Material(reading, shapes, spread, words, channels);
        if (request.lora() == 0) {
            train(
                    denoiser,
                    objective,
                    material,
                    folder.weights(),
                    event -> tell(event, folder, samples));
        } else {
            try (NDManager manager = Kernels.newManager()) {
                LoraDenoiser adapted =
                        LoraDenoiser.of(
                                denoiser,
                                WeightFile.open(folder.frozen()),
                                request.lora(),
                                manager);
                train(
                        adapted,
                        objective,
                        material,
                        folder.adapters(),
                        event -> {
                            if (event instanceof DenoiserTrainingEvent.StateSaved) {
                                adapted.merge(WeightFile.open(folder.adapters()), folder.weights());
                            }
                            tell(event, folder, samples);
                        });
            }
        }
        stop.check();
    }

    private void train(
            TrainableDenoiser denoiser,
            DenoiserObjective objective,
            DenoiserTraining.Material material,
            Path weights,
            Consumer<DenoiserTrainingEvent> told)
            throws InterruptedException {
        try (DenoiserTraining training =
                new DenoiserTraining(request, denoiser, objective, material, weights)) {
            training.run(told, stop);
        }
    }

    private void tell(DenoiserTrainingEvent event, ModelFolder folder, RunSamples samples) {
        events.accept(event);
        switch (event) {
            case DenoiserTrainingEvent.StateSaved(long step, _) when !stop.isRequested() ->
                    samples.make(step)
                            .ifPresent(sheet ->
                                    events.accept(new DenoiserTrainingEvent.Sampled(step, sheet)));
            case DenoiserTrainingEvent.Judged(long step, double loss) ->
                    folder.keepIfBest(step, loss);
            case DenoiserTrainingEvent.Extracted _,
                    DenoiserTrainingEvent.LeftOut _,
                    DenoiserTrainingEvent.Stepped _,
                    DenoiserTrainingEvent.StateSaved _,
                    DenoiserTrainingEvent.Sampled _ -> {}
        }
    }
}
