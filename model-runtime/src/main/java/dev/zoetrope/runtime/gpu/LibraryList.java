package dev.zoetrope.runtime.gpu;

import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Libtorch for CUDA and all it needs, as parts of jars in a Maven repository. A jar is a zip: a
 * library in it is one deflated run of bytes.
 *
 * @param system as DJL calls it
 */
public record LibraryList(String system, List<Library> libraries) {
    /**
     * One library.
     *
     * @param jar its path in the repository
     * @param jarBytes how long the jar is
     * @param offset of the library's deflated bytes in it
     * @param packed how many those are
     * @param bytes of the library itself
     * @param sha256 of the library itself, in hexadecimal digits
     */
    public record Library(
            String name,
            String jar,
            long jarBytes,
            long offset,
            long packed,
            long bytes,
            String sha256) {}

    public LibraryList {
        libraries = List.copyOf(libraries);
    }

    /** Of this system; empty where no libtorch for CUDA can be had. */
    public static Optional<LibraryList> ofThisSystem() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Optional<LibraryList> of(String os, String architecture) {
        if (!List.of("amd64", "x86_64").contains(architecture)) {
            return Optional.empty();
        }
        String name = os.toLowerCase(Locale.ROOT);
        return name.startsWith("linux")
                ? Optional.of(named("linux-x86_64"))
                : name.startsWith("windows") ? Optional.of(named("win-x86_64")) : Optional.empty();
    }

    private static LibraryList named(String system) {
        URL resource = Resources.getResource(LibraryList.class, system + ".txt");
        try {
            return parse(system, Resources.readLines(resource, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LibraryList parse(String system, List<String> lines) {
        List<Library> libraries = new ArrayList<>();
        String jar = "";
        long jarBytes = 0;
        for (String line : lines) {
            List<String> words = Splitter.on(' ').splitToList(line);
            if (words.getFirst().equals("jar")) {
                jarBytes = Long.parseLong(words.get(1));
                jar = words.get(2);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                libraries.add(
                        new Library(
                                words.get(4),
                                jar,
                                jarBytes,
                                Long.parseLong(words.get(0)),
                                Long.parseLong(words.get(1)),
                                Long.parseLong(words.get(2)),
                                words.get(3)));
            }
        }
        return new LibraryList(system, libraries);
    }

    /** Bytes to download. */
    public long packed() {
        return libraries.stream().mapToLong(Library::packed).sum();
    }

    /** Bytes on the disk. */
    public long bytes() {
        return libraries.stream().mapToLong(Library::bytes).sum();
    }

    /** What tells it from lists of other libraries. */
    String fingerprint() {
        StringBuilder all = new StringBuilder();
        libraries.forEach(one -> all.append(one.name()).append(one.sha256()));
        return Hashing.sha256().hashString(all, StandardCharsets.UTF_8).toString().substring(0, 12);
    }
}
