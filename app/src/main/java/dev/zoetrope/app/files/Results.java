package dev.zoetrope.app.files;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that finished videos go to, each under a name of its own.
 *
 * @param folder created when the first result needs it
 */
public record Results(Path folder) {
    private static final String EXTENSION = ".mp4";

    /**
     * A file of that name, numbered where there is one already.
     *
     * @param name without extension
     * @throws dev.zoetrope.runtime.problem.ProblemException when the folder cannot be made
     */
    public Path free(String name) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(folder, "it cannot be created").asException(e);
        }
        Path file = folder.resolve(name + EXTENSION);
        for (int i = 2; Files.exists(file); i++) {
            file = folder.resolve(name + " " + i + EXTENSION);
        }
        return file;
    }
}
