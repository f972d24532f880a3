package dev.zoetrope.engine;

import com.google.common.base.Preconditions;
import com.google.common.hash.Hashing;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * How the engine of a data folder is reached; it leaves this in {@code engine.properties}, which
 * only its user can read. Lines, since to read the first JSON takes a command 50 ms.
 *
 * @param port on the loopback interface
 * @param process its id
 * @param token that every call shows
 */
record EngineAddress(int port, long process, String token) {
    private static final Logger LOG = LoggerFactory.getLogger(EngineAddress.class);

    private static final String PORT = "port";
    private static final String PROCESS = "process";
    private static final String TOKEN = "token";

    static Optional<EngineAddress> read(Path data) {
        Path file = file(data);
        try {
            return Optional.of(read(Files.readAllBytes(file)));
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

    private static EngineAddress read(byte[] content) throws IOException {
        Properties lines = new Properties();
        lines.load(new ByteArrayInputStream(content));
        return new EngineAddress(
                Integer.parseInt(value(lines, PORT)),
                Long.parseLong(value(lines, PROCESS)),
                value(lines, TOKEN));
    }

    private static String value(Properties lines, String name) {
        String value = lines.getProperty(name);
        Preconditions.checkArgument(value != null, "it has no %s", name);
        return value;
    }

    void write(Path data) {
        Path file = file(data);
        try {
            Files.createDirectories(data);
            Properties lines = new Properties();
            lines.setProperty(PORT, String.valueOf(port));
            lines.setProperty(PROCESS, String.valueOf(process));
            lines.setProperty(TOKEN, token);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            lines.store(content, null);
            WholeFile.writePrivately(file, content.toByteArray());
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    static void delete(Path data) throws IOException {
        Files.deleteIfExists(file(data));
    }

    private static Path file(Path data) {
        return data.resolve("engine.properties");
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
