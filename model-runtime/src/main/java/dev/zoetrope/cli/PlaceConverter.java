package dev.zoetrope.cli;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;
import dev.zoetrope.runtime.training.ClipSource;

import picocli.CommandLine.ITypeConverter;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code NAME|DIR}: what is no name of an installed model, but a file or folder from here, becomes
 * its whole path, because an engine works in a folder of its own.
 */
final class PlaceConverter implements ITypeConverter<String> {
    private final CheckpointStore store = new CheckpointStore(UserFolders.ofThisSystem().models());

    PlaceConverter() {}

    @Override
    public String convert(String text) {
        return store.names().contains(text) ? text : whole(text);
    }

    private static String whole(String text) {
        try {
            Path path = Path.of(text);
            return Files.exists(path) ? path.toAbsolutePath().normalize().toString() : text;
        } catch (InvalidPathException _) {
            return text; // A name that no file can have; whoever looks for it will say so.
        }
    }

    /** {@code NAME|DIR[:PARTS]} of a data set. */
    static final class OfDataset implements ITypeConverter<String> {
        private static final Pattern WITH_PARTS = Pattern.compile("(.+)(:\\d+)");

        OfDataset() {}

        @Override
        public String convert(String text) {
            Matcher parts = WITH_PARTS.matcher(text);
            return parts.matches() ? place(parts.group(1)) + parts.group(2) : place(text);
        }

        private static String place(String text) {
            boolean installed =
                    ServiceLoader.load(ClipSource.class).stream()
                            .anyMatch(source -> source.get().name().equals(text));
            return installed ? text : whole(text);
        }
    }
}
