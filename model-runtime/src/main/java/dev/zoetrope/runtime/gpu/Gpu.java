package dev.zoetrope.runtime.gpu;

import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A GPU of NVIDIA's.
 *
 * @param memory bytes; 0 where it does not tell
 * @param capability ten times its compute capability; empty where its driver is too old to tell
 * @param driver version of it
 */
public record Gpu(String name, long memory, OptionalInt capability, String driver) {
    private static final int SECONDS_TO_ANSWER = 20;

    /** The first one of this machine, as NVIDIA's own program tells, which is with every driver. */
    public static Optional<Gpu> find() {
        return find("nvidia-smi");
    }

    static Optional<Gpu> find(String program) {
        return ask(program, "name,memory.total,driver_version,compute_cap")
                .or(() -> ask(program, "name,memory.total,driver_version"));
    }

    private static Optional<Gpu> ask(String program, String fields) {
        try {
            Process asked =
                    new ProcessBuilder(
                                    program,
                                    "--query-gpu=" + fields,
                                    "--format=csv,noheader,nounits")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            asked.getOutputStream().close();
            try (BufferedReader answer = asked.inputReader()) {
                // A driver that hangs must not hold up those who can do without a GPU.
                if (!asked.waitFor(SECONDS_TO_ANSWER, TimeUnit.SECONDS)) {
                    asked.destroyForcibly();
                    return Optional.empty();
                }
                String first = answer.readLine();
                return asked.exitValue() == 0 && first != null ? parse(first) : Optional.empty();
            }
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Gpu> parse(String line) {
        List<String> fields = Splitter.on(',').trimResults().splitToList(line);
        if (fields.size() < 3) {
            return Optional.empty();
        }
        Long mebibytes = Longs.tryParse(fields.get(1));
        String capability = fields.size() < 4 ? "" : fields.get(3);
        return Optional.of(
                new Gpu(
                        fields.get(0),
                        mebibytes == null ? 0 : mebibytes << 20,
                        capability.matches("\\d+\\.\\d")
                                ? OptionalInt.of(Integer.parseInt(capability.replace(".", "")))
                                : OptionalInt.empty(),
                        fields.get(2)));
    }
}
