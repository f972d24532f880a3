package dev.zoetrope.installers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Installers for Windows and macOS, which jpackage makes of the image on those systems. */
final class JpackageInstallers {
    private final Definition definition;
    private final Target target;
    private final Path work;

    /**
     * @param work an empty folder
     */
    JpackageInstallers(Definition definition, Target target, Path work) {
        this.definition = definition;
        this.target = target;
        this.work = work;
    }

    /** The kinds that a system's people expect. */
    static List<String> types(Target target) {
        return target.windows() ? List.of("msi", "exe") : List.of("dmg", "pkg");
    }

    /**
     * How jpackage is to be called.
     *
     * @param type one of {@link #types}
     * @param image the finished app image
     * @param packages where the installer goes
     */
    List<String> arguments(String type, Path image, Path licence, Path packages)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--type", type,
                                "--app-image", image.toString(),
                                "--name", definition.get("name"),
                                "--app-version", version(),
                                "--vendor", definition.get("vendor"),
                                "--copyright", definition.get("copyright"),
                                "--description", definition.get("summary"),
                                "--license-file", licence.toString(),
                                "--dest", packages.toString()));
        if (target.windows()) {
            arguments.addAll(
                    List.of(
                            "--win-upgrade-uuid",
                            definition.get("windows.upgrade"),
                            "--win-menu",
                            "--win-menu-group",
                            definition.get("name"),
                            "--win-shortcut-prompt",
                            "--win-dir-chooser"));
        } else {
            arguments.addAll(
                    List.of(
                            "--mac-package-identifier", definition.get("identifier"),
                            "--mac-package-name", definition.get("name")));
        }
        for (Path association : associations()) {
            arguments.addAll(List.of("--file-associations", association.toString()));
        }
        return arguments;
    }

    /** macOS takes no version that begins with zero: there, 0.1.0 is 1.1.0. */
    private String version() {
        String version = definition.get("version");
        int dot = version.indexOf('.');
        return target.macos()
                ? Integer.parseInt(version.substring(0, dot)) + 1 + version.substring(dot)
                : version;
    }

    private List<Path> associations() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String kind : List.of("clips", "weights")) {
            for (String type : definition.get(kind).split(" +", -1)) {
                String[] parts = type.split(":", -1);
                Path file = work.resolve(parts[0] + ".properties");
                Files.writeString(
                        file,
                        """
                        extension=%s
                        mime-type=%s
                        description=%s
                        mac.CFBundleTypeRole=Viewer
                        mac.LSHandlerRank=Alternate
                        """
                                .formatted(
                                        parts[0],
                                        parts[1],
                                        kind.equals("clips") ? "Clip" : "Model weights"));
                files.add(file);
            }
        }
        return files;
    }

    List<Path> make(Path image, Path licence, Path packages) throws IOException {
        List<Path> made = new ArrayList<>();
        for (String type : types(target)) {
            Tools.jdk("jpackage", arguments(type, image, licence, packages));
            made.add(
                    packages.resolve(
                            "%s-%s.%s".formatted(definition.get("name"), version(), type)));
        }
        return made;
    }
}
