package dev.zoetrope.app.library;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which clips have a star, as a file keeps it. Used by one thread at a time. */
final class Stars {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(Stars.class);

    private final Path file;

    Stars(Path file) {
        this.file = file;
    }

    /** None where there is no file yet. One that cannot be understood is set aside. */
    Set<Path> load() {
        Set<Path> stars = new TreeSet<>();
        try {
            if (Files.exists(file)) {
                JSON.readValue(file.toFile(), new TypeReference<List<String>>() {})
                        .forEach(clip -> stars.add(Path.of(clip)));
            }
        } catch (JacksonException | InvalidPathException e) {
            LOG.warn("{} is damaged", file, e);
            setAside();
        } catch (IOException e) {
            LOG.warn("{} cannot be read", file, e);
        }
        return stars;
    }

    private void setAside() {
        try {
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".broken"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} could not be set aside", file, e);
        }
    }

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException when the file cannot be written
     */
    void keep(Set<Path> stars) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            List<String> names = stars.stream().map(Path::toString).sorted().toList();
            WholeFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(names));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }
}
