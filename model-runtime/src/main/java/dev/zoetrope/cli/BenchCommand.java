package dev.zoetrope.cli;

import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.BlockTrial;
import dev.zoetrope.runtime.device.Precision;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope bench}: what this machine does with models, in sections. */
@Command(name = "bench", description = "Measure how fast and in how much memory models run here.")
final class BenchCommand implements Callable<Integer> {
    private enum Section {
        /** A 10 s clip of 256 x 256 through a codec and back. */
        CODEC,
        /** One block of each denoiser, by number of tokens. */
        BLOCKS,
        /** Steps of a sampler with previews and without. */
        PREVIEWS
    }

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SECTION",
            description = "${COMPLETION-CANDIDATES}; all of them without it.")
    private List<Section> sections = List.of(Section.values());

    @Option(
            names = "--codec",
            paramLabel = "NAME|DIR",
            description = "An installed codec, a model folder or a weight file.")
    private @Nullable String codec;

    @Option(
            names = "--block",
            split = ",",
            paramLabel = "BLOCK",
            description = "${COMPLETION-CANDIDATES}; all of them without it.")
    private List<BlockTrial.Kind> blocks = List.of(BlockTrial.Kind.values());

    @Option(
            names = "--precision",
            split = ",",
            paramLabel = "PRECISION",
            description = "${COMPLETION-CANDIDATES}; all that the device has without it.")
    private @Nullable List<Precision> asked;

    @Option(
            names = "--tokens",
            split = ",",
            paramLabel = "N",
            defaultValue = "1024,4096,16384",
            description = "Of the blocks; ${DEFAULT-VALUE} without it.")
    private List<Integer> tokens = List.of();

    @Option(names = "--json", description = "JSON instead of text, one line for each section.")
    private boolean json;

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    BenchCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (tokens.stream().anyMatch(n -> n < 1)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--tokens needs numbers of at least 1, not " + tokens);
        }
        // What the device refuses is refused before anything is measured.
        List<Precision> precisions = asked == null ? Kernels.precisions() : asked;
        for (Precision precision : precisions) {
            Kernels.precision(Optional.of(precision));
        }
        for (Section section : sections) {
            int exit =
                    switch (section) {
                        case CODEC -> new CodecBench(codec, precisions, json).run();
                        case BLOCKS -> new BlockBench(blocks, precisions, tokens, json).run();
                        case PREVIEWS -> new PreviewBench(precisions, json).run();
                    };
            if (exit != 0) {
                return exit;
            }
        }
        return 0;
    }
}
