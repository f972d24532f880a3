package dev.zoetrope.app.reconstruct;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that reconstructions go to, each under a name of its own.
 *
 * @param folder created when the first result needs it
 */
public record Results(Path folder) {
    private static final String EXTENSION = ".mp4";

    /**
     * A file name that is still free, after the name of the source.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the folder cannot be made
     */
    public Path fileFor(Path source) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(folder, "it cannot be created").asException(e);
        }
        String name = stem(source) + " - reconstruction";
        Path file = folder.resolve(name + EXTENSION);
        for (int i = 2; Files.exists(file); i++) {
            file = folder.resolve(name + " " + i + EXTENSION);
        }
        return file;
    }

    private static String stem(Path source) {
        String name = String.valueOf(source.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
