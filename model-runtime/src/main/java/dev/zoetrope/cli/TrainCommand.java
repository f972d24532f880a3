package dev.zoetrope.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code zoetrope train}: one subcommand for each kind of model. */
@Command(
        name = "train",
        description = "Train a model.",
        subcommands = {TrainCodecCommand.class, TrainDenoiserCommand.class})
final class TrainCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    TrainCommand() {}

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Say what to train: codec or denoiser");
    }
}
