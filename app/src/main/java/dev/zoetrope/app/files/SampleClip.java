package dev.zoetrope.app.files;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The short real clip that comes with Zoetrope. */
public final class SampleClip {
    private static final String RESOURCE = "/dev/zoetrope/samples/clips/street.mp4";

    private SampleClip() {}

    /**
     * The clip as a file; unpacked where it comes in a jar, since media are read from files alone.
     *
     * @param cache a folder for the unpacked clip; created when needed
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be unpacked
     */
    public static Path file(Path cache) {
        URL url = SampleClip.class.getResource(RESOURCE);
        if (url == null) {
            throw new IllegalStateException("the application lacks its resource " + RESOURCE);
        }
        if (url.getProtocol().equals("file")) {
            return Path.of(URI.create(url.toString()));
        }
        Path file = cache.resolve("street.mp4");
        try (InputStream clip = url.openStream()) {
            Files.createDirectories(cache);
            Files.copy(clip, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, String.valueOf(e.getMessage())).asException(e);
        }
    }
}
