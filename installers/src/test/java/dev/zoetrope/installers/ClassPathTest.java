package dev.zoetrope.installers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** What becomes of a jar on its way into a package. */
final class ClassPathTest {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    @TempDir Path folder;

    @Test
    void onlyLibrariesOfTheSystemAreKeptAndAsFiles() throws IOException {
        ZipFile jar =
                packaged(
                        Target.LINUX_X86_64,
                        "com/sun/jna/linux-x86-64/libjnidispatch.so",
                        "com/sun/jna/linux-x86/libjnidispatch.so",
                        "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
                        "org/sqlite/native/Linux-Musl/x86_64/libsqlitejdbc.so",
                        "org/sqlite/native/Windows/x86_64/sqlitejdbc.dll",
                        "pytorch/cpu/linux-x86_64/libgomp-98b21ff3.so.1",
                        "jnilib/linux-x86_64/cpu/libdjl_torch.so",
                        "jnilib/linux-aarch64/cpu/libdjl_torch.so",
                        "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
                        "META-INF/native/libnetty_transport_native_epoll_aarch_64.so",
                        "libglass.so",
                        "readme.txt");

        assertEquals(List.of(MANIFEST, "readme.txt"), entries(jar));
        assertEquals(
                List.of(
                        "libglass.so",
                        "libjnidispatch.so",
                        "libnetty_transport_native_epoll_x86_64.so",
                        "libsqlitejdbc.so"),
                names(folder.resolve("native")));
        assertEquals(
                List.of("libdjl_torch.so", "libgomp-98b21ff3.so.1"),
                names(folder.resolve("torch")));
    }

    @Test
    void theBridgeToALibtorchWithCudaStaysToBeUnpacked() throws IOException {
        ZipFile jar =
                packaged(
                        Target.LINUX_X86_64,
                        "jnilib/linux-x86_64/cu128/libdjl_torch.so",
                        "jnilib/win-x86_64/cu128/djl_torch.dll");

        assertEquals(List.of(MANIFEST, "jnilib/linux-x86_64/cu128/libdjl_torch.so"), entries(jar));
    }

    @Test
    void allJarsBecomeOneWithEveryServiceAndLicence() throws Exception {
        Path one = folder.resolve("one.jar");
        Path other = folder.resolve("other.jar");
        List<String> both =
                List.of(MANIFEST, "META-INF/services/Codec", "META-INF/LICENSE", "a/same.txt");
        write(one, both, "one".getBytes(UTF_8), "same".getBytes(UTF_8));
        write(other, both, "other".getBytes(UTF_8), "same".getBytes(UTF_8));

        try (ZipFile jar =
                new ZipFile(packaged(Target.LINUX_X86_64, folder, one, other).toFile())) {
            assertEquals(
                    List.of(
                            MANIFEST,
                            "META-INF/one.jar/LICENSE",
                            "a/same.txt",
                            "META-INF/other.jar/LICENSE",
                            "META-INF/services/Codec"),
                    entries(jar));
            assertEquals("one\nother\n", text(jar, "META-INF/services/Codec"));
            assertEquals("other", text(jar, "META-INF/other.jar/LICENSE"));
            assertTrue(text(jar, MANIFEST).contains("Multi-Release: true"));
        }
    }

    @Test
    void jarsThatContradictEachOtherAreRefused() throws IOException {
        Path one = folder.resolve("one.jar");
        Path other = folder.resolve("other.jar");
        write(one, List.of("a/table.txt"), new byte[] {1});
        write(other, List.of("a/table.txt"), new byte[] {2});

        var refused =
                assertThrows(
                        IllegalStateException.class,
                        () -> packaged(Target.LINUX_X86_64, folder, one, other));

        assertEquals(
                "a/table.txt in other.jar is not what another jar has there", refused.getMessage());
    }

    @Test
    void aClassOfJava5BecomesOneThatTheNewVerifierTakes() throws Exception {
        byte[] old =
                ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
                        .build(
                                ClassDesc.of("Old"),
                                type ->
                                        type.withVersion(ClassFile.JAVA_5_VERSION, 0)
                                                .withMethodBody(
                                                        "sign",
                                                        MethodTypeDesc.of(
                                                                ConstantDescs.CD_int,
                                                                ConstantDescs.CD_int),
                                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                        code ->
                                                                code.iload(0)
                                                                        .ifThenElse(
                                                                                yes ->
                                                                                        yes.iconst_1()
                                                                                                .ireturn(),
                                                                                no ->
                                                                                        no.iconst_m1()
                                                                                                .ireturn())));
        Path jar = folder.resolve("old.jar");
        write(jar, List.of("Old.class"), old);
        Path out = Files.createDirectories(folder.resolve("out"));

        try (URLClassLoader classes =
                new URLClassLoader(
                        new URL[] {packaged(Target.LINUX_X86_64, out, jar).toUri().toURL()})) {
            try (var content = classes.getResourceAsStream("Old.class")) {
                assertTrue(
                        ClassFile.of().parse(content.readAllBytes()).majorVersion()
                                > ClassFile.JAVA_5_VERSION);
            }
            var sign = classes.loadClass("Old").getMethod("sign", int.class);
            assertEquals(1, sign.invoke(null, 7));
            assertEquals(-1, sign.invoke(null, 0));
        }
    }

    private ZipFile packaged(Target target, String... entries) throws IOException {
        Path in = Files.createDirectories(folder.resolve("in")).resolve("some.jar");
        write(in, List.of(entries), new byte[] {1});
        return new ZipFile(packaged(target, folder, in).toFile());
    }

    private static Path packaged(Target target, Path out, Path... jars) throws IOException {
        ClassPath classPath = new ClassPath(target, out, Instant.EPOCH);
        try (classPath) {
            for (Path jar : jars) {
                classPath.add(jar);
            }
        }
        return classPath.jar();
    }

    /** What lies under META-INF has the first content, what does not the last. */
    private static void write(Path jar, List<String> entries, byte[]... content)
            throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(content[entry.startsWith("META-INF/") ? 0 : content.length - 1]);
            }
        }
    }

    private static List<String> entries(ZipFile jar) {
        return jar.stream().map(ZipEntry::getName).toList();
    }

    private static String text(ZipFile jar, String entry) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), UTF_8);
    }

    private static List<String> names(Path place) throws IOException {
        try (var files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
