package dev.zoetrope.runtime.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the processor of this machine is good at. */
public final class Processor {
    private Processor() {}

    /**
     * bf16 where the processor multiplies matrices of it (AMX), fp32 elsewhere: vector instructions
     * for bf16 alone leave it slower than fp32.
     */
    public static Precision preferredPrecision() {
        return multipliesBfloat16(Path.of("/proc/cpuinfo")) ? Precision.BF16 : Precision.FP32;
    }

    /**
     * What the maker calls it, or the name of its instruction set where the system does not say.
     */
    public static String name() {
        return name(Path.of("/proc/cpuinfo"));
    }

    static String name(Path cpuinfo) {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(cpuinfo)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(architecture);
        } catch (IOException e) {
            return architecture;
        }
    }

    /** Whether the flags that Linux lists name AMX; other systems are taken not to have it. */
    static boolean multipliesBfloat16(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> line.contains(" amx_bf16"))
                    .orElse(false);
        } catch (IOException e) {
            return false;
        }
    }
}
