package dev.zoetrope.runtime.device;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The memory of this machine. */
public final class Memory {
    private Memory() {}

    /** All of it, or what the container this process runs in may use. */
    public static long totalBytes() {
        return system().getTotalMemorySize();
    }

    /** What this process could have in all: what it has, and what is free or would be made free. */
    public static long availableBytes() {
        long free =
                available(Path.of("/proc/meminfo")).orElseGet(() -> system().getFreeMemorySize());
        long mine = ResidentMemory.ofThisProcess().nowMiB().orElse(0) << 20;
        return Math.min(totalBytes(), free + mine);
    }

    /** Linux counts as free what it only uses to remember files; other systems do not say. */
    static OptionalLong available(Path meminfo) {
        if (!Files.isReadable(meminfo)) {
            return OptionalLong.empty();
        }
        try (Stream<String> lines = Files.lines(meminfo)) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }
}
