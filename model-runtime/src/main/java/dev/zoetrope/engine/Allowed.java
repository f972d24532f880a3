package dev.zoetrope.engine;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The folders that callers may name files in. Links are followed, so none leads out of them.
 *
 * @param folders real ones; empty for all
 */
record Allowed(List<Path> folders) {
    /** The user's own engine, which may do what the user may. */
    static final Allowed EVERYTHING = new Allowed(List.of());

    /**
     * @throws dev.zoetrope.runtime.problem.ProblemException for a folder that there is not
     */
    static Allowed within(List<Path> folders) {
        return new Allowed(folders.stream().map(Allowed::existing).toList());
    }

    private static Path existing(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
    }

    Allowed {
        folders = List.copyOf(folders);
    }

    /**
     * Returns what it is given.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it names a file elsewhere
     */
    <T> T check(T value) {
        if (!folders.isEmpty()) {
            checkWithin(value);
        }
        return value;
    }

    private void checkWithin(Object value) {
        switch (value) {
            case Path path -> checkPath(path);
            case String text -> {
                // Models and data sets are named by a text that may be a folder's.
                if (text.contains("/") || text.contains("\\") || text.startsWith(".")) {
                    checkPath(Path.of(text));
                }
            }
            case Optional<?> some -> some.ifPresent(this::checkWithin);
            case Collection<?> all -> all.forEach(this::checkWithin);
            case Record whole -> {
                for (RecordComponent part : whole.getClass().getRecordComponents()) {
                    checkPart(whole, part);
                }
            }
            default -> {}
        }
    }

    private void checkPart(Record whole, RecordComponent part) {
        try {
            Object value = part.getAccessor().invoke(whole);
            if (value != null && !isProse(part.getName())) {
                checkWithin(value);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What people write, in which a slash is a slash. */
    private static boolean isProse(String name) {
        return name.equals("prompt") || name.equals("negative");
    }

    private void checkPath(Path path) {
        Path real = real(path.toAbsolutePath().normalize());
        if (folders.stream().noneMatch(real::startsWith)) {
            throw new Problem.FileInaccessible(path, "this engine does not serve that folder")
                    .asException();
        }
    }

    /** Of what is there; what is not there yet lies where its folder does. */
    private static Path real(Path path) {
        Path parent = path.getParent();
        try {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) || parent == null
                    ? path.toRealPath()
                    : real(parent).resolve(path.getFileName());
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(path, e).asException(e);
        }
    }
}
