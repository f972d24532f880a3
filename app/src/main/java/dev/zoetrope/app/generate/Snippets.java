package dev.zoetrope.app.generate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Prompts, and parts of prompts, that a person gave names to: a JSON object of names and texts in a
 * file that is only ever there as a whole.
 */
public final class Snippets {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Logger LOG = LoggerFactory.getLogger(Snippets.class);

    private final Path file;

    /**
     * @param file need not exist
     */
    public Snippets(Path file) {
        this.file = file;
    }

    /**
     * Texts by their names. A file that cannot be understood is set aside under another name.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be read or set aside
     */
    synchronized SortedMap<String, String> read() {
        SortedMap<String, String> snippets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try {
            if (Files.exists(file)) {
                try {
                    snippets.putAll(
                            JSON.readValue(
                                    file.toFile(), new TypeReference<Map<String, String>>() {}));
                } catch (JacksonException | NullPointerException e) {
                    LOG.warn("{} is damaged", file, e);
                    Files.move(file, freeName());
                }
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
        return snippets;
    }

    private Path freeName() {
        Path aside = file.resolveSibling(file.getFileName() + ".broken");
        for (int i = 2; Files.exists(aside); i++) {
            aside = file.resolveSibling(file.getFileName() + ".broken-" + i);
        }
        return aside;
    }

    /**
     * Gives a text a name, which is no other's then.
     *
     * @return all that there are now
     * @throws dev.zoetrope.runtime.problem.ProblemException when the file cannot be written
     */
    synchronized SortedMap<String, String> put(String name, String text) {
        SortedMap<String, String> snippets = read();
        snippets.put(name, text);
        return write(snippets);
    }

    /**
     * Forgets a text.
     *
     * @return all that there are now
     * @throws dev.zoetrope.runtime.problem.ProblemException when the file cannot be written
     */
    synchronized SortedMap<String, String> remove(String name) {
        SortedMap<String, String> snippets = read();
        snippets.remove(name);
        return write(snippets);
    }

    private SortedMap<String, String> write(SortedMap<String, String> snippets) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            WholeFile.write(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(snippets));
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
        return snippets;
    }
}
