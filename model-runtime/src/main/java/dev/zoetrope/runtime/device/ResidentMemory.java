package dev.zoetrope.runtime.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How much memory a process has, as Linux counts it; other systems do not tell. */
public final class ResidentMemory {
    /** What makes Linux forget the peak. */
    private static final String RESET = "5";

    private final Path process;

    /**
     * @param process a folder as {@code /proc/self}
     */
    ResidentMemory(Path process) {
        this.process = process;
    }

    public static ResidentMemory ofThisProcess() {
        return new ResidentMemory(Path.of("/proc/self"));
    }

    /** Begins a new peak where the system can; elsewhere the peak is that of the whole process. */
    public void resetPeak() {
        Path reset = process.resolve("clear_refs");
        if (Files.isWritable(reset)) {
            try {
                Files.writeString(reset, RESET);
            } catch (IOException _) {
                // Some containers forbid it: the old peak goes on, which is never too low.
            }
        }
    }

    /** The most since the last reset, in MiB. */
    public OptionalLong peakMiB() {
        return mebibytes("VmHWM:");
    }

    /** What it has now, in MiB. */
    public OptionalLong nowMiB() {
        return mebibytes("VmRSS:");
    }

    private OptionalLong mebibytes(String field) {
        Path status = process.resolve("status");
        if (!Files.isReadable(status)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
