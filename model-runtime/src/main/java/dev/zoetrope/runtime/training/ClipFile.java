package dev.zoetrope.runtime.training;

import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A video or a picture of a data set: of a folder, with {@code .txt} files of the same names beside
 * those that have a caption, or of a list, {@code .csv} with a heading or {@code .jsonl}.
 *
 * @param caption what it shows, empty when nobody says
 */
public record ClipFile(Path file, String caption) {
    /** What lies beside videos and pictures and is none. */
    private static final Set<String> COMPANIONS =
            Set.of("txt", "csv", "tsv", "json", "jsonl", "md", "yaml", "yml");

    /** Whether a place holds clips, of whatever worth. */
    public static boolean areIn(Path place) {
        return Files.isDirectory(place) || ClipList.recognises(place);
    }

    /** As {@link #in(Path, Cancellation)}, for those who wait to the end. */
    public static List<ClipFile> in(Path place) {
        return in(place, new Cancellation());
    }

    /**
     * Those of a place, in an order that is the same on every system. None of them is opened.
     *
     * @param place a folder or a list, whose paths are relative to it
     * @throws dev.zoetrope.runtime.problem.ProblemException {@link Problem.FileMissing}, {@link
     *     Problem.FileInaccessible}, or {@link Impossible} when there is nothing in it, or it is no
     *     list
     * @throws dev.zoetrope.runtime.job.CancelledException when nobody waits for them any more
     */
    public static List<ClipFile> in(Path place, Cancellation stop) {
        if (!areIn(place)) {
            throw new Problem.FileMissing(place).asException();
        }
        List<ClipFile> files =
                ClipList.recognises(place) ? ClipList.read(place) : inFolder(place, stop);
        if (files.isEmpty()) {
            throw new Impossible.NothingToLearn(place, 0, Optional.empty()).asException();
        }
        return files;
    }

    private static List<ClipFile> inFolder(Path folder, Cancellation stop) {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files =
                    tree.peek(_ -> stop.check())
                            .filter(Files::isRegularFile)
                            .filter(file -> !isCompanion(file.getFileName().toString()))
                            .sorted(
                                    Comparator.comparing(file ->
                                            folder.relativize(file).toString().replace('\\', '/')))
                            .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new Problem.FileInaccessible(folder, String.valueOf(e.getMessage()))
                    .asException(e);
        }
        List<ClipFile> captioned = new ArrayList<>();
        for (Path file : files) {
            stop.check();
            captioned.add(new ClipFile(file, beside(file)));
        }
        return captioned;
    }

    private static boolean isCompanion(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return name.startsWith(".") || COMPANIONS.contains(extension);
    }

    private static String beside(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path text = file.resolveSibling(name.substring(0, dot < 0 ? name.length() : dot) + ".txt");
        return Files.exists(text) ? text(text).strip() : "";
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /**
     * What it says of itself, once its first frame is decoded.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for a file that no clip can be made of:
     *     trainings leave it out
     */
    public ClipInfo info() {
        try (FrameReader reader = FrameReader.open(file)) {
            return reader.info();
        }
    }
}
