package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The window as a desktop has it, with GTK on an X server; all other tests have neither. */
@NeedsDesktop
@NeedsFontLibraries
final class DesktopTest {
    @TempDir Path home;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void eachPageOpensAndTheProcessEndsWithTheWindow() throws Exception {
        Process server =
                new ProcessBuilder("Xvfb", "-screen", "0", "1280x1024x24", "-displayfd", "1")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader told = server.inputReader(StandardCharsets.UTF_8)) {
            Process window = tour(":" + told.readLine());
            boolean ended = window.waitFor(2, TimeUnit.MINUTES);
            window.destroyForcibly();
            String said = Files.readString(log());
            assertTrue(ended, said);
            assertEquals(0, window.exitValue(), said);
            assertTrue(said.lines().noneMatch(line -> line.contains("SEVERE")), said);
        } finally {
            server.destroy();
        }
    }

    private Process tour(String display) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dprism.order=sw",
                        "-Dzoetrope.engine.idle=1",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rehearsal.class.getName(),
                        "studio"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile());
        builder.environment().put("DISPLAY", display);
        builder.environment().put("GDK_BACKEND", "x11");
        builder.environment().put("ZOETROPE_HOME", home.toString());
        return builder.start();
    }

    private Path log() {
        return home.resolve("window.log");
    }
}
