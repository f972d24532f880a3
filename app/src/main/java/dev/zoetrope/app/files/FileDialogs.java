package dev.zoetrope.app.files;

import java.nio.file.Path;
import java.util.Optional;

/** Asks the person for files, and shows them where files are. */
public interface FileDialogs {
    /** A video to open; empty when the person changed their mind. */
    Optional<Path> open(Optional<Path> folder);

    /** A folder to use; empty when the person changed their mind. */
    Optional<Path> folder(Optional<Path> start);

    /** A model's {@code config.json}; empty when the person changed their mind. */
    Optional<Path> configuration();

    /** A model's weight file; empty when the person changed their mind. */
    Optional<Path> weights();

    /** Where to save a video and in which format, which the extension tells. */
    Optional<Path> saveAs(Path suggestion);

    /** Opens a folder in the system's file manager. */
    void showFolder(Path folder);

    /** Opens the folder of a file in the system's file manager. */
    void showInFolder(Path file);
}
