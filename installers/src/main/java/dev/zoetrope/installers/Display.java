package dev.zoetrope.installers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a window is rehearsed: on an X server that shows nothing to anybody (Xvfb), as the classes
 * that draw on one are others than those that draw on none; on none where there is no such server.
 */
record Display(List<String> options, Map<String, String> environment, Runnable end)
        implements AutoCloseable {
    private static final String SERVER = "Xvfb";

    static Display open(Target target) throws IOException {
        return target.linux() && installed() ? server() : none();
    }

    private static boolean installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, SERVER)));
    }

    private static Display none() {
        return new Display(
                List.of("-Dglass.platform=Headless", "-Dprism.order=sw"), Map.of(), () -> {});
    }

    private static Display server() throws IOException {
        Process server =
                new ProcessBuilder(
                                SERVER,
                                "-screen",
                                "0",
                                "1280x1024x24",
                                "-nolisten",
                                "tcp",
                                "-displayfd",
                                "1")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        BufferedReader said = server.inputReader();
        String number = said.readLine();
        if (number == null) {
            throw new IOException(SERVER + " ended");
        }
        return new Display(List.of(), Map.of("DISPLAY", ":" + number), server::destroy);
    }

    @Override
    public void close() {
        end.run();
    }
}
