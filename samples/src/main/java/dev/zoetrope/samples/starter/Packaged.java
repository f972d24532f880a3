package dev.zoetrope.samples.starter;

import java.net.URL;

/** Files that came in a jar. */
final class Packaged {
    private Packaged() {}

    /**
     * @param file beside this class, or with a slash first from the root of any jar
     */
    static URL file(String file) {
        URL resource = Packaged.class.getResource(file);
        if (resource == null) {
            throw new IllegalStateException(file + " is not packaged");
        }
        return resource;
    }
}
