package dev.zoetrope.runtime.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * The comment of a clip whose format holds none, in {@code NAME.json} beside it.
 *
 * @param file where it is
 * @param comment empty for a clip without one
 */
public record Sidecar(Path file, Optional<String> comment) {
    private static final String COMMENT = "comment";

    /** What is larger is somebody else's. */
    private static final int MAX_BYTES = 1 << 20;

    static Sidecar of(Path clip, Map<String, String> tags) {
        return new Sidecar(beside(clip), Optional.ofNullable(tags.get(COMMENT)));
    }

    /**
     * Gives the copy of a clip what lies beside the clip.
     *
     * @param tagged whether the copy says what the clip does, rather than nothing
     */
    public static void copy(Path clip, Path copy, boolean tagged) throws IOException {
        of(copy, tagged ? read(clip) : Map.of()).write();
    }

    private static Path beside(Path clip) {
        return clip.resolveSibling(clip.getFileName() + ".json");
    }

    /** Writes it whole; that of an older clip goes in any case. */
    void write() throws IOException {
        if (comment.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, comment.get());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The tags that lie beside a clip. */
    static Map<String, String> read(Path clip) throws IOException {
        Path file = beside(clip);
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            return Map.of();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Map.of(COMMENT, new String(in.readNBytes(MAX_BYTES), UTF_8));
        }
    }
}
