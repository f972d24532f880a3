package dev.zoetrope.runtime.checkpoint;

import java.net.URL;
import java.util.Map;

/**
 * A model folder that ships inside a jar, found by {@link java.util.ServiceLoader}. Weights are
 * mapped into memory, which a jar does not allow, so the store unpacks it once into the user's data
 * folder.
 */
public interface BundledModel {
    /** What {@code --codec} and {@code --model} call it. */
    String name();

    /** The folder's files by path relative to it, with forward slashes. */
    Map<String, URL> files();
}
