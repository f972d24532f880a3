package dev.zoetrope.runtime.gpu;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.device.ComputeDevice;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which libtorch this process computes with: the one the user has named; else the brought one,
 * where there is a GPU for it and the processor was not asked for; else the one that came with
 * Zoetrope, which is faster on the processor.
 */
public final class Libtorch {
    /** Where an installed Zoetrope has the libtorch that came with it. */
    static final String BUNDLED = "zoetrope.libtorch";

    /** Where the brought ones are; the user's data folder without it. */
    public static final String FOLDER = "zoetrope.gpu";

    private static final Logger LOG = LoggerFactory.getLogger(Libtorch.class);

    // Read by DJL.
    private static final String PATH = "PYTORCH_LIBRARY_PATH";
    private static final String FLAVOR = "PYTORCH_FLAVOR";
    private static final String JNA_PATH = "jna.library.path";

    /** Before anything is chosen here. */
    private static final Optional<String> OWN =
            Optional.ofNullable(System.getenv(PATH))
                    .or(() -> Optional.ofNullable(System.getProperty(PATH)));

    private static volatile Optional<Choice> chosen = Optional.empty();

    /**
     * What this process has chosen.
     *
     * @param brought what there was to choose
     * @param there whether it was there
     * @param used whether it was taken
     */
    private record Choice(GpuLibraries brought, boolean there, boolean used) {}

    private Libtorch() {}

    /** What the user has named. */
    static Optional<String> own() {
        return OWN;
    }

    /** Tells DJL; to be called before it loads libtorch, and once. */
    public static void choose() {
        if (OWN.isPresent()) {
            return;
        }
        GpuLibraries brought = GpuLibraries.in(folder());
        boolean there = brought.brought().isPresent();
        Optional<Path> forGpu = forGpu(brought);
        chosen = Optional.of(new Choice(brought, there, forGpu.isPresent()));
        forGpu.ifPresent(folder -> {
            LOG.info("computing with the libraries in {}", folder);
            System.setProperty(PATH, folder.toString());
            System.setProperty(FLAVOR, GpuLibraries.FLAVOR);
            // DJL counts GPUs with the CUDA runtime that is found first.
            System.setProperty(JNA_PATH, folder.toString());
        });
        String bundled = System.getProperty(BUNDLED);
        if (forGpu.isEmpty() && bundled != null) {
            System.setProperty(PATH, bundled);
            System.setProperty(FLAVOR, "cpu");
        }
    }

    private static Optional<Path> forGpu(GpuLibraries brought) {
        boolean unwanted = ComputeDevice.wanted().equals(Optional.of(ComputeDevice.CPU));
        return !unwanted
                        && brought.brought().isPresent()
                        && brought.state() instanceof GpuState.Ready(_, Path folder)
                        && canLoadFrom(folder)
                ? Optional.of(folder)
                : Optional.empty();
    }

    /** Windows looks for what a library needs where the path of the process says. */
    private static boolean canLoadFrom(Path folder) {
        return !System.getProperty("os.name").startsWith("Windows")
                || Arrays.asList(System.getenv("PATH").split(";", -1)).contains(folder.toString());
    }

    /** Whether a process that began now would compute with another one. */
    public static boolean isOutdated() {
        return chosen.map(Libtorch::isOutdated).orElse(false);
    }

    private static boolean isOutdated(Choice choice) {
        boolean there = choice.brought().brought().isPresent();
        if (there == choice.there()) {
            return false;
        }
        // The driver is asked once, not again and again.
        chosen = Optional.of(new Choice(choice.brought(), there, choice.used()));
        return choice.used() != forGpu(choice.brought()).isPresent();
    }

    private static Path folder() {
        String named = System.getProperty(FOLDER);
        return named == null ? UserFolders.ofThisSystem().gpu() : Path.of(named);
    }
}
