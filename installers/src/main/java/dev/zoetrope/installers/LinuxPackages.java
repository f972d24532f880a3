package dev.zoetrope.installers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Packages for Debian's and Red Hat's families, of one tree of files. They run no scripts: desktops
 * notice by themselves what lies in their folders.
 */
final class LinuxPackages {
    private final Definition definition;
    private final Target target;
    private final Path work;
    private final Path tree;
    private final String date;

    /**
     * @param work an empty folder
     */
    LinuxPackages(Definition definition, Target target, Path work) {
        this.definition = definition;
        this.target = target;
        this.work = work;
        tree = work.resolve("tree");
        date = String.valueOf(definition.date().getEpochSecond());
    }

    /** Lays out what is installed. */
    void layOut(Path image, Icons icons, Path licence, Path bill) throws IOException {
        String id = definition.get("identifier");
        Path home = tree.resolve("opt").resolve(definition.get("package"));
        link(image, home);
        Files.copy(licence, home.resolve("LICENSE"));
        Path programs = Files.createDirectories(tree.resolve("usr/bin"));
        for (String program : List.of(AppImage.COMMANDS, AppImage.WINDOW)) {
            Files.createSymbolicLink(
                    programs.resolve(program),
                    Path.of("/opt", definition.get("package"), "bin", program));
        }
        Path share = tree.resolve("usr/share");
        fill("studio.desktop", share.resolve("applications").resolve(id + ".desktop"));
        fill("mime.xml", share.resolve("mime/packages").resolve(id + ".xml"));
        fill("metainfo.xml", share.resolve("metainfo").resolve(id + ".metainfo.xml"));
        icons.writeTheme(share.resolve("icons"), id);
        Path documents = share.resolve("doc").resolve(definition.get("package"));
        fill("copyright", documents.resolve("copyright"));
        Files.copy(bill, documents.resolve("zoetrope.cdx.json"));
        date();
    }

    private void fill(String template, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.writeString(to, definition.filled("linux/" + template, Map.of()));
    }

    /** The image has hundreds of megabytes; the tree shares its files. */
    private static void link(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(folder)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.createLink(to.resolve(from.relativize(file)), file);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private void date() throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                if (!Files.isSymbolicLink(file)) {
                    Files.setLastModifiedTime(file, FileTime.from(definition.date()));
                }
            }
        }
    }

    /** Needs {@code dpkg-deb}. */
    Path deb(Path packages) throws IOException, InterruptedException {
        long bytes;
        try (Stream<Path> files = Files.walk(tree)) {
            bytes =
                    files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                            .mapToLong(LinuxPackages::size)
                            .sum();
        }
        Path debian = Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(
                debian.resolve("control"),
                definition.filled(
                        "linux/control",
                        Map.of(
                                "architecture", target.architecture(),
                                "kibibytes", String.valueOf(bytes >> 10))));
        Path deb =
                packages.resolve(
                        "%s_%s_%s.deb"
                                .formatted(
                                        definition.get("package"),
                                        definition.get("version"),
                                        target.architecture()));
        Tools.run(
                work,
                Map.of("SOURCE_DATE_EPOCH", date),
                List.of(
                        "dpkg-deb",
                        "--root-owner-group",
                        "-Zzstd",
                        "-z12",
                        "--build",
                        tree.toString(),
                        deb.toString()));
        AppImage.delete(debian);
        return deb;
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    /** Needs {@code rpmbuild}. */
    Path rpm(Path packages) throws IOException, InterruptedException {
        // Folders that others own, such as /usr/bin, are not this package's.
        String name = definition.get("package");
        List<String> own = List.of("/opt/" + name, "/usr/share/doc/" + name);
        String files;
        try (Stream<Path> all = Files.walk(tree)) {
            files =
                    Stream.concat(
                                    own.stream(),
                                    all.filter(file -> !Files.isDirectory(file))
                                            .map(file -> "/" + tree.relativize(file))
                                            .filter(file ->
                                                    own.stream().noneMatch(file::startsWith)))
                            .collect(Collectors.joining("\n"));
        }
        Path spec = work.resolve("zoetrope.spec");
        Files.writeString(
                spec,
                definition.filled(
                        "linux/zoetrope.spec", Map.of("tree", tree.toString(), "files", files)));
        String machine = target == Target.LINUX_AARCH64 ? "aarch64" : "x86_64";
        Tools.run(
                work,
                Map.of("SOURCE_DATE_EPOCH", date),
                List.of(
                        "rpmbuild",
                        "-bb",
                        "--quiet",
                        "--target",
                        machine,
                        "--define",
                        "_topdir " + work.resolve("rpm"),
                        "--define",
                        "_rpmdir " + packages,
                        "--define",
                        "_rpmfilename %{NAME}-%{VERSION}.%{ARCH}.rpm",
                        spec.toString()));
        return packages.resolve(
                "%s-%s.%s.rpm"
                        .formatted(definition.get("package"), definition.get("version"), machine));
    }
}
