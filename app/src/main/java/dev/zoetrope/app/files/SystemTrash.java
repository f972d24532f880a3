package dev.zoetrope.app.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The trash of the system the window runs on: on Linux the home trash that freedesktop.org
 * specifies, which files on other disks have no way into; on macOS the user's; on Windows the
 * recycle bin.
 */
public final class SystemTrash implements Trash {
    private static final int PATIENCE_SECONDS = 30;

    private final Trash trash;

    public SystemTrash() {
        this(
                System.getProperty("os.name"),
                System.getenv(),
                Path.of(System.getProperty("user.home")));
    }

    SystemTrash(String system, Map<String, String> environment, Path home) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            trash = SystemTrash::recycle;
        } else if (name.startsWith("mac")) {
            trash = file -> move(file, home.resolve(".Trash"));
        } else {
            String data = environment.getOrDefault("XDG_DATA_HOME", "");
            Path own =
                    (data.isBlank() ? home.resolve(".local/share") : Path.of(data))
                            .resolve("Trash");
            trash = file -> describeAndMove(file, own);
        }
    }

    @Override
    public void take(Path file) throws IOException {
        trash.take(file.toAbsolutePath());
    }

    private static void describeAndMove(Path file, Path trash) throws IOException {
        Path files = Files.createDirectories(trash.resolve("files"));
        Path infos = Files.createDirectories(trash.resolve("info"));
        for (int i = 1; ; i++) {
            String name = numbered(file, i);
            Path info = infos.resolve(name + ".trashinfo");
            try {
                // Whoever makes it has the name.
                Files.writeString(info, description(file), StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException _) {
                continue;
            }
            try {
                Files.move(file, files.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (IOException e) {
                Files.delete(info);
                throw e;
            }
        }
    }

    private static String description(Path file) {
        String path = URI.create("file:///").relativize(file.toUri()).getRawPath();
        String now =
                DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                        LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
        return "[Trash Info]\nPath=/%s\nDeletionDate=%s\n".formatted(path, now);
    }

    private static void move(Path file, Path folder) throws IOException {
        for (int i = 1; ; i++) {
            Path place = folder.resolve(numbered(file, i));
            if (!Files.exists(place)) {
                Files.move(file, place);
                return;
            }
        }
    }

    private static String numbered(Path file, int number) {
        String name = String.valueOf(file.getFileName());
        if (number == 1) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        int end = dot > 0 ? dot : name.length();
        return name.substring(0, end) + " " + number + name.substring(end);
    }

    private static void recycle(Path file) throws IOException {
        String method = Files.isDirectory(file) ? "DeleteDirectory" : "DeleteFile";
        var command =
                new ProcessBuilder(
                        "powershell",
                        "-NoProfile",
                        "-Command",
                        "Add-Type -AssemblyName Microsoft.VisualBasic;"
                                + "[Microsoft.VisualBasic.FileIO.FileSystem]::%s(".formatted(method)
                                + "$env:ZOETROPE_FILE, 'OnlyErrorDialogs', 'SendToRecycleBin')");
        // Not in the command, where a name could be more than a name.
        command.environment().put("ZOETROPE_FILE", file.toString());
        command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Process shell = command.start();
        try {
            if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || Files.exists(file)) {
                throw new IOException("the recycle bin did not take it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the wait for the recycle bin was interrupted", e);
        }
    }
}
