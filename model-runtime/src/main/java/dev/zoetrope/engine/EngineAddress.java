package dev.zoetrope.engine;

import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the engine of a data folder is reached; it leaves this in {@code engine.json}, which only its
 * user can read.
 *
 * @param port on the loopback interface
 * @param process its id
 * @param token that every call shows
 */
record EngineAddress(int port, long process, String token) {
    private static final Logger LOG = LoggerFactory.getLogger(EngineAddress.class);

    static Optional<EngineAddress> read(Path data) {
        Path file = file(data);
        try {
            return Optional.of(PlainJson.read(Files.readString(file), EngineAddress.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            // Nobody can have an engine that left this; a new one writes it anew.
            LOG.warn("{} is damaged", file, e);
            return Optional.empty();
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    void write(Path data) {
        Path file = file(data);
        try {
            Files.createDirectories(data);
            WholeFile.writePrivately(file, PlainJson.text(this).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    static void delete(Path data) throws IOException {
        Files.deleteIfExists(file(data));
    }

    private static Path file(Path data) {
        return data.resolve("engine.json");
    }

    /**
     * Tells one build of Zoetrope from another, so that after an update or a build no engine of
     * before is spoken to.
     */
    static String build() {
        String classPath = System.getProperty("java.class.path");
        String made = System.getProperty("zoetrope.build", "");
        // A digest of the JDK's would take 20 ms to find.
        return Hashing.farmHashFingerprint64()
                .hashString(classPath + "\n" + made, StandardCharsets.UTF_8)
                .toString();
    }
}
