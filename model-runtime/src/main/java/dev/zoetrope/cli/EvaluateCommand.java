package dev.zoetrope.cli;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.generation.ModelEvaluationRequest;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.training.ClipShape;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/** {@code zoetrope evaluate}. */
@Command(
        name = "evaluate",
        description =
                "Rebuild clips of a data set with a codec and say how close they come, or make"
                        + " clips of its captions with a model and say what they show.")
final class EvaluateCommand implements Callable<Integer> {
    /** Training draws from indices far below this one. */
    private static final long UNSEEN = 1L << 50;

    @ArgGroup private Evaluated evaluated = new Evaluated();

    private static final class Evaluated {
        @Option(
                names = "--codec",
                paramLabel = "NAME|DIR",
                converter = PlaceConverter.class,
                description = "An installed codec, a model folder or a weight file.")
        private @Nullable String codec;

        @Option(
                names = "--model",
                paramLabel = "NAME|DIR",
                converter = PlaceConverter.class,
                description = "An installed model or a model folder, told by text.")
        private @Nullable String model;
    }

    @Option(
            names = "--dataset",
            paramLabel = "NAME|DIR",
            converter = PlaceConverter.OfDataset.class,
            description =
                    "paper-theatre, or a folder of videos and pictures; for models"
                            + " paper-theatre-premiere without it.")
    private List<String> datasets = List.of();

    @Option(
            names = "--clips",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many a codec rebuilds.")
    private int clips;

    @Option(
            names = "--shape",
            paramLabel = "TxHxW",
            defaultValue = "16x128x128",
            converter = ClipShapeConverter.class,
            description = "Frames, height and width of each; the codec's factors divide them.")
    private ClipShape shape;

    @Option(
            names = "--prompts",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many captions a model is told.")
    private int prompts;

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "Times the size that the model was trained at.")
    private double scale;

    @Option(
            names = "--length",
            paramLabel = "X",
            defaultValue = "1",
            description = "Times the length that the model was trained at.")
    private double length;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of the sampler.")
    private @Nullable Integer steps;

    @Option(names = "--guidance", paramLabel = "G", description = "1 for none.")
    private @Nullable Double guidance;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of the first clip's noise.")
    private long seed;

    @Option(
            names = "--sheet",
            paramLabel = "FILE.png",
            description = "A picture of the model's clips, eight frames of each.")
    private @Nullable Path sheet;

    @Option(
            names = "--precision",
            description = "${COMPLETION-CANDIDATES}; the fastest of this processor without it.")
    private @Nullable Precision precision;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    EvaluateCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        usage(clips >= 1, "--clips is 1 or more");
        usage(prompts >= 1, "--prompts is 1 or more");
        usage(scale > 0 && scale <= 16, "--scale is above 0, at most 16");
        usage(length > 0 && length <= 64, "--length is above 0, at most 64");
        usage(steps == null || steps >= 1, "--steps is 1 or more");
        usage(guidance == null || (guidance >= 0 && guidance <= 1000), "--guidance is 0 or more");
        usage(
                evaluated.model == null || datasets.size() <= 1,
                "a model is told the captions of one --dataset");
        usage(evaluated.model != null || sheet == null, "--sheet shows clips of a --model");
        // Every clip counts, and of an engine's some may be left out.
        try (ModelRuntime runtime = LocalRuntime.open(UserFolders.ofThisSystem())) {
            return evaluated.model == null
                    ? evaluateCodec(runtime)
                    : evaluateModel(runtime, evaluated.model);
        }
    }

    private void usage(boolean fine, String text) {
        if (!fine) {
            throw new CommandLine.ParameterException(spec.commandLine(), text);
        }
    }

    private int evaluateModel(ModelRuntime runtime, String model) throws InterruptedException {
        ModelEvaluationRequest request =
                new ModelEvaluationRequest(
                        model,
                        datasets.isEmpty() ? "paper-theatre-premiere" : datasets.getFirst(),
                        prompts,
                        UNSEEN,
                        scale,
                        length,
                        steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
                        guidance == null ? OptionalDouble.empty() : OptionalDouble.of(guidance),
                        seed,
                        Optional.ofNullable(precision));
        ModelEvaluationReport report =
                new ModelEvaluationReport(
                        prompts, json, sheet == null ? null : ContactSheet.of(sheet));
        int exit = new Foreground(1).await(runtime.evaluateModel(request, report));
        report.close();
        if (exit == 0) {
            report.print();
        }
        return exit;
    }

    private int evaluateCodec(ModelRuntime runtime) throws InterruptedException {
        EvaluationRequest request =
                new EvaluationRequest(
                        evaluated.codec == null ? runtime.codecs().getFirst() : evaluated.codec,
                        datasets.isEmpty() ? List.of("paper-theatre") : datasets,
                        clips,
                        UNSEEN,
                        shape,
                        Optional.ofNullable(precision));
        Report report = new Report();
        int exit = new Foreground(1).await(runtime.evaluateCodec(request, report));
        report.progress.close();
        if (exit == 0 && report.latest != null) {
            print(report.latest);
        }
        return exit;
    }

    private void print(CodecEvaluation e) {
        if (json) {
            Json.print(e);
            return;
        }
        System.out.printf(
                "PSNR   %.2f dB over all, %.2f dB mean, %.2f dB worst clip%n",
                e.psnr(), e.meanPsnr(), e.worstPsnr());
        System.out.printf("SSIM   %.4f%n", e.ssim());
        e.codebook()
                .ifPresent(book ->
                        System.out.printf(
                                "Codes  %d of %d used (%.1f %%), perplexity %.0f%n",
                                book.used(),
                                book.size(),
                                100.0 * book.used() / book.size(),
                                book.perplexity()));
        e.recognised()
                .forEach((trait, count) ->
                        System.out.printf(
                                "Shown  %s in %d of %d clips%n", trait, count, e.clips()));
    }

    private final class Report implements JobListener<CodecEvaluation> {
        private final Progress progress = new Progress(!json, "clips");
        private volatile @Nullable CodecEvaluation latest;

        @Override
        public void onEvent(CodecEvaluation evaluation) {
            latest = evaluation;
            progress.show(evaluation.clips(), clips, "%.1f dB".formatted(evaluation.psnr()));
        }
    }
}
