package dev.zoetrope.runtime.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

@Timeout(60)
class FolderLockTest {
    @TempDir Path folder;

    /** Tries to take the lock of a folder, says whether it has it, and lives until it is killed. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws IOException {
            Optional<FolderLock> lock = FolderLock.tryTake(Path.of(args[0]));
            System.out.println(lock.isPresent());
            var _ = System.in.read();
        }
    }

    @Test
    void aThreadThatIsRefusedTakesNothingFromTheOneThatHasIt() throws IOException {
        try (var _ = FolderLock.take(folder)) {
            assertTrue(FolderLock.tryTake(folder).isEmpty());
            Process other = other();
            assertEquals("false", firstLine(other));
            other.destroyForcibly();
        }
        FolderLock.tryTake(folder).orElseThrow().close();
    }

    @Test
    void aProcessThatIsKilledGivesItBack() throws Exception {
        Process other = other();
        assertEquals("true", firstLine(other));
        assertTrue(FolderLock.tryTake(folder).isEmpty());

        other.destroyForcibly();

        FolderLock.take(folder).close();
    }

    private Process other() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader lines = process.inputReader();
        return lines.readLine();
    }
}
