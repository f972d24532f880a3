package dev.zoetrope.cli;

import com.sun.management.OperatingSystemMXBean;

import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code zoetrope doctor}: tries everything the other commands need. */
@Command(name = "doctor", description = "Check that this machine has what Zoetrope needs.")
final class DoctorCommand implements Callable<Integer> {
    private static final long GIB = 1L << 30;
    private static final long ENOUGH_MEMORY = 4 * GIB;
    private static final long ENOUGH_DISK = 2 * GIB;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    private final UserFolders folders = UserFolders.ofThisSystem();
    private final List<Finding> findings = new ArrayList<>();

    DoctorCommand() {}

    /**
     * One line of the report.
     *
     * @param remedy what to do about it, empty when it is fine
     */
    private record Finding(String what, String found, boolean fine, String remedy) {}

    /** Does something that may fail, and says how it went. */
    @FunctionalInterface
    private interface Check {
        String run() throws IOException;
    }

    @Override
    public Integer call() {
        fine("System", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        fine("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        fine(
                "Processor",
                "%s, %d threads, %s"
                        .formatted(
                                Processor.name(),
                                Runtime.getRuntime().availableProcessors(),
                                Processor.preferredPrecision() == Precision.BF16
                                        ? "bf16"
                                        : "no bf16, so models compute in fp32"));
        memory();
        attempt(
                "libtorch",
                DoctorCommand::loadTorch,
                "Delete the folder .djl.ai in your home folder and try again; --verbose shows"
                        + " more.");
        attempt("Device", DoctorCommand::device, "Leave --device out.");
        attempt(
                "FFmpeg",
                DoctorCommand::writeAndRead,
                "Delete the folder .javacpp in your home folder and try again; --verbose shows"
                        + " more.");
        models();
        attempt(
                "Data",
                this::data,
                "Make the folder writable, or name another in the variable ZOETROPE_HOME.");
        attempt("Engine", this::engine, "Its log, %s, says more.".formatted(folders.engineLog()));
        attempt("Disk", this::disk, "Make room: videos and models take gigabytes.");
        report();
        return findings.stream().allMatch(Finding::fine) ? 0 : Zoetrope.PROBLEM;
    }

    private void fine(String what, String found) {
        findings.add(new Finding(what, found, true, ""));
    }

    private void attempt(String what, Check check, String remedy) {
        try {
            fine(what, check.run());
        } catch (IOException | RuntimeException | LinkageError e) {
            // Whatever a library fails with is what this command is there to find.
            findings.add(new Finding(what, "does not work: " + explained(e), false, remedy));
        }
    }

    private static String explained(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void memory() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            long total = system.getTotalMemorySize();
            findings.add(
                    new Finding(
                            "Memory",
                            "%.1f GiB, %.1f GiB free"
                                    .formatted(
                                            (double) total / GIB,
                                            (double) system.getFreeMemorySize() / GIB),
                            total >= ENOUGH_MEMORY,
                            total >= ENOUGH_MEMORY ? "" : "Use small sizes: --resolution 128."));
        }
    }

    private String engine() {
        if (Runtimes.none()) {
            return "none: this process does the work";
        }
        long start = System.nanoTime();
        try (EngineClient engine = Runtimes.engine()) {
            engine.connect();
        }
        return "answers after %.1f s; its log is %s"
                .formatted((System.nanoTime() - start) / 1e9, folders.engineLog());
    }

    private static String loadTorch() {
        long start = System.nanoTime();
        var _ = Kernels.inference();
        return "loads in %.1f s".formatted((System.nanoTime() - start) / 1e9);
    }

    private static String device() {
        return switch (Kernels.device()) {
            case CPU -> "the processor computes";
            case CUDA -> "the GPU computes, in " + Kernels.precision(Optional.empty());
        };
    }

    /** A video of one frame, to a file and back. */
    private static String writeAndRead() throws IOException {
        long start = System.nanoTime();
        Path folder = Files.createTempDirectory("zoetrope");
        Path file = folder.resolve("check.mp4");
        try {
            try (FrameWriter writer =
                    FrameWriter.create(file, VideoFormat.MP4, 16, 16, 24, Map.of())) {
                writer.write(new Frame(16, 16, ByteBuffer.allocateDirect(3 * 16 * 16), 0));
                writer.finish();
            }
            try (FrameReader reader = FrameReader.open(file)) {
                return "%d x %d written and read in %.1f s"
                        .formatted(
                                reader.info().width(),
                                reader.info().height(),
                                (System.nanoTime() - start) / 1e9);
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private void models() {
        List<String> names = new CheckpointStore(folders.models()).names();
        findings.add(
                new Finding(
                        "Models",
                        names.isEmpty() ? "none" : String.join(", ", names),
                        !names.isEmpty(),
                        names.isEmpty() ? "Import one: zoetrope models import DIR" : ""));
    }

    private String data() throws IOException {
        Files.createDirectories(folders.data());
        Files.delete(Files.createTempFile(folders.data(), ".writable", ""));
        return folders.data().toString();
    }

    private String disk() throws IOException {
        long free = Files.getFileStore(folders.data()).getUsableSpace();
        String text = "%.1f GiB free".formatted((double) free / GIB);
        if (free < ENOUGH_DISK) {
            throw new IOException("only " + text);
        }
        return text;
    }

    private void report() {
        if (json) {
            Json.print(findings);
            return;
        }
        for (Finding f : findings) {
            System.out.printf("%-10s %-4s %s%n", f.what(), f.fine() ? "ok" : "!", f.found());
            if (!f.fine()) {
                System.out.printf("%-15s %s%n", "", f.remedy());
            }
        }
    }
}
