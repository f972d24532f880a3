package dev.zoetrope.cli;

import dev.zoetrope.model.codec.VideoGptVqVaeConfig;
import dev.zoetrope.pipeline.CodecCheckpoint;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.weights.TensorSlice;
import dev.zoetrope.weights.WeightFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code zoetrope inspect}: reads descriptions of tensors only, and needs no libtorch. */
@Command(name = "inspect", description = "Say what a weight file or a model folder is.")
final class InspectCommand implements Callable<Integer> {
    private static final int SHORT_LIST = 8;

    @Parameters(paramLabel = "CHECKPOINT", description = "A weight file or a model folder.")
    private Path place;

    @Option(names = "--tensors", description = "List all tensors with their shapes.")
    private boolean all;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    InspectCommand() {}

    /** A tensor as {@code --tensors} lists it. */
    private record Tensor(String name, String type, List<Long> shape) {}

    /**
     * What is known of a checkpoint.
     *
     * @param architecture null when unknown, with {@code reason}
     * @param parameters elements of all tensors
     * @param types number of tensors of each number type
     * @param bytes of the tensors
     * @param list of tensors; null when not asked for
     */
    private record Inspection(
            String file,
            String format,
            @Nullable String architecture,
            @Nullable VideoGptVqVaeConfig config,
            @Nullable String reason,
            int tensors,
            long parameters,
            Map<String, Long> types,
            long bytes,
            Map<String, String> metadata,
            @Nullable List<Tensor> list) {}

    @Override
    public Integer call() {
        WeightFile weights = WeightFile.open(CodecCheckpoint.weightFile(place));
        VideoGptVqVaeConfig config = null;
        String reason = null;
        try {
            CodecCheckpoint codec = CodecCheckpoint.open(place);
            codec.check();
            config = codec.config();
        } catch (ProblemException e) {
            if (!(e.problem() instanceof Problem.CheckpointUnknown unknown)) {
                throw e;
            }
            reason = unknown.reason();
        }
        Inspection found = inspect(weights, config, reason);
        if (json) {
            Json.print(found);
        } else {
            print(found, weights);
        }
        return 0;
    }

    private Inspection inspect(
            WeightFile weights, @Nullable VideoGptVqVaeConfig config, @Nullable String reason) {
        long parameters = 0;
        long bytes = 0;
        Map<String, Long> types = new TreeMap<>();
        for (TensorSlice tensor : weights.tensors().values()) {
            parameters += tensor.elements();
            bytes += tensor.dtype().bytesFor(tensor.elements());
            types.merge(tensor.dtype().name(), 1L, Long::sum);
        }
        return new Inspection(
                weights.file().toString(),
                weights.format().title(),
                config == null ? null : CodecCheckpoint.ARCHITECTURE,
                config,
                reason,
                weights.tensors().size(),
                parameters,
                types,
                bytes,
                weights.metadata(),
                all ? tensors(weights) : null);
    }

    private static List<Tensor> tensors(WeightFile weights) {
        return weights.tensors().entrySet().stream()
                .map(entry ->
                        new Tensor(
                                entry.getKey(),
                                entry.getValue().dtype().name(),
                                entry.getValue().shape()))
                .toList();
    }

    private void print(Inspection i, WeightFile weights) {
        System.out.println("File          " + i.file());
        System.out.println("Format        " + i.format());
        VideoGptVqVaeConfig config = i.config();
        if (config == null) {
            System.out.println("Architecture  unknown: " + i.reason());
        } else {
            System.out.println("Architecture  " + i.architecture());
            System.out.printf(
                    "              %d codes of %d numbers, one per %s frames, rows and columns%n",
                    config.nCodes(), config.embeddingDim(), factors(config));
            System.out.printf(
                    "              %d hidden channels, %d residual layers%n",
                    config.nHiddens(), config.nResLayers());
        }
        System.out.printf(
                "Tensors       %d with %,d numbers, %,d bytes%n",
                i.tensors(), i.parameters(), i.bytes());
        i.types().forEach((type, n) -> System.out.printf("              %s: %d%n", type, n));
        i.metadata()
                .forEach((key, value) -> System.out.printf("Metadata      %s=%s%n", key, value));
        List<Tensor> listed = tensors(weights);
        if (!all) {
            listed =
                    config == null
                            ? listed.subList(0, Math.min(SHORT_LIST, listed.size()))
                            : List.of();
        }
        for (Tensor tensor : listed) {
            System.out.printf("%s  %s %s%n", tensor.name(), tensor.type(), tensor.shape());
        }
        if (config == null && listed.size() < i.tensors()) {
            System.out.printf("and %d more; --tensors lists all%n", i.tensors() - listed.size());
        }
    }

    private static String factors(VideoGptVqVaeConfig config) {
        List<String> factors = config.downsample().stream().map(String::valueOf).toList();
        return String.join(" x ", factors);
    }
}
