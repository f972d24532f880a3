package dev.zoetrope.cli;

import static java.util.Objects.requireNonNullElse;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.pipeline.CodecCheckpoint;
import dev.zoetrope.pipeline.VqVaeCheckpoint;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.CodecTrainingRequest;
import dev.zoetrope.runtime.training.TrainingEvent;
import dev.zoetrope.train.RunFolder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope train codec}. What is not said comes from the recipe, or the run resumed. */
@Command(
        name = "codec",
        description = {
            "Train a video codec on clips.",
            "Ctrl-C saves the state; --resume goes on from it."
        })
final class TrainCodecCommand implements Callable<Integer> {
    private static final long SECONDS_TO_SAVE = 60;

    @Mixin private final TrainingOptions said = new TrainingOptions();

    @Option(names = "--resume", description = "Go on from the state in the folder.")
    private boolean resume;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|DIR[:PARTS]",
            converter = PlaceConverter.OfDataset.class,
            description =
                    "An installed source or a folder of videos and pictures, and how often it has"
                            + " its turn. May be given several times.")
    private @Nullable List<String> datasets;

    @Option(
            names = "--from",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.class,
            description =
                    "Start with the weights and the codebook of this codec, which decides all"
                            + " sizes, instead of anew.")
    private @Nullable String from;

    @Option(
            names = "--downsample",
            paramLabel = "T,H,W",
            split = ",",
            description = "Factors of compression; powers of two, one at least 4.")
    private @Nullable List<Integer> downsample;

    @Option(names = "--codes", paramLabel = "N", description = "Size of the codebook.")
    private @Nullable Integer codes;

    @Option(names = "--code-groups", paramLabel = "N", description = "Codes to a latent cell.")
    private @Nullable Integer codeGroups;

    @Option(
            names = "--embedding",
            paramLabel = "N",
            description = "Channels of a latent, shared out among the groups.")
    private @Nullable Integer embedding;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            description = "Channels of the hidden layers, even.")
    private @Nullable Integer hidden;

    @Option(
            names = "--residual-layers",
            paramLabel = "N",
            description = "Attention residual blocks in each half.")
    private @Nullable Integer residualLayers;

    @Option(
            names = "--pixels",
            paramLabel = "N",
            description = "Pixels in a step, all its clips together.")
    private @Nullable Integer pixels;

    @Option(
            names = "--unquantized-steps",
            paramLabel = "N",
            description = "Steps at the start without the codebook.")
    private @Nullable Long unquantizedSteps;

    @Option(
            names = "--freeze-norms-after",
            paramLabel = "N",
            description = "Step from which norms use running statistics.")
    private @Nullable Long freezeNormsAfter;

    @Option(names = "--l1", paramLabel = "X", description = "Weight of the mean absolute error.")
    private @Nullable Double l1Weight;

    @Option(
            names = "--restart-below",
            paramLabel = "X",
            description =
                    "Latents a step, on average, that must choose a code for it not to restart with"
                            + " new averages; without it, 1 and the old averages, as VideoGPT does.")
    private @Nullable Double restartBelow;

    TrainCodecCommand() {}

    /** The recipe of a codec for frames of up to 300 rows, half a day on two cores. */
    static CodecTrainingRequest recipe(Path run, List<String> datasets) {
        return new CodecTrainingRequest(
                run,
                datasets,
                null,
                List.of(4, 2, 2),
                2048,
                1,
                8,
                64,
                1,
                List.of(
                        new ClipShape(16, 64, 64),
                        new ClipShape(16, 32, 32),
                        new ClipShape(16, 48, 96),
                        new ClipShape(16, 32, 32),
                        new ClipShape(16, 96, 48)),
                262_144,
                4200,
                150,
                100,
                1e-3,
                50,
                1e-4,
                1,
                0.5,
                null,
                0.002,
                4,
                10,
                1,
                Kernels.precision(Optional.empty()));
    }

    @Override
    public Integer call() throws InterruptedException {
        CodecTrainingRequest request = with(base());
        check(request);
        try (ModelRuntime runtime = Runtimes.open()) {
            Report report = new Report(said.run);
            return new Foreground(SECONDS_TO_SAVE)
                    .await(runtime.trainCodec(request, new Patience<>(report)));
        }
    }

    private CodecTrainingRequest base() {
        said.usage(!resume || from == null, "--resume goes on with what --from began with");
        if (resume) {
            if (!RunFolder.hasState(said.run)) {
                throw new Problem.ImpossibleRequest(
                                "There is no state in %s to go on from.".formatted(said.run),
                                "Check the folder, or begin a run without --resume.")
                        .asException();
            }
            return RunFolder.request(said.run, CodecTrainingRequest.class);
        }
        if (RunFolder.hasState(said.run)) {
            throw new Problem.ImpossibleRequest(
                            "There is a training run in %s already.".formatted(said.run),
                            "Go on with it with --resume, or choose another folder.")
                    .asException();
        }
        if (datasets == null) {
            throw said.wrong("Missing required option: '--dataset=NAME|DIR[:PARTS]'");
        }
        return from == null ? recipe(said.run, datasets) : recipe(said.run, datasets, from);
    }

    /** A recipe that keeps what a codec has learned: norms and codebook go on as they are. */
    private CodecTrainingRequest recipe(Path run, List<String> datasets, String from) {
        said.usage(
                downsample == null
                        && codes == null
                        && codeGroups == null
                        && embedding == null
                        && hidden == null
                        && residualLayers == null,
                "with --from, all sizes are those of its codec");
        CheckpointStore checkpoints = new CheckpointStore(UserFolders.ofThisSystem().models());
        if (!(CodecCheckpoint.open(checkpoints.find(from)) instanceof VqVaeCheckpoint codec)) {
            throw new Problem.ImpossibleRequest(
                            "%s is no video VQ-VAE, the only kind of codec that is trained."
                                    .formatted(from),
                            "Name a video VQ-VAE with --from, or train one from nothing.")
                    .asException();
        }
        VideoGptVqVaeConfig sizes = codec.config();
        CodecTrainingRequest r = recipe(run, datasets);
        return new CodecTrainingRequest(
                run,
                datasets,
                from,
                sizes.downsample(),
                sizes.nCodes(),
                sizes.codeGroups(),
                sizes.embeddingDim(),
                sizes.nHiddens(),
                sizes.nResLayers(),
                r.shapes(),
                r.pixels(),
                r.steps(),
                0,
                0,
                r.learningRate(),
                r.warmup(),
                r.weightDecay(),
                r.clipNorm(),
                r.l1Weight(),
                r.restartBelow(),
                r.averaging(),
                r.saveMinutes(),
                r.logEvery(),
                r.seed(),
                r.precision());
    }

    /** The request with everything that was said on the command line. */
    private CodecTrainingRequest with(CodecTrainingRequest base) {
        return new CodecTrainingRequest(
                said.run,
                datasets == null ? base.datasets() : datasets,
                base.from(),
                downsample == null ? base.downsample() : downsample,
                codes == null ? base.codes() : codes,
                codeGroups == null ? base.codeGroups() : codeGroups,
                embedding == null ? base.embedding() : embedding,
                hidden == null ? base.hidden() : hidden,
                residualLayers == null ? base.residualLayers() : residualLayers,
                requireNonNullElse(said.shapes, base.shapes()),
                pixels == null ? base.pixels() : pixels,
                requireNonNullElse(said.steps, base.steps()),
                unquantizedSteps == null ? base.unquantizedSteps() : unquantizedSteps,
                freezeNormsAfter == null ? base.freezeNormsAfter() : freezeNormsAfter,
                requireNonNullElse(said.learningRate, base.learningRate()),
                requireNonNullElse(said.warmup, base.warmup()),
                requireNonNullElse(said.weightDecay, base.weightDecay()),
                requireNonNullElse(said.clipNorm, base.clipNorm()),
                l1Weight == null ? base.l1Weight() : l1Weight,
                restartBelow == null ? base.restartBelow() : restartBelow,
                requireNonNullElse(said.averaging, base.averaging()),
                requireNonNullElse(said.saveMinutes, base.saveMinutes()),
                requireNonNullElse(said.logEvery, base.logEvery()),
                requireNonNullElse(said.seed, base.seed()),
                requireNonNullElse(said.precision, base.precision()));
    }

    private void check(CodecTrainingRequest r) {
        said.check(r);
        said.usage(r.codes() >= 1, "--codes is 1 or more");
        said.usage(r.codeGroups() >= 1, "--code-groups is 1 or more");
        said.usage(
                r.embedding() >= 1 && r.embedding() % r.codeGroups() == 0,
                "--embedding is a multiple of --code-groups");
        said.usage(r.hidden() >= 2 && r.hidden() % 2 == 0, "--hidden is even");
        said.usage(r.residualLayers() >= 0, "--residual-layers is 0 or more");
        said.usage(r.pixels() >= 1, "--pixels is 1 or more");
        said.usage(r.restartBelow() == null || r.restartBelow() > 0, "--restart-below is above 0");
        said.usage(r.downsample().size() == 3, "--downsample has three factors");
        for (ClipShape shape : r.shapes()) {
            said.usage(
                    shape.frames() % r.downsample().get(0) == 0
                            && shape.height() % r.downsample().get(1) == 0
                            && shape.width() % r.downsample().get(2) == 0,
                    "--shapes are multiples of --downsample");
        }
    }

    /** Tells of the run on the device's thread, of its end too: after Ctrl-C nothing else may. */
    private static final class Report implements JobListener<TrainingEvent> {
        private final Path run;
        private final Progress progress = new Progress(true, "steps");
        private long step;

        Report(Path run) {
            this.run = run;
        }

        @Override
        public void onEvent(TrainingEvent event) {
            switch (event) {
                case TrainingEvent.Stepped s -> {
                    step = s.step();
                    progress.show(
                            s.step(),
                            s.steps(),
                            "loss %.4f, %.1f dB, %d codes"
                                    .formatted(s.loss(), s.psnr(), s.codesUsed()));
                }
                case TrainingEvent.StateSaved _, TrainingEvent.Sampled _ -> {}
            }
        }

        @Override
        public void onState(JobState state) {
            switch (state) {
                case JobState.Succeeded _ -> {
                    progress.close();
                    System.out.println("Saved  " + run.resolve("vae"));
                }
                case JobState.Cancelled _ -> {
                    progress.close();
                    if (step > 0) {
                        System.err.printf(
                                "Stopped after step %d. To go on: zoetrope train codec --run %s"
                                        + " --resume%n",
                                step, run);
                    }
                }
                case JobState.Failed _ -> progress.close();
                case JobState.Queued _, JobState.Running _ -> {}
            }
        }
    }
}
