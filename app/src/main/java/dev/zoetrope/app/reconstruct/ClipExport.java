package dev.zoetrope.app.reconstruct;

import java.nio.file.Path;

/** Writes a video once more, somewhere else or in another format. */
@FunctionalInterface
public interface ClipExport {
    /**
     * Writes {@code target} in the format that its extension names; it appears whole or not at all.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when that fails
     */
    void export(Path video, Path target);
}
