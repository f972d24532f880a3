package dev.zoetrope.installers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/** The programs that make packages. */
final class Tools {
    private Tools() {}

    /** Runs a tool of the JDK in this process. */
    static void jdk(String tool, List<String> arguments) {
        int status =
                ToolProvider.findFirst(tool)
                        .orElseThrow()
                        .run(System.out, System.err, arguments.toArray(String[]::new));
        if (status != 0) {
            throw new IllegalStateException("%s ended with %d".formatted(tool, status));
        }
    }

    /** Runs a program, with what is said of its environment, and shows what it prints. */
    static void run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(
                    "%s ended with %d".formatted(command.getFirst(), status));
        }
    }
}
