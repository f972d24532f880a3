package dev.zoetrope.engine;

import com.google.common.io.Resources;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.gpu.GpuLibraries;
import dev.zoetrope.runtime.gpu.Libtorch;
import dev.zoetrope.runtime.problem.Problem;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Starts engines: this program again, in a process that outlives this one. */
final class EngineProcess {
    private static final long LONGEST_LOG = 1 << 20;
    private static final int LINES_TO_SHOW = 3;

    /** What Java is told on its command line and does not inherit. */
    private static final List<String> PROPERTIES =
            List.of(
                    "ai.djl.",
                    "zoetrope.",
                    "OPT_OUT_TRACKING",
                    "java.io.tmpdir",
                    "java.library.path",
                    "jna.",
                    "org.bytedeco.",
                    "org.sqlite.",
                    "RUST_");

    /** Names the archive of classes that an installed Zoetrope starts with. */
    private static final String ARCHIVE = "zoetrope.archive";

    /** How many threads libtorch spreads a computation over. */
    private static final String THREADS = "OMP_NUM_THREADS";

    private final UserFolders folders;
    private final Supplier<Computing> computing;
    private final Path log;

    EngineProcess(UserFolders folders, Supplier<Computing> computing) {
        this.folders = folders;
        this.computing = computing;
        log = folders.engineLog();
    }

    /**
     * Starts one; it may end at once because another was quicker.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be started
     */
    Process start() {
        try {
            Files.createDirectories(folders.data());
            if (Files.exists(log) && Files.size(log) > LONGEST_LOG) {
                Files.delete(log);
            }
            Computing with = computing.get();
            ProcessBuilder builder =
                    new ProcessBuilder(command(with))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .redirectInput(ProcessBuilder.Redirect.from(nothing()));
            // For systems without a shell to say so in environment.sh.
            builder.environment().putIfAbsent("NVIDIA_TF32_OVERRIDE", "0");
            if (isWindows()) {
                GpuLibraries.of(folders)
                        .brought()
                        .ifPresent(libraries -> findAlsoIn(libraries, builder.environment()));
            }
            with.threads().ifPresent(n -> builder.environment().put(THREADS, String.valueOf(n)));
            return builder.start();
        } catch (IOException e) {
            throw new Problem.EngineUnavailable("cannot be started: " + e.getMessage())
                    .asException(e);
        }
    }

    /** Windows looks for what a library needs where the path says, by whatever case of letters. */
    private static void findAlsoIn(Path libraries, Map<String, String> environment) {
        String path =
                environment.keySet().stream()
                        .filter("PATH"::equalsIgnoreCase)
                        .findFirst()
                        .orElse("PATH");
        environment.merge(
                path, libraries.toString(), (before, first) -> first + File.pathSeparator + before);
    }

    private List<String> command(Computing with) throws IOException {
        List<String> command = new ArrayList<>();
        if (!isWindows()) {
            command.addAll(List.of("/bin/sh", "-c", before(), "engine"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        // What Java keeps for itself the models cannot have, and little of the work is Java's.
        command.addAll(List.of("-XX:+UseSerialGC", "-Xms64m"));
        Optional.ofNullable(System.getProperty(ARCHIVE))
                .ifPresent(archive -> command.add("-XX:AOTCache=" + archive));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> PROPERTIES.stream().anyMatch(name::startsWith))
                .sorted()
                .forEach(name -> command.add("-D%s=%s".formatted(name, System.getProperty(name))));
        with.device()
                .ifPresent(device ->
                        command.add(
                                "-D%s=%s"
                                        .formatted(
                                                ComputeDevice.PROPERTY,
                                                device.name().toLowerCase(Locale.ROOT))));
        command.add("-D%s=%s".formatted(Libtorch.FOLDER, folders.gpu().toAbsolutePath()));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), EngineMain.class.getName()));
        Stream.of(folders.data(), folders.settings(), folders.cache(), folders.results())
                .map(folder -> folder.toAbsolutePath().toString())
                .forEach(command::add);
        return command;
    }

    /** What a shell does before it becomes the program behind it. */
    private static String before() throws IOException {
        String environment =
                Resources.toString(
                        Resources.getResource(EngineProcess.class, "environment.sh"),
                        StandardCharsets.UTF_8);
        // Ctrl-C in a terminal goes to all its processes; the engine's jobs are not only its.
        return """
        trap '' INT HUP
        %s
        exec "$@"
        """
                .formatted(environment);
    }

    private static File nothing() {
        return new File(isWindows() ? "NUL" : "/dev/null");
    }

    private static boolean isWindows() {
        return File.separatorChar == '\\';
    }

    /** How the newest engine's words ended. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(
                    " ", lines.subList(Math.max(0, lines.size() - LINES_TO_SHOW), lines.size()));
        } catch (IOException _) {
            return "";
        }
    }
}
