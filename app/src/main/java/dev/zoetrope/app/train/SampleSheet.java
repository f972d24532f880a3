package dev.zoetrope.app.train;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A picture of what the model of a step makes. */
public record SampleSheet(Subject subject, long step, Path file) {
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.png");

    /**
     * Those that a run has made so far, the newest last.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when its folder cannot be read
     */
    static List<SampleSheet> of(Path run, Subject subject) {
        Path folder = run.resolve("samples");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> named(file, subject))
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(SampleSheet::step))
                    .toList();
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
    }

    private static Optional<SampleSheet> named(Path file, Subject subject) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        return name.matches()
                ? Optional.of(new SampleSheet(subject, Long.parseLong(name.group(1)), file))
                : Optional.empty();
    }
}
