package dev.zoetrope.app.library;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.zoetrope.runtime.WholeFile;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.recipe.Recipe;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The clips of some folders that say how they were made. What a file says is read once and kept in
 * an index, files that say nothing included, so that only new files are ever opened. Used by one
 * thread at a time.
 */
final class Catalogue {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);

    private static final Set<String> EXTENSIONS = Set.of("mp4", "m4v", "webm", "webp", "gif");
    private static final String FIRST_FRAME = "000001.png";
    private static final int DEPTH = 6;
    private static final long TELL_NANOS = 400_000_000;
    private static final int KEEP_EVERY = 500;

    /** A file as it was when it was looked at. */
    private record Seen(Path file, Instant changed, long bytes) {}

    /**
     * What a file said.
     *
     * @param recipe as it carries it; empty when it says nothing
     */
    private record Said(Instant changed, long bytes, Optional<String> recipe) {
        boolean isOf(Seen seen) {
            return changed.equals(seen.changed) && bytes == seen.bytes;
        }
    }

    private final Supplier<List<Path>> folders;
    private final Path index;
    private final Function<Path, Optional<Recipe>> recipes;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Optional<Map<Path, Said>> known = Optional.empty();

    /**
     * @param folders that are looked through, asked for at each scan
     * @param index the file that it is kept in
     * @param recipes reads what a clip says
     */
    Catalogue(Supplier<List<Path>> folders, Path index, Function<Path, Optional<Recipe>> recipes) {
        this.folders = folders;
        this.index = index;
        this.recipes = recipes;
    }

    /**
     * Looks for clips; opens those alone that it does not know.
     *
     * @param found is told of all clips there are, the newest first: of the known ones at once, and
     *     of more as they are read
     */
    void scan(Consumer<List<Clip>> found) {
        Map<Path, Said> said = known.orElseGet(this::load);
        known = Optional.of(said);
        List<Seen> seen = look();
        List<Clip> clips = new ArrayList<>();
        List<Seen> unread = new ArrayList<>();
        boolean changed = said.keySet().retainAll(seen.stream().map(Seen::file).collect(toSet()));
        for (Seen one : seen) {
            Said before = said.get(one.file);
            if (before != null && before.isOf(one)) {
                clip(one, before).ifPresent(clips::add);
            } else {
                unread.add(one);
            }
        }
        found.accept(newestFirst(clips));
        read(unread, clips, said, found);
        if (changed || !unread.isEmpty()) {
            keep(said);
        }
    }

    /** Ends a scan at its next file. */
    void close() {
        closed.set(true);
    }

    private void read(
            List<Seen> unread, List<Clip> clips, Map<Path, Said> said, Consumer<List<Clip>> found) {
        long told = System.nanoTime();
        int read = 0;
        for (Seen one : unread) {
            if (closed.get()) {
                return;
            }
            Said says = ask(one);
            said.put(one.file, says);
            clip(one, says).ifPresent(clips::add);
            if (++read % KEEP_EVERY == 0) {
                keep(said);
            }
            if (System.nanoTime() - told > TELL_NANOS) {
                found.accept(newestFirst(clips));
                told = System.nanoTime();
            }
        }
        if (read > 0) {
            found.accept(newestFirst(clips));
        }
    }

    private Said ask(Seen one) {
        Optional<String> recipe = Optional.empty();
        try {
            recipe = recipes.apply(one.file).map(Recipe::json);
        } catch (ProblemException e) {
            // Somebody else's file, or half a file: there is nothing to show of it.
            LOG.debug("{} says nothing", one.file, e);
        }
        return new Said(one.changed, one.bytes, recipe);
    }

    private static Optional<Clip> clip(Seen one, Said says) {
        try {
            return says.recipe()
                    .flatMap(text -> Recipe.read(text, one.file))
                    .map(recipe -> Clip.of(one.file, one.changed, one.bytes, recipe));
        } catch (ProblemException e) {
            LOG.warn("the index is damaged at {}", one.file, e);
            return Optional.empty();
        }
    }

    private static List<Clip> newestFirst(List<Clip> clips) {
        return clips.stream()
                .sorted(Comparator.comparing(Clip::changed).reversed().thenComparing(Clip::file))
                .toList();
    }

    /** All that may be clips, the newest first. */
    private List<Seen> look() {
        List<Seen> seen = new ArrayList<>();
        for (Path folder : folders.get()) {
            try {
                if (Files.isDirectory(folder)) {
                    Files.walkFileTree(
                            folder,
                            EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                            DEPTH,
                            new Looking(seen));
                }
            } catch (IOException e) {
                LOG.warn("{} cannot be looked through", folder, e);
            }
        }
        seen.sort(Comparator.comparing(Seen::changed).reversed());
        return seen;
    }

    private static final class Looking extends SimpleFileVisitor<Path> {
        private final List<Seen> seen;

        Looking(List<Seen> seen) {
            this.seen = seen;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (Files.isRegularFile(folder.resolve(FIRST_FRAME))) {
                seen.add(new Seen(folder, attributes.lastModifiedTime().toInstant(), 0));
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = String.valueOf(file.getFileName());
            String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            if (attributes.isRegularFile() && EXTENSIONS.contains(extension)) {
                seen.add(
                        new Seen(
                                file,
                                attributes.lastModifiedTime().toInstant(),
                                attributes.size()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            LOG.debug("{} is passed over", file, e);
            return FileVisitResult.CONTINUE;
        }
    }

    /** One line for each file; a line that cannot be understood is as one that is not there. */
    private Map<Path, Said> load() {
        Map<Path, Said> said = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(index)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    JsonNode one = JSON.readTree(line);
                    said.put(
                            Path.of(one.required("file").textValue()),
                            new Said(
                                    Instant.parse(one.required("changed").textValue()),
                                    one.required("bytes").longValue(),
                                    Optional.ofNullable(one.path("recipe").textValue())));
                } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
                    LOG.warn("a line of {} is damaged", index, e);
                }
            }
        } catch (NoSuchFileException _) {
            LOG.debug("{} is not there yet", index);
        } catch (IOException e) {
            LOG.warn("{} cannot be read; the clips are read again", index, e);
        }
        return said;
    }

    private void keep(Map<Path, Said> said) {
        var text = new StringBuilder();
        said.forEach((file, says) -> {
            ObjectNode line = JSON.createObjectNode();
            line.put("file", file.toString());
            line.put("changed", says.changed.toString());
            line.put("bytes", says.bytes);
            says.recipe.ifPresent(recipe -> line.put("recipe", recipe));
            text.append(line).append('\n');
        });
        try {
            Files.createDirectories(index.toAbsolutePath().getParent());
            WholeFile.write(index, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("{} could not be kept; the clips are read again next time", index, e);
        }
    }
}
