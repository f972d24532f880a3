package dev.zoetrope.runtime.checkpoint;

import java.net.URL;
import java.util.Map;

/**
 * A model folder that ships inside a jar, found by {@link java.util.ServiceLoader}. Weights are
 * mapped into memory, which a jar does not allow, so the store unpacks it once into the user's data
 * folder.
 */
public interface BundledModel {
    /** What a model is for. */
    enum Kind {
        CODEC("codec"),
        TEXT_ENCODER("text encoder"),
        /** All that it takes to make clips. */
        GENERATOR("generator");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** What people call it. */
        public String words() {
            return words;
        }
    }

    /** What {@code --codec}, {@code --model} and {@code --text-encoder} call it. */
    String name();

    Kind kind();

    /** What people may do with it, by its name in the SPDX list. */
    String licence();

    /** The folder's files by path relative to it, with forward slashes. */
    Map<String, URL> files();
}
