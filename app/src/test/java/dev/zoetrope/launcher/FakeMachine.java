package dev.zoetrope.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A folder that poses as a machine: its own home, system folders and PATH, so that no JDK of the
 * real machine is seen.
 */
final class FakeMachine {
    /** The repository, whose scripts are under test. */
    static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private static final List<String> TOOLS =
            List.of(
                    "basename",
                    "cat",
                    "date",
                    "dirname",
                    "env",
                    "find",
                    "ln",
                    "mkdir",
                    "mv",
                    "nproc",
                    "printenv",
                    "readlink",
                    "rm",
                    "rmdir",
                    "sed",
                    "sh",
                    "sleep",
                    "sort",
                    "uname",
                    "wc");

    private final Path root;
    final Map<String, String> environment = new HashMap<>();

    FakeMachine(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(tools());
        for (String tool : TOOLS) {
            for (String folder : Splitter.on(File.pathSeparatorChar).split(System.getenv("PATH"))) {
                Path real = Path.of(folder, tool);
                if (Files.isExecutable(real)) {
                    program(tools().resolve(tool), "exec '" + real + "' \"$@\"\n");
                    break;
                }
            }
        }
        environment.put("HOME", Files.createDirectories(root.resolve("home")).toString());
        environment.put("PATH", tools().toString());
        environment.put("JDK_SEARCH_ROOT", root.toString());
    }

    /** The only folder on the PATH. */
    Path tools() {
        return root.resolve("bin");
    }

    Path path(String relative) {
        return root.resolve(relative);
    }

    /** Puts a JDK at a path relative to the machine's root. */
    Path jdk(String relative, String version) throws IOException {
        Path home = runtime(relative, version);
        program(home.resolve("bin/javac"), "");
        return home;
    }

    /** Puts a Java runtime without a compiler at a path relative to the machine's root. */
    Path runtime(String relative, String version) throws IOException {
        Path home = Files.createDirectories(root.resolve(relative));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"%s\"\nOS_ARCH=\"x86_64\"\n"
                        .formatted(version));
        program(home.resolve("bin/java"), "");
        return home;
    }

    /** Makes the JDK or runtime at {@code home} the one that {@code java} starts. */
    void onPath(Path home) throws IOException {
        Files.createSymbolicLink(tools().resolve("java"), home.resolve("bin/java"));
    }

    static void program(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body);
        assertTrue(file.toFile().setExecutable(true));
    }

    Process start(Path folder, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    Outcome run(Path folder, List<String> command) throws IOException, InterruptedException {
        return Outcome.of(start(folder, command));
    }

    Outcome run(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, List.of(command));
    }

    /** How a program ended; its output must fit a pipe's buffer. */
    record Outcome(int status, String out, String err) {
        static Outcome of(Process process) throws IOException, InterruptedException {
            process.getOutputStream().close();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still running after a minute");
            return new Outcome(
                    process.exitValue(),
                    new String(process.getInputStream().readAllBytes(), UTF_8),
                    new String(process.getErrorStream().readAllBytes(), UTF_8));
        }
    }
}
