package dev.zoetrope.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.sun.management.OperatingSystemMXBean;

import dev.zoetrope.engine.EngineClient;
import dev.zoetrope.kernel.Kernels;
import dev.zoetrope.pipeline.SelfTest;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.Version;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.device.Processor;
import dev.zoetrope.runtime.gpu.GpuLibraries;
import dev.zoetrope.runtime.gpu.GpuState;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code zoetrope doctor}: tries everything the other commands need. */
@Command(name = "doctor", description = "Check that this machine has what Zoetrope needs.")
final class DoctorCommand implements Callable<Integer> {
    private static final long GIB = 1L << 30;
    private static final long ENOUGH_MEMORY = 4 * GIB;
    private static final long ENOUGH_DISK = 2 * GIB;

    /** What JavaFX asks Linux for. */
    private static final List<String> WINDOW_LIBRARIES =
            List.of("libgtk-3.so.0", "libfreetype.so.6", "libpangoft2-1.0.so.0");

    /** What libtorch and the start depend on. */
    private static final Pattern TELLING =
            Pattern.compile(
                    "(OMP|MKL|KMP|MALLOC|THP|NVIDIA|CUDA|PYTORCH|DJL|JAVA|ZOETROPE|LD)_.*|LANG|DISPLAY|WAYLAND_DISPLAY|XDG_SESSION_TYPE");

    /** Some variables are keys to something. */
    private static final Pattern SECRET = Pattern.compile(".*(TOKEN|KEY|SECRET|PASSWORD).*");

    private static final int LOG_LINES = 100;

    /** Of a colour after a codec that forgets some. */
    private static final int CLOSE = 24;

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Write it to a file as well, for a bug report: with the end of the engine's log,"
                            + " and without names of your folders.")
    private @Nullable Path file;

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
    public Integer call() throws IOException {
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
        gpu();
        attempt(
                "libtorch",
                DoctorCommand::loadTorch,
                "Delete the folder .djl.ai in your home folder and try again; --verbose shows"
                        + " more.");
        attempt("Device", DoctorCommand::device, "Leave --device out.");
        attempt(
                "Self-test",
                DoctorCommand::compute,
                "Do not trust what this computes: try --device cpu, and have the memory checked.");
        attempt(
                "Codecs",
                DoctorCommand::writeAndRead,
                "Delete the folder .javacpp in your home folder and try again; --verbose shows"
                        + " more.");
        attempt(
                "Window",
                DoctorCommand::window,
                "Install it with your system's packages; without it commands work, but no window.");
        models();
        attempt(
                "Folders",
                this::writable,
                "Make the folder writable, or name another in the variable ZOETROPE_HOME.");
        attempt("Engine", this::engine, "Its log, %s, says more.".formatted(folders.engineLog()));
        attempt("Disk", this::disk, "Make room: videos and models take gigabytes.");
        print();
        if (file != null) {
            writeReport(file);
        }
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

    /** Nothing is wrong where models compute on the processor, but there may be a better way. */
    private void gpu() {
        GpuState state = GpuLibraries.of(folders).state();
        fine("GPU", GpuCommand.found(state) + GpuCommand.remedy(state).map(" "::concat).orElse(""));
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

    private static String compute() throws IOException {
        String answer = SelfTest.answer();
        if (!answer.equals(SelfTest.EXPECTED)) {
            throw new IOException("%s instead of %s".formatted(answer, SelfTest.EXPECTED));
        }
        return "convolution and product are exact, " + answer;
    }

    /** A video of one colour in every format, to a file and back. */
    private static String writeAndRead() throws IOException {
        Path folder = Files.createTempDirectory("zoetrope");
        try {
            for (VideoFormat format : VideoFormat.values()) {
                writeAndRead(folder.resolve(format.name().toLowerCase(Locale.ROOT)), format);
            }
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
        return Stream.of(VideoFormat.values())
                .map(Enum::name)
                .collect(Collectors.joining(", ", "", " written and read"));
    }

    private static void writeAndRead(Path clip, VideoFormat format) throws IOException {
        byte[] colour = {(byte) 200, 120, 40};
        ByteBuffer pixels = ByteBuffer.allocateDirect(3 * 64 * 64);
        while (pixels.hasRemaining()) {
            pixels.put(colour);
        }
        try (FrameWriter writer = FrameWriter.create(clip, format, 64, 64, 24, Map.of())) {
            writer.write(new Frame(64, 64, pixels.flip(), 0));
            writer.finish();
        }
        try (FrameReader reader = FrameReader.open(clip)) {
            Frame frame = reader.read();
            if (frame == null) {
                throw new IOException(format + " comes back empty");
            }
            for (int i = 0; i < colour.length; i++) {
                int off = (frame.rgb().get(i) & 0xff) - (colour[i] & 0xff);
                if (Math.abs(off) > CLOSE) {
                    throw new IOException("%s changes colours by %d".formatted(format, off));
                }
            }
        }
    }

    @SuppressWarnings("restricted") // only asks whether they are there
    private static String window() throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "needs nothing of the system";
        }
        for (String library : WINDOW_LIBRARIES) {
            try (Arena arena = Arena.ofConfined()) {
                SymbolLookup.libraryLookup(library, arena);
            } catch (IllegalArgumentException e) {
                throw new IOException(library + " is missing", e);
            }
        }
        return "GTK, FreeType and Pango are there; " + chineseFont();
    }

    /** As the fonts that come with Zoetrope have no Chinese. */
    private static String chineseFont() throws IOException {
        try {
            Process list = new ProcessBuilder("fc-list", ":lang=zh", "family").start();
            try (BufferedReader fonts = list.inputReader()) {
                String font = fonts.readLine();
                return font == null ? "no font for Chinese" : "for Chinese " + font;
            }
        } catch (IOException _) {
            return "fonts for Chinese are not known, without fc-list";
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

    private String writable() throws IOException {
        for (Path folder :
                List.of(folders.data(), folders.settings(), folders.cache(), folders.results())) {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".writable", ""));
        }
        return "%s, and those for settings, cache and results, can be written"
                .formatted(folders.data());
    }

    private String disk() throws IOException {
        long free = folders.data().toFile().getUsableSpace();
        String text = "%.1f GiB free".formatted((double) free / GIB);
        if (free < ENOUGH_DISK) {
            throw new IOException("only " + text);
        }
        return text;
    }

    private void print() {
        if (json) {
            Json.print(findings);
        } else {
            System.out.print(text());
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (Finding f : findings) {
            text.append("%-10s %-4s %s%n".formatted(f.what(), f.fine() ? "ok" : "!", f.found()));
            if (!f.fine()) {
                text.append("%-15s %s%n".formatted("", f.remedy()));
            }
        }
        return text.toString();
    }

    private void writeReport(Path report) throws IOException {
        Discretion discretion =
                new Discretion(
                        folders,
                        Path.of(System.getProperty("user.home")),
                        System.getProperty("user.name"));
        String environment =
                System.getenv().entrySet().stream()
                        .filter(variable -> TELLING.matcher(variable.getKey()).matches())
                        .filter(variable -> !SECRET.matcher(variable.getKey()).matches())
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .sorted()
                        .collect(Collectors.joining("\n"));
        String whole =
                """
                Zoetrope %s, %s

                %s
                Environment
                %s

                End of the engine's log
                %s
                """
                        .formatted(
                                Version.NUMBER,
                                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                                text(),
                                environment,
                                endOfLog());
        Files.writeString(report, discretion.of(whole));
        System.err.printf("%s has no names of your folders; read it before you send it.%n", report);
    }

    private String endOfLog() throws IOException {
        if (!Files.exists(folders.engineLog())) {
            return "There is none.";
        }
        List<String> lines = Files.readAllLines(folders.engineLog());
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }
}
