package dev.zoetrope.runtime.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** What DJL looks for beside libtorch: its own native library, and the CUDA runtime. */
final class DjlLibrary {
    private static final String RUNTIME = "libcudart.so";

    private static final String VERSIONS = "/jnilib/pytorch.properties";

    private DjlLibrary() {}

    /** The version of libtorch that it is made for, and its own: {@code 2.7.1-0.35.1}. */
    static String versions() throws IOException {
        Properties versions = new Properties();
        try (InputStream in = resource(VERSIONS)) {
            versions.load(in);
        }
        return versions.getProperty("jni_version");
    }

    /**
     * Links the runtime under the name that DJL asks for, which it would otherwise take from the
     * system, of whatever version.
     */
    static void linkRuntime(Path folder) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, RUNTIME + ".*")) {
            for (Path runtime : found) {
                Path link = folder.resolve(RUNTIME);
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, runtime.getFileName());
            }
        }
    }

    /**
     * Puts its own library, which is in a jar of the program, into a folder under the name that it
     * looks for first.
     */
    static void copy(String system, Path folder) throws IOException {
        String name = System.mapLibraryName("djl_torch");
        String versions = versions();
        String own = versions.substring(versions.indexOf('-') + 1);
        try (InputStream in =
                resource("/jnilib/%s/%s/%s".formatted(system, GpuLibraries.FLAVOR, name))) {
            Files.copy(in, folder.resolve(own + "-" + name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static InputStream resource(String path) throws IOException {
        InputStream in = DjlLibrary.class.getResourceAsStream(path);
        if (in == null) {
            throw new IOException(path + " is not packaged");
        }
        return in;
    }
}
