package dev.zoetrope.runtime.device;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

@Timeout(60)
class ProcessorTimeTest {
    /** Says so and then keeps a processor busy until it is killed. */
    static final class Busy {
        private Busy() {}

        public static void main(String[] args) {
            System.out.println("busy");
            long sum = 0;
            while (sum != 1) {
                sum += 2;
            }
        }
    }

    @Test
    void whatOtherProgramsHaveIsSeen() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        List<Process> busy = new ArrayList<>();
        try {
            for (int i = 0; i < processors; i++) {
                busy.add(begin());
            }
            var time = new ProcessorTime();
            time.share();
            Thread.sleep(500);
            double share = time.share();
            assertTrue(share > 0.5, share + " of " + processors + " processors");
        } finally {
            busy.forEach(Process::destroyForcibly);
        }
    }

    private static Process begin() throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Busy.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var _ = process.inputReader().readLine();
        return process;
    }
}
