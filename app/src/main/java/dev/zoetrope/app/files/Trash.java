package dev.zoetrope.app.files;

import java.io.IOException;
import java.nio.file.Path;

/** Where things go that may be wanted back. */
@FunctionalInterface
public interface Trash {
    /**
     * Puts a file or a folder there.
     *
     * @throws IOException when there is no trash for it; it is where it was then
     */
    void take(Path file) throws IOException;
}
