package dev.zoetrope.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** What the driver's own program tells of GPUs. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program is a script here")
final class GpuTest {
    @TempDir Path folder;

    private static Optional<Gpu> find(Path program) {
        return Gpu.find(program.toString());
    }

    @Test
    void theFirstGpuIsTheOne() throws IOException {
        Path program = NvidiaSmi.listing(folder, NvidiaSmi.H100, "Other, 1, 550.54.15, 5.2");

        assertEquals(
                Optional.of(
                        new Gpu(
                                "NVIDIA H100 80GB HBM3",
                                81559L << 20,
                                OptionalInt.of(90),
                                "550.54.15")),
                find(program));
    }

    @Test
    void aDriverThatDoesNotKnowCapabilitiesIsAskedForTheRest() throws IOException {
        Path program =
                NvidiaSmi.script(
                        folder,
                        "case $1 in *compute_cap*) echo no field; exit 2;; esac\n"
                                + "echo 'Tesla K80, 11441, 470.82.01'");

        assertEquals(
                Optional.of(new Gpu("Tesla K80", 11441L << 20, OptionalInt.empty(), "470.82.01")),
                find(program));
    }

    @Test
    void memoryThatIsNotToldIsNone() throws IOException {
        Path program = NvidiaSmi.listing(folder, "NVIDIA GH200, [N/A], 550.54.15, 9.0");

        assertEquals(0, find(program).orElseThrow().memory());
    }

    @Test
    void withoutADriverThereIsNone() throws IOException {
        assertEquals(Optional.empty(), find(folder.resolve("nothing-here")));
        assertEquals(
                Optional.empty(),
                find(NvidiaSmi.script(folder, "echo 'No devices were found'; exit 6")));
    }
}
