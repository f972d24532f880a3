package dev.zoetrope.cli;

import dev.zoetrope.pipeline.BlockTrial;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.device.ResidentMemory;
import dev.zoetrope.runtime.problem.Problem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long one block of a denoiser takes, and in how much memory, as its tokens become more. Each
 * figure comes from a process of its own: what an allocator keeps of one would hide what the next
 * needs.
 */
final class BlockBench {
    private static final int WARM_UP_TOKENS = 64;

    private final List<BlockTrial.Kind> blocks;
    private final List<Precision> precisions;
    private final List<Integer> tokens;
    private final boolean json;

    BlockBench(
            List<BlockTrial.Kind> blocks,
            List<Precision> precisions,
            List<Integer> tokens,
            boolean json) {
        this.blocks = blocks;
        this.precisions = precisions;
        this.tokens = tokens;
        this.json = json;
    }

    /**
     * One figure.
     *
     * @param seconds of the block alone
     * @param workingMiB resident memory at its highest, over that when weights were there and
     *     nothing else; null where the system does not tell
     */
    private record Measured(
            BlockTrial.Kind block,
            Precision precision,
            int tokens,
            double seconds,
            @Nullable Long workingMiB) {}

    private record Result(String processor, int threads, List<Measured> measured) {}

    /** The exit code. */
    int run() throws InterruptedException, IOException {
        if (blocks.size() == 1 && precisions.size() == 1 && tokens.size() == 1) {
            report(List.of(measure(blocks.getFirst(), precisions.getFirst(), tokens.getFirst())));
            return 0;
        }
        Progress progress = new Progress(!json, "blocks");
        int total = blocks.size() * precisions.size() * tokens.size();
        List<Measured> measured = new ArrayList<>();
        for (BlockTrial.Kind block : blocks) {
            for (Precision precision : precisions) {
                for (int n : tokens) {
                    progress.show(measured.size(), total, block + " " + precision);
                    measured.add(measureElsewhere(block, precision, n));
                }
            }
        }
        progress.show(total, total, "");
        progress.close();
        report(measured);
        return 0;
    }

    private static Measured measure(BlockTrial.Kind block, Precision precision, int tokens) {
        ResidentMemory memory = ResidentMemory.ofThisProcess();
        try (BlockTrial trial = BlockTrial.of(block, precision)) {
            trial.run(WARM_UP_TOKENS);
            memory.resetPeak();
            OptionalLong before = memory.nowMiB();
            double seconds = trial.run(tokens).toNanos() / 1e9;
            OptionalLong peak = memory.peakMiB();
            Long working =
                    before.isPresent() && peak.isPresent()
                            ? peak.getAsLong() - before.getAsLong()
                            : null;
            return new Measured(block, precision, tokens, seconds, working);
        }
    }

    private static Measured measureElsewhere(BlockTrial.Kind block, Precision precision, int tokens)
            throws InterruptedException, IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Zoetrope.class.getName(), "bench", "--only=BLOCKS", "--json"));
        command.add("--block=" + block);
        command.add("--precision=" + precision);
        command.add("--tokens=" + tokens);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output;
        int exit;
        try {
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            exit = process.waitFor();
        } finally {
            process.destroy();
        }
        if (exit != 0) {
            throw new Problem.ImpossibleRequest(
                            "A %s block of %d tokens in %s could not be measured: its process ended with %d."
                                    .formatted(block, tokens, precision, exit),
                            "If memory ran out, measure fewer tokens, for example --tokens 1024,4096.")
                    .asException();
        }
        return Json.read(output, Result.class).measured().getFirst();
    }

    private void report(List<Measured> measured) {
        Result result =
                new Result(Processor.name(), Runtime.getRuntime().availableProcessors(), measured);
        if (json) {
            Json.print(result);
        } else {
            print(result);
        }
    }

    private static void print(Result r) {
        System.out.printf(
                "%s, %d threads; one block, %s%n", r.processor(), r.threads(), BlockTrial.SIZE);
        System.out.println("                         tokens   seconds  working memory");
        for (Measured m : r.measured()) {
            System.out.printf(
                    "%-16s  %-5s  %7d  %8.3f  %s%n",
                    m.block(),
                    m.precision(),
                    m.tokens(),
                    m.seconds(),
                    m.workingMiB() == null ? "unknown" : "%10d MiB".formatted(m.workingMiB()));
        }
    }
}
