package dev.zoetrope.app.train;

import java.nio.file.Path;

/** What a denoiser begins as. */
public sealed interface Beginning {
    /** A model small enough for two cores, for the starter codec, with nothing learned. */
    record Small() implements Beginning {}

    /**
     * What another model has learned.
     *
     * @param nameOrFolder of an installed model, or its folder
     */
    record Model(String nameOrFolder) implements Beginning {}

    /**
     * A model with nothing learned.
     *
     * @param file its {@code config.json}
     */
    record Configuration(Path file) implements Beginning {}
}
