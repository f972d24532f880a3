package dev.zoetrope.installers;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The program's jars as they are packaged: as one, because a start looks into each for what is in
 * none; without native libraries, which lie beside it as files for this system alone, so that
 * nobody unpacks any at a start; and without classes too old for an archive.
 */
final class ClassPath implements AutoCloseable {
    static final String JAR = "zoetrope.jar";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String SERVICES = "META-INF/services/";

    /** Many jars have one of these names. */
    private static final Pattern LICENCE =
            Pattern.compile("META-INF/((LICENSE|NOTICE|DEPENDENCIES)(\\.\\w+)?)");

    /** Made for a libtorch with CUDA, beside which it is put when that is brought. */
    private static final String FOR_CUDA = "/cu";

    private final Target target;
    private final Path folder;
    private final Instant date;
    private final ZipOutputStream out;

    /** Of each name, what lies under it. */
    private final Map<String, Long> sums = new HashMap<>();

    /** Of each service, who provides it. */
    private final Map<String, StringBuilder> services = new TreeMap<>();

    /**
     * @param folder gets the jar, and the libraries in {@code native} and {@code torch}
     */
    ClassPath(Target target, Path folder, Instant date) throws IOException {
        this.target = target;
        this.folder = folder;
        this.date = date;
        out = new ZipOutputStream(Files.newOutputStream(jar()));
        // Some of the jars have classes for certain versions of Java.
        store(MANIFEST, "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n".getBytes(UTF_8));
    }

    /** Puts a jar's classes after those of the jars before it. */
    void add(Path jar) throws IOException {
        try (ZipFile in = new ZipFile(jar.toFile());
                URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            for (ZipEntry entry : in.stream().<ZipEntry>map(ZipEntry.class::cast).toList()) {
                String name = entry.getName();
                if (Target.isNative(name) && !(target.uses(name) && name.contains(FOR_CUDA))) {
                    if (target.uses(name)) {
                        unpack(in, entry);
                    }
                } else if (!entry.isDirectory()
                        && !name.equals(MANIFEST)
                        // Means nothing here, and jdeps would ask for other modules.
                        && !name.endsWith("module-info.class")) {
                    byte[] content = in.getInputStream(entry).readAllBytes();
                    merge(
                            name,
                            name.endsWith(".class") ? renewed(content, classes) : content,
                            jar.getFileName());
                }
            }
        }
    }

    private void merge(String name, byte[] content, Path jar) throws IOException {
        if (name.startsWith(SERVICES)) {
            services.computeIfAbsent(name, _ -> new StringBuilder())
                    .append(new String(content, UTF_8))
                    .append('\n');
            return;
        }
        String own = LICENCE.matcher(name).replaceFirst("META-INF/" + jar + "/$1");
        Long there = sums.get(own);
        if (there == null) {
            store(own, content);
        } else if (!own.startsWith("META-INF/") && there != sum(content)) {
            throw new IllegalStateException(
                    "%s in %s is not what another jar has there".formatted(name, jar));
        }
    }

    /** As it is: packages compress better, and a start need not unpack fonts and style sheets. */
    private void store(String name, byte[] content) throws IOException {
        long sum = sum(content);
        sums.put(name, sum);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum);
        entry.setLastModifiedTime(FileTime.from(date));
        out.putNextEntry(entry);
        out.write(content);
    }

    private static long sum(byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        return sum.getValue();
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

    Path jar() {
        return folder.resolve(JAR);
    }

    /** Completes the jar. */
    @Override
    public void close() throws IOException {
        try (out) {
            for (Map.Entry<String, StringBuilder> service : services.entrySet()) {
                store(service.getKey(), service.getValue().toString().getBytes(UTF_8));
            }
        }
    }

    /** Tells this jar from any other. */
    String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(jar()));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
