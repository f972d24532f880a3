package dev.zoetrope.app.generate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The prompts that clips were made of, a JSON string on each line of a file that is only ever added
 * to. A line that cannot be understood, such as one that was cut off, is passed over.
 */
public final class PromptHistory {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;

    /**
     * @param file need not exist
     */
    public PromptHistory(Path file) {
        this.file = file;
    }

    /**
     * Each prompt once, where it was used last; the oldest first.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the file cannot be read
     */
    List<String> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        SequencedSet<String> prompts = new LinkedHashSet<>();
        try {
            for (String line : Files.readAllLines(file)) {
                prompt(line).ifPresent(prompts::addLast);
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
        return List.copyOf(prompts);
    }

    private static Optional<String> prompt(String line) {
        try {
            return Optional.ofNullable(JSON.readValue(line, String.class));
        } catch (JacksonException cutOff) {
            return Optional.empty();
        }
    }

    /**
     * Remembers a prompt.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the file cannot be written
     */
    synchronized void add(String prompt) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // The break goes first, so that what was cut off before spoils no other line.
            Files.writeString(
                    file,
                    System.lineSeparator() + JSON.writeValueAsString(prompt),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }
}
