package dev.zoetrope.cli;

import dev.zoetrope.pipeline.LocalRuntime;
import dev.zoetrope.runtime.ModelRuntime;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.job.JobListener;
import dev.zoetrope.runtime.job.JobState;
import dev.zoetrope.runtime.reconstruction.CodecEvaluation;
import dev.zoetrope.runtime.reconstruction.EvaluationRequest;
import dev.zoetrope.runtime.training.ClipShape;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope evaluate}. */
@Command(
        name = "evaluate",
        description = "Rebuild clips of a data set with a codec and say how close they come.")
final class EvaluateCommand implements Callable<Integer> {
    /** Training draws from indices far below this one. */
    private static final long UNSEEN = 1L << 50;

    @Option(
            names = "--codec",
            paramLabel = "NAME|DIR",
            description = "An installed codec, a model folder or a weight file.")
    private @Nullable String codec;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|DIR",
            defaultValue = "paper-theatre",
            description = "paper-theatre, or a folder of videos and pictures.")
    private List<String> datasets = List.of();

    @Option(names = "--clips", paramLabel = "N", defaultValue = "64", description = "How many.")
    private int clips;

    @Option(
            names = "--shape",
            paramLabel = "TxHxW",
            defaultValue = "16x128x128",
            converter = TrainCodecCommand.ShapeConverter.class,
            description = "Frames, height and width of each; the codec's factors divide them.")
    private ClipShape shape;

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
        if (clips < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--clips is 1 or more");
        }
        try (ModelRuntime runtime = LocalRuntime.open(UserFolders.ofThisSystem())) {
            EvaluationRequest request =
                    new EvaluationRequest(
                            codec == null ? runtime.codecs().getFirst() : codec,
                            datasets,
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
    }

    private final class Report implements JobListener<CodecEvaluation> {
        private final Progress progress = new Progress(!json, "clips");
        private volatile @Nullable CodecEvaluation latest;

        @Override
        public void onState(JobState state) {}

        @Override
        public void onEvent(CodecEvaluation evaluation) {
            latest = evaluation;
            progress.show(evaluation.clips(), clips, "%.1f dB".formatted(evaluation.psnr()));
        }
    }
}
