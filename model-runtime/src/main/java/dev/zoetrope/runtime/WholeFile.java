package dev.zoetrope.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** A small file that is whole or not there, whatever happens while it is written. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes it next to its place and moves it there, over one of that name. */
    public static void write(Path file, byte[] content) throws IOException {
        Path part = part(file);
        Files.write(part, content);
        place(part, file);
    }

    /** As {@link #write}, for nobody but its user to read. */
    public static void writePrivately(Path file, byte[] content) throws IOException {
        Path part = part(file);
        Files.deleteIfExists(part);
        // Windows gives a file of the user's folder to the user alone.
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    part,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(part, content);
        place(part, file);
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private static void place(Path part, Path file) throws IOException {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
