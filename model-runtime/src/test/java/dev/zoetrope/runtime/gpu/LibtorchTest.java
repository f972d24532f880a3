package dev.zoetrope.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.zoetrope.runtime.device.ComputeDevice;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which libtorch a process chooses, each in a process of its own. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "has a list of libraries")
final class LibtorchTest {
    @TempDir Path temp;

    /** Chooses, does what it is told and says what has become of it. */
    static final class Chooser {
        private Chooser() {}

        public static void main(String[] arguments) throws IOException {
            Libtorch.choose();
            System.out.println(
                    System.getProperty("PYTORCH_LIBRARY_PATH")
                            + " "
                            + System.getProperty("PYTORCH_FLAVOR"));
            if (arguments.length > 0) {
                Files.createDirectories(Path.of(arguments[0]));
                System.out.println(Libtorch.isOutdated());
            }
        }
    }

    private Path libraries() {
        return temp.resolve("gpu").resolve(LibraryList.ofThisSystem().orElseThrow().fingerprint());
    }

    private Path brought() throws IOException {
        return Files.createDirectories(libraries());
    }

    private String choose(List<String> properties, Map<String, String> environment, Path... later)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dzoetrope.gpu=" + temp.resolve("gpu"));
        command.addAll(properties);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Chooser.class.getName()));
        for (Path path : later) {
            command.add(path.toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        String path = System.getenv("PATH");
        builder.environment().put("PATH", temp + File.pathSeparator + path);
        builder.environment().keySet().removeIf(name -> name.startsWith("PYTORCH_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }

    @Test
    void theBroughtOneComputesWhereThereIsAGpu() throws Exception {
        NvidiaSmi.listing(temp, NvidiaSmi.H100);

        assertEquals(brought() + " cu128", choose(List.of(), Map.of()));
    }

    @Test
    void whatCameWithZoetropeComputesWhereThereIsNone() throws Exception {
        NvidiaSmi.script(temp, "exit 9");
        brought();

        assertEquals("null null", choose(List.of(), Map.of()));
        assertEquals("/app/torch cpu", choose(List.of("-Dzoetrope.libtorch=/app/torch"), Map.of()));
    }

    @Test
    void whoeverAsksForTheProcessorGetsTheOneThatIsFasterThere() throws Exception {
        NvidiaSmi.listing(temp, NvidiaSmi.H100);
        brought();

        assertEquals(
                "/app/torch cpu",
                choose(
                        List.of(
                                "-Dzoetrope.libtorch=/app/torch",
                                "-D" + ComputeDevice.PROPERTY + "=cpu"),
                        Map.of()));
    }

    @Test
    void aLibtorchThatIsNamedIsTaken() throws Exception {
        NvidiaSmi.listing(temp, NvidiaSmi.H100);
        brought();

        assertEquals(
                "null null",
                choose(
                        List.of("-Dzoetrope.libtorch=/app/torch"),
                        Map.of("PYTORCH_LIBRARY_PATH", "/opt/libtorch/lib")));
    }

    @Test
    void aProcessIsOutdatedOnceTheyHaveBeenBrought() throws Exception {
        NvidiaSmi.listing(temp, NvidiaSmi.H100);

        assertEquals("null null\ntrue", choose(List.of(), Map.of(), libraries()));
    }

    @Test
    void aProcessIsNotOutdatedByWhatItWouldNotUse() throws Exception {
        NvidiaSmi.script(temp, "exit 9");

        assertEquals("null null\nfalse", choose(List.of(), Map.of(), libraries()));
    }
}
