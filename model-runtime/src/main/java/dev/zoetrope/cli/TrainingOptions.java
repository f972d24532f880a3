package dev.zoetrope.cli;

import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.TrainingRequest;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;

/** What is said of a training run, whatever model it trains; null is what was not. */
final class TrainingOptions {
    @Option(
            names = "--run",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the run: metrics, samples, state and the model.")
    Path run;

    @Option(
            names = "--shapes",
            paramLabel = "TxHxW",
            split = ",",
            converter = ClipShapeConverter.class,
            description =
                    "Sizes of clips, taken in turn from step to step; a denoiser is for the first.")
    @Nullable List<ClipShape> shapes;

    @Option(names = "--steps", paramLabel = "N", description = "Length of the run.")
    @Nullable Long steps;

    @Option(names = "--learning-rate", paramLabel = "X", description = "At its peak.")
    @Nullable Double learningRate;

    @Option(names = "--warmup", paramLabel = "N", description = "Steps until the peak.")
    @Nullable Long warmup;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Of AdamW.")
    @Nullable Double weightDecay;

    @Option(names = "--clip-norm", paramLabel = "X", description = "Largest norm of a gradient.")
    @Nullable Double clipNorm;

    @Option(
            names = "--averaging",
            paramLabel = "X",
            description = "Rate of the moving average of weights.")
    @Nullable Double averaging;

    @Option(
            names = "--save-minutes",
            paramLabel = "X",
            description = "How often the state is saved.")
    @Nullable Double saveMinutes;

    @Option(
            names = "--log-every",
            paramLabel = "N",
            description = "Steps between lines of metrics.jsonl; each makes the device wait.")
    @Nullable Long logEvery;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of initial weights, clips and all else that is drawn.")
    @Nullable Long seed;

    @Option(names = "--precision", description = "FP32, or BF16 with parameters in FP32.")
    @Nullable Precision precision;

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec command;

    TrainingOptions() {}

    /** Refuses what no training can do. */
    void check(TrainingRequest r) {
        usage(r.steps() >= 1, "--steps is 1 or more");
        usage(r.learningRate() > 0, "--learning-rate is above 0");
        usage(r.warmup() >= 0, "--warmup is 0 or more");
        usage(r.clipNorm() > 0, "--clip-norm is above 0");
        usage(r.averaging() > 0 && r.averaging() <= 1, "--averaging is above 0, at most 1");
        usage(r.saveMinutes() > 0, "--save-minutes is above 0");
        usage(r.logEvery() >= 1, "--log-every is 1 or more");
        usage(
                r.precision() != Precision.FP16,
                "--precision is FP32 or BF16: gradients leave the range of FP16");
    }

    /** Refuses what was not said as it has to be. */
    void usage(boolean fine, String text) {
        if (!fine) {
            throw wrong(text);
        }
    }

    CommandLine.ParameterException wrong(String text) {
        return new CommandLine.ParameterException(command.commandLine(), text);
    }
}
