package dev.zoetrope.app.train;

import java.nio.file.Path;

/**
 * The model of a run as it was last saved.
 *
 * @param run its folder, which is the model's too
 */
public record SavedModel(Path run, Subject subject, long step) {}
