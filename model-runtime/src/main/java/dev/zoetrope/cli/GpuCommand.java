package dev.zoetrope.cli;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.gpu.Gpu;
import dev.zoetrope.runtime.gpu.GpuLibraries;
import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.job.Cancellation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.Console;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope gpu}. */
@Command(
        addMethodSubcommands = false,
        name = "gpu",
        description =
                "What GPU there is, and whether models can compute on it; install brings the"
                        + " libraries they need, remove deletes them.")
final class GpuCommand implements Callable<Integer> {
    private static final double GB = 1e9;
    private static final long MB = 1_000_000;

    private final GpuLibraries libraries = GpuLibraries.of(UserFolders.ofThisSystem());

    GpuCommand() {}

    /** Says what there is; exit code 1 where models cannot compute on a GPU. */
    @Override
    public Integer call() {
        GpuState state = libraries.state();
        System.out.println(found(state));
        remedy(state).ifPresent(System.err::println);
        return remedy(state).isPresent() ? Zoetrope.PROBLEM : 0;
    }

    /** What would have to be done before models compute on a GPU. */
    static Optional<String> remedy(GpuState state) {
        return switch (state) {
            case GpuState.Hindered(_, var why) -> Optional.of(why.remedy());
            case GpuState.Missing _ -> Optional.of("zoetrope gpu install brings them.");
            case GpuState.Own _, GpuState.Ready _ -> Optional.empty();
        };
    }

    /** One sentence or two. */
    static String found(GpuState state) {
        return switch (state) {
            case GpuState.Hindered(_, var why) -> why.cause();
            case GpuState.Own(var libtorch) ->
                    "PYTORCH_LIBRARY_PATH names a libtorch of your own: " + libtorch;
            case GpuState.Missing(var gpu, var left, var came, _) ->
                    "%s. Models can compute on it with libraries of which %.1f GB are to be downloaded%s."
                            .formatted(
                                    words(gpu),
                                    left / GB,
                                    came == 0 ? "" : ", %.1f GB have been".formatted(came / GB));
            case GpuState.Ready(var gpu, var folder) ->
                    "%s. Models compute on it, with the libraries in %s"
                            .formatted(words(gpu), folder);
        };
    }

    private static String words(Gpu gpu) {
        int capability = gpu.capability().orElse(0);
        return "%s, %s, compute capability %d.%d, driver %s"
                .formatted(
                        gpu.name(),
                        gpu.memory() == 0
                                ? "memory unknown"
                                : "%.0f GiB".formatted((double) gpu.memory() / (1L << 30)),
                        capability / 10,
                        capability % 10,
                        gpu.driver());
    }

    @Command(
            name = "install",
            description =
                    "Download what models need to compute on this machine's GPU. Asks first; what"
                            + " came is kept when it is interrupted.")
    int install(
            @Option(names = "--yes", description = "Do not ask.") boolean yes,
            @Option(
                            names = "--from",
                            paramLabel = "URL",
                            description =
                                    "A Maven repository; ZOETROPE_MAVEN_REPOSITORY or Maven"
                                            + " Central without it.")
                    @Nullable String from) {
        URI repository = from == null ? GpuLibraries.repository() : GpuLibraries.repository(from);
        GpuState state = libraries.state();
        System.err.println(found(state));
        return switch (state) {
            case GpuState.Hindered(_, var why) -> {
                System.err.println(why.remedy());
                yield Zoetrope.PROBLEM;
            }
            case GpuState.Missing missing -> {
                if (!yes && !agreed(missing, repository)) {
                    System.err.println("Nothing was downloaded.");
                    yield Zoetrope.CANCELLED;
                }
                bring(missing, repository);
                System.out.println(found(libraries.state()));
                yield 0;
            }
            case GpuState.Own _, GpuState.Ready _ -> 0;
        };
    }

    private static boolean agreed(GpuState.Missing missing, URI repository) {
        System.err.printf(
                Locale.ROOT,
                """
                From %s: %.1f GB to download, %.1f GB on the disk.
                Libtorch and OpenBLAS come under BSD licences, runtime libraries of compilers under those of GCC and Microsoft,
                and CUDA and cuDNN under NVIDIA's own: https://docs.nvidia.com/cuda/eula and https://docs.nvidia.com/deeplearning/cudnn
                """,
                repository,
                missing.left() / GB,
                missing.onDisk() / GB);
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            System.err.println("With --yes you accept these, and they are downloaded.");
            return false;
        }
        String answer = console.readLine("Accept these and download? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    private void bring(GpuState.Missing missing, URI repository) {
        Progress progress = new Progress(true, "MB");
        try {
            // Ctrl-C ends the process, and the next one goes on at the byte.
            libraries.bring(
                    repository,
                    now ->
                            progress.show(
                                    (now.came() - missing.came()) / MB,
                                    missing.left() / MB,
                                    now.unpacking() ? "unpacking " + now.library() : now.library()),
                    new Cancellation());
        } finally {
            progress.close();
        }
    }

    @Command(name = "remove", description = "Delete them, and what came of them.")
    int remove() {
        long bytes = libraries.taken();
        libraries.remove();
        System.out.printf("Removed %.1f GB%n", bytes / GB);
        return 0;
    }
}
