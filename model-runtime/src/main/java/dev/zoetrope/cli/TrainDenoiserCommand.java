package dev.zoetrope.cli;

import static java.util.Objects.requireNonNullElse;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.training.DenoiserTrainingEvent;
import dev.zoetrope.runtime.training.DenoiserTrainingRequest;
import dev.zoetrope.runtime.training.FlowTimes;
import dev.zoetrope.runtime.training.Objective;
import dev.zoetrope.runtime.training.SkippedFile;
import dev.zoetrope.train.RunFolder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope train denoiser}. What is not said comes from the recipe, or the run resumed. */
@Command(
        name = "denoiser",
        description = {
            "Train a denoiser on captioned clips.",
            "The run's folder is a model folder at any time. Ctrl-C saves the state; the same"
                    + " command, or only --run, goes on from it."
        })
final class TrainDenoiserCommand implements Callable<Integer> {
    private static final long SECONDS_TO_SAVE = 60;

    @Mixin private final TrainingOptions said = new TrainingOptions();

    @Option(
            names = "--dataset",
            paramLabel = "NAME|DIR[:PARTS]",
            converter = PlaceConverter.OfDataset.class,
            description =
                    "An installed source, a folder of videos and pictures with .txt captions beside"
                            + " them, or a .csv or .jsonl list of both, and how often it has its"
                            + " turn. May be given several times.")
    private @Nullable List<String> datasets;

    @Option(
            names = "--codec",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.class,
            description = "Whose latents are learned.")
    private @Nullable String codec;

    @Option(
            names = "--text-encoder",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.class,
            description =
                    "An installed text encoder, or a folder of one with its tokenizer. Not for"
                            + " models without texts.")
    private @Nullable String textEncoder;

    @Option(
            names = "--from",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.class,
            description = "Begin with what this denoiser has learned instead of with nothing.")
    private @Nullable String from;

    @Option(
            names = "--lora",
            paramLabel = "N",
            description = "Learn adapters of this rank and leave the rest of --from as it was.")
    private @Nullable Integer lora;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A config.json: the architecture and its sizes. Not needed with --from unless"
                            + " they change.")
    private @Nullable Path config;

    @Option(
            names = "--objective",
            description = "What the model predicts: ${COMPLETION-CANDIDATES}.")
    private @Nullable Objective objective;

    @Option(
            names = "--times",
            description = "How often each time of a flow is trained: ${COMPLETION-CANDIDATES}.")
    private @Nullable FlowTimes times;

    @Option(
            names = "--shift",
            paramLabel = "X",
            description =
                    "How far the times of a flow are moved towards the noise, in training and in"
                            + " sampling; 1 for not at all.")
    private @Nullable Double shift;

    @Option(
            names = "--min-snr",
            paramLabel = "X",
            description =
                    "Signal-to-noise ratio from which times of a diffusion count no more; 5 is"
                            + " usual.")
    private @Nullable Double minSnr;

    @Option(
            names = "--zero-snr",
            description = "Leave nothing of a clip at the last time, with --objective v.")
    private boolean zeroSnr;

    @Option(
            names = "--padded",
            description = "Pass clips of all shapes through the model together, padded and masked.")
    private boolean padded;

    @Option(
            names = "--clips",
            paramLabel = "N",
            description = "Clips that are drawn from the data sets and brought into the cache.")
    private @Nullable Integer clips;

    @Option(
            names = "--held-out",
            paramLabel = "X",
            description =
                    "Share of the clips that nothing is learned from, at most 0.5; the model that"
                            + " does best on them is kept in DIR/best.")
    private @Nullable Double heldOut;

    @Option(names = "--words", paramLabel = "N", description = "Length of all texts.")
    private @Nullable Integer words;

    @Option(names = "--fps", paramLabel = "X", description = "Frames per second of the clips.")
    private @Nullable Double fps;

    @Option(names = "--batch", paramLabel = "N", description = "Clips in a pass.")
    private @Nullable Integer batch;

    @Option(names = "--accumulate", paramLabel = "N", description = "Passes in a step.")
    private @Nullable Integer accumulate;

    @Option(names = "--checkpointing", description = "Compute layers twice to save memory.")
    private boolean checkpointing;

    @Option(
            names = "--drop-condition",
            paramLabel = "X",
            description = "How often a clip is shown without its caption, from 0 to 1.")
    private @Nullable Double dropCondition;

    @Option(
            names = "--first-frame",
            paramLabel = "X",
            description =
                    "How often a clip is shown with its first frame given, from 0 to 1; above 0 the"
                            + " model takes generate --image.")
    private @Nullable Double firstFrame;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Clips that are made with each saved model.")
    private @Nullable Integer samples;

    TrainDenoiserCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        DenoiserTrainingRequest request = with(base());
        check(request);
        try (ModelRuntime runtime = Runtimes.open()) {
            Report report = new Report(said.run);
            return new Foreground(SECONDS_TO_SAVE)
                    .await(runtime.trainDenoiser(request, new Patience<>(report)));
        }
    }

    private DenoiserTrainingRequest base() {
        if (RunFolder.hasRequest(said.run)) {
            return RunFolder.request(said.run, DenoiserTrainingRequest.class);
        }
        said.usage(datasets != null, "Missing required option: '--dataset=NAME|DIR[:PARTS]'");
        said.usage(codec != null, "Missing required option: '--codec=NAME|DIR'");
        said.usage(config != null || from != null, "Missing required option: '--config=FILE'");
        said.usage(said.shapes != null, "Missing required option: '--shapes=TxHxW'");
        return new DenoiserTrainingRequest(
                said.run,
                List.of(),
                "",
                null,
                null,
                0,
                null,
                Objective.FLOW,
                FlowTimes.LOGIT_NORMAL,
                null,
                null,
                false,
                List.of(),
                false,
                20_000,
                0.01,
                32,
                8,
                16,
                1,
                false,
                20_000,
                5e-4,
                500,
                0,
                1,
                0.001,
                0.1,
                0,
                5,
                4,
                10,
                1,
                Kernels.precision(Optional.empty()));
    }

    /** The request with everything that was said on the command line. */
    private DenoiserTrainingRequest with(DenoiserTrainingRequest base) {
        return new DenoiserTrainingRequest(
                said.run,
                datasets == null ? base.datasets() : datasets,
                codec == null ? base.codec() : codec,
                textEncoder == null ? base.textEncoder() : textEncoder,
                from == null ? base.from() : from,
                lora == null ? base.lora() : lora,
                config == null ? base.config() : config,
                objective == null ? base.objective() : objective,
                times == null ? base.times() : times,
                shift == null ? base.shift() : shift,
                minSnr == null ? base.minSnr() : minSnr,
                zeroSnr || base.zeroSnr(),
                requireNonNullElse(said.shapes, base.shapes()),
                padded || base.padded(),
                clips == null ? base.clips() : clips,
                heldOut == null ? base.heldOut() : heldOut,
                words == null ? base.words() : words,
                fps == null ? base.fps() : fps,
                batch == null ? base.batch() : batch,
                accumulate == null ? base.accumulate() : accumulate,
                checkpointing || base.checkpointing(),
                requireNonNullElse(said.steps, base.steps()),
                requireNonNullElse(said.learningRate, base.learningRate()),
                requireNonNullElse(said.warmup, base.warmup()),
                requireNonNullElse(said.weightDecay, base.weightDecay()),
                requireNonNullElse(said.clipNorm, base.clipNorm()),
                requireNonNullElse(said.averaging, base.averaging()),
                dropCondition == null ? base.dropCondition() : dropCondition,
                firstFrame == null ? base.firstFrame() : firstFrame,
                requireNonNullElse(said.saveMinutes, base.saveMinutes()),
                samples == null ? base.samples() : samples,
                requireNonNullElse(said.logEvery, base.logEvery()),
                requireNonNullElse(said.seed, base.seed()),
                requireNonNullElse(said.precision, base.precision()));
    }

    private void check(DenoiserTrainingRequest r) {
        said.check(r);
        said.usage(r.clips() >= r.shapes().size(), "--clips is at least one for each of --shapes");
        said.usage(r.heldOut() >= 0 && r.heldOut() <= 0.5, "--held-out is from 0 to 0.5");
        said.usage(r.words() >= 2, "--words is 2 or more");
        said.usage(r.fps() > 0, "--fps is above 0");
        said.usage(r.batch() >= 1, "--batch is 1 or more");
        said.usage(r.accumulate() >= 1, "--accumulate is 1 or more");
        said.usage(r.shift() == null || r.shift() > 0, "--shift is above 0");
        said.usage(
                r.shift() == null || r.objective() == Objective.FLOW,
                "--shift is for --objective flow");
        said.usage(r.minSnr() == null || r.minSnr() > 0, "--min-snr is above 0");
        said.usage(
                !r.zeroSnr() || r.objective() == Objective.V,
                "--zero-snr is for --objective v: noise says nothing where there is no clip");
        said.usage(
                r.dropCondition() >= 0 && r.dropCondition() <= 1,
                "--drop-condition is from 0 to 1");
        said.usage(r.firstFrame() >= 0 && r.firstFrame() <= 1, "--first-frame is from 0 to 1");
        said.usage(r.lora() >= 0, "--lora is 0 or more");
        said.usage(r.lora() == 0 || r.from() != null, "--lora needs --from");
        said.usage(r.samples() >= 0, "--samples is 0 or more");
    }

    /** Tells of the run on the device's thread, of its end too: after Ctrl-C nothing else may. */
    private static final class Report implements JobListener<DenoiserTrainingEvent> {
        private final Path run;
        private @Nullable Progress progress;
        private @Nullable String unit;
        private List<SkippedFile> skipped = List.of();
        private String judged = "";
        private long step;

        Report(Path run) {
            this.run = run;
        }

        @Override
        public void onEvent(DenoiserTrainingEvent event) {
            switch (event) {
                case DenoiserTrainingEvent.Extracted(var what, long done, long total) ->
                        progress(what.name().toLowerCase(Locale.ROOT)).show(done, total, "");
                case DenoiserTrainingEvent.LeftOut(var files) -> skipped = files;
                case DenoiserTrainingEvent.Stepped s -> {
                    step = s.step();
                    progress("steps")
                            .show(
                                    s.step(),
                                    s.steps(),
                                    "loss %.4f%s, gradient %.3f, %.3f s a step"
                                            .formatted(
                                                    s.loss(),
                                                    judged,
                                                    s.gradientNorm(),
                                                    s.secondsPerStep()));
                }
                case DenoiserTrainingEvent.Judged j ->
                        judged = " (held out %.4f)".formatted(j.heldOutLoss());
                case DenoiserTrainingEvent.StateSaved saved -> step = saved.step();
                case DenoiserTrainingEvent.Sampled _ -> {}
            }
        }

        private void tellOfSkipped() {
            if (!skipped.isEmpty()) {
                System.err.printf("%d of the files were left out:%n", skipped.size());
                skipped.forEach(file -> System.err.println(file.problem().cause()));
            }
        }

        /** A line for each kind of work. */
        private Progress progress(String units) {
            if (progress == null || !units.equals(unit)) {
                close();
                progress = new Progress(true, units);
                unit = units;
            }
            return progress;
        }

        private void close() {
            if (progress != null) {
                progress.close();
            }
        }

        @Override
        public void onState(JobState state) {
            switch (state) {
                case JobState.Succeeded _ -> {
                    close();
                    tellOfSkipped();
                    System.out.println("Saved  " + run);
                }
                case JobState.Cancelled _ -> {
                    close();
                    tellOfSkipped();
                    System.err.printf(
                            "Stopped after step %d. To go on: zoetrope train denoiser --run %s%n",
                            step, run);
                }
                case JobState.Failed _ -> close();
                case JobState.Queued _, JobState.Running _ -> {}
            }
        }
    }
}
