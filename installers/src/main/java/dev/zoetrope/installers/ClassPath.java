package dev.zoetrope.installers;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The jars of the program as they are packaged: without native libraries, which lie beside them as
 * files for this system alone, so that nobody unpacks any at a start; and without classes too old
 * for an archive.
 */
final class ClassPath {
    /** Made for a libtorch with CUDA, beside which it is put when that is brought. */
    private static final String FOR_CUDA = "/cu";

    private final Target target;
    private final Path folder;
    private final Instant date;

    /**
     * @param folder gets the jars, and the libraries in {@code native} and {@code torch}
     */
    ClassPath(Target target, Path folder, Instant date) {
        this.target = target;
        this.folder = folder;
        this.date = date;
    }

    void add(Path jar) throws IOException {
        try (ZipFile in = new ZipFile(jar.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipOutputStream out =
                        new ZipOutputStream(
                                Files.newOutputStream(folder.resolve(jar.getFileName())))) {
            for (ZipEntry entry : in.stream().<ZipEntry>map(ZipEntry.class::cast).toList()) {
                String name = entry.getName();
                if (Target.isNative(name) && !(target.uses(name) && name.contains(FOR_CUDA))) {
                    if (target.uses(name)) {
                        unpack(in, entry);
                    }
                    continue;
                }
                if (name.endsWith("module-info.class")) {
                    continue; // means nothing here, and jdeps would ask for other modules
                }
                byte[] content = in.getInputStream(entry).readAllBytes();
                store(name, name.endsWith(".class") ? renewed(content, classes) : content, out);
            }
        }
    }

    /** As it is: packages compress better, and a start need not unpack fonts and style sheets. */
    private void store(String name, byte[] content, ZipOutputStream out) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entry.setLastModifiedTime(FileTime.from(date));
        out.putNextEntry(entry);
        out.write(content);
    }

    private void unpack(ZipFile jar, ZipEntry entry) throws IOException {
        String name = entry.getName();
        boolean torch = name.startsWith("pytorch/") || name.startsWith("jnilib/");
        Path place = folder.resolve(torch ? "torch" : "native");
        Files.createDirectories(place);
        Files.copy(
                jar.getInputStream(entry),
                place.resolve(name.substring(name.lastIndexOf('/') + 1)));
    }

    /**
     * Java 5 knew no stack maps. Without them a class is checked slowly, and no archive takes it;
     * that was 0.15 s of every start of a command.
     */
    private static byte[] renewed(byte[] content, ClassLoader classes) {
        ClassFile format =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(classes)));
        ClassModel model = format.parse(content);
        if (model.majorVersion() > ClassFile.JAVA_5_VERSION) {
            return content;
        }
        // Bodies that no transform looks at are copied as they are.
        return format.transformClass(
                model,
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen((type, element) -> {
                            if (element instanceof ClassFileVersion) {
                                type.withVersion(ClassFile.JAVA_8_VERSION, 0);
                            } else {
                                type.with(element);
                            }
                        }));
    }

    /** All jars, in the order that every start and the training of archives agree on. */
    List<Path> jars() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** Tells these jars from any others. */
    String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path jar : jars()) {
                digest.update(Files.readAllBytes(jar));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
