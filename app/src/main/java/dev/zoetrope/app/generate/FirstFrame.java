package dev.zoetrope.app.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What a clip is to begin with.
 *
 * @param file a picture, or a video of which it is the first frame
 * @param changed when the file got what it holds; empty when it cannot be read any more
 */
public record FirstFrame(Path file, Optional<Instant> changed) {
    /** As it is now. */
    static FirstFrame at(Path file) {
        try {
            return new FirstFrame(
                    file,
                    Files.isReadable(file)
                            ? Optional.of(Files.getLastModifiedTime(file).toInstant())
                            : Optional.empty());
        } catch (IOException gone) {
            return new FirstFrame(file, Optional.empty());
        }
    }

    public boolean isThere() {
        return changed.isPresent();
    }
}
