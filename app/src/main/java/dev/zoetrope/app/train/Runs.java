package dev.zoetrope.app.train;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that trainings are kept in, each in one of its own.
 *
 * @param folder created when the first run needs it
 */
public record Runs(Path folder) {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}");

    /**
     * Names of the runs there are, in their order.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when the folder cannot be read
     */
    List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
    }

    /** A name for a new run that is not among the taken ones. */
    static String freeName(Subject subject, List<String> taken) {
        String word = subject.name().toLowerCase(Locale.ROOT);
        int number = 1;
        while (taken.contains(word + "-" + number)) {
            number++;
        }
        return word + "-" + number;
    }

    /**
     * The folder of a run, which need not exist.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for what cannot be a folder's name
     */
    Path of(String typed) {
        String name = typed.strip();
        if (!NAME.matcher(name).matches()) {
            throw new Impossible.RunNameUnusable(typed).asException();
        }
        return folder.resolve(name);
    }
}
