package dev.zoetrope.installers;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all packages share: {@code definition.properties}, and what the build says. */
final class Definition {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([a-z.]+)}");

    private final Path folder;
    private final Instant date;
    private final Map<String, String> values = new TreeMap<>();

    /**
     * @param folder of the module
     * @param version as it is built, perhaps a snapshot
     * @param date of everything in the packages, so that the same source makes the same
     */
    Definition(Path folder, String version, Instant date) throws IOException {
        this.folder = folder;
        this.date = date;
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(folder.resolve("definition.properties"))) {
            properties.load(file);
        }
        properties.forEach((name, value) -> values.put(name.toString(), value.toString()));
        values.put("version", version.replace("-SNAPSHOT", ""));
        // Its loader fails when it is given the folder alone.
        values.put("tokenizers", System.mapLibraryName("tokenizers"));
        // JavaCPP wants a folder to unpack into, even with nothing to unpack; not one in the home
        // folder.
        values.put("temporary", Target.ofThisSystem().windows() ? "${app}/native" : "/tmp");
        values.put("date", date.toString().substring(0, 10));
    }

    String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("definition.properties lacks " + name);
        }
        return value;
    }

    Instant date() {
        return date;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** A file of the module with its places filled, from what only it knows as well. */
    String filled(String file, Map<String, String> own) throws IOException {
        return fill(Files.readString(file(file)), own);
    }

    /** What every Java process is told. */
    String java(String app, String build) {
        return fill(get("java"), Map.of("app", app, "build", build));
    }

    private String fill(String text, Map<String, String> own) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(value(place.group(1), own)));
    }

    private String value(String name, Map<String, String> own) {
        String value = own.get(name);
        return fill(value == null ? get(name) : value, own);
    }
}
