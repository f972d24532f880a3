package dev.zoetrope.app.models;

import java.nio.file.Path;

/** How far an import is. */
public sealed interface Importing {
    /** Nothing is imported. */
    record Idle() implements Importing {}

    /** The weights are read: what is it, and is it whole? */
    record Checking(Path place) implements Importing {}

    /**
     * It is copied to the installed ones.
     *
     * @param fraction of its bytes, from 0 to 1
     */
    record Copying(String name, double fraction) implements Importing {}

    /** It can be used. */
    record Done(String name) implements Importing {}
}
