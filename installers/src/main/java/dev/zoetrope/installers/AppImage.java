package dev.zoetrope.installers;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * A folder that runs anywhere: a Java of only the modules that are used, one jar, the native
 * libraries, the archives of classes, and two launchers.
 */
final class AppImage {
    static final String WINDOW = "zoetrope-studio";
    static final String COMMANDS = "zoetrope";

    /** Of an engine that a rehearsal has started. */
    private static final String ENDING_SOON = "-Dzoetrope.engine.idle=1";

    private final Definition definition;
    private final Target target;
    private final Path work;
    private final Path root;

    /**
     * @param work a folder that is emptied
     */
    AppImage(Definition definition, Target target, Path work) {
        this.definition = definition;
        this.target = target;
        this.work = work;
        root = work.resolve(target.macos() ? definition.get("name") + ".app" : WINDOW);
    }

    Path root() {
        return root;
    }

    /** Where the jar is. */
    Path app() {
        return root.resolve(target.windows() ? "app" : target.macos() ? "Contents/app" : "lib/app");
    }

    private Path runtime() {
        return root.resolve(
                target.windows()
                        ? "runtime"
                        : target.macos() ? "Contents/runtime/Contents/Home" : "lib/runtime");
    }

    /**
     * Makes it.
     *
     * @param libraries all jars
     * @param environment what engines and launchers do before libtorch is loaded
     * @param icon in the form of the system
     */
    void make(Path libraries, Path environment, Path icon)
            throws IOException, InterruptedException {
        delete(work);
        Path jars = Files.createDirectories(work.resolve("jars"));
        ClassPath classPath = new ClassPath(target, jars, definition.date());
        try (classPath;
                Stream<Path> all = Files.list(libraries)) {
            for (Path jar : all.sorted().toList()) {
                classPath.add(jar);
            }
        }
        Files.copy(environment, jars.resolve("environment.sh"));
        link(classPath.jar());
        pack(
                jars,
                icon,
                definition.get("brief")
                        + " "
                        + definition.java("$APPDIR", classPath.fingerprint()));
        if (!target.windows()) {
            launcher(classPath.fingerprint());
        }
        date();
        // One for each, as every class in an archive makes the start a little longer.
        archive("engine", "engine", List.of(), Map.of());
        archive("commands", "user", List.of(ENDING_SOON), Map.of());
        try (Display display = Display.open(target)) {
            List<String> options = new ArrayList<>(display.options());
            options.add(ENDING_SOON);
            // Once before, so that there are settings to be read; and a clip was made above.
            rehearse("studio", "user", options, display.environment());
            archive("studio", "user", options, display.environment());
        }
        if (target.macos()) {
            // Sealed anew, now that there is more in it than jpackage has put there.
            Tools.run(
                    work,
                    Map.of(),
                    List.of("codesign", "--force", "--deep", "--sign", "-", root.toString()));
        }
    }

    private void link(Path jar) throws IOException {
        StringWriter found = new StringWriter();
        int status =
                ToolProvider.findFirst("jdeps")
                        .orElseThrow()
                        .run(
                                new PrintWriter(found),
                                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                                "--multi-release",
                                "base",
                                "--ignore-missing-deps",
                                "--print-module-deps",
                                jar.toString());
        if (status != 0) {
            throw new IllegalStateException("jdeps: " + found);
        }
        String modules = found.toString().strip() + "," + definition.get("modules");
        System.out.println("Modules: " + modules);
        Path runtime = work.resolve("runtime");
        Tools.jdk(
                "jlink",
                List.of(
                        "--add-modules",
                        modules,
                        "--include-locales",
                        definition.get("locales"),
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        runtime.toString()));
        // An engine is started with java; nobody asks for the other programs.
        try (Stream<Path> programs = Files.list(runtime.resolve("bin"))) {
            for (Path program : programs.toList()) {
                String name = program.getFileName().toString();
                if (!name.matches("javaw?(\\.exe)?|.*\\.dll") && Files.isRegularFile(program)) {
                    Files.delete(program);
                }
            }
        }
    }

    private void pack(Path jars, Path icon, String options) throws IOException {
        Path commands = work.resolve("commands.properties");
        Files.writeString(
                commands,
                """
                main-class=dev.zoetrope.app.Main
                win-console=true
                win-menu=false
                win-shortcut=false
                java-options=%s -XX:AOTCache=$APPDIR/commands.aot
                """
                        .formatted(options.replace("\\", "/")));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--type", "app-image",
                                "--name", WINDOW,
                                "--app-version", definition.get("version"),
                                "--vendor", definition.get("vendor"),
                                "--copyright", definition.get("copyright"),
                                "--description", definition.get("summary"),
                                "--icon", icon.toString(),
                                "--input", jars.toString(),
                                "--main-jar", ClassPath.JAR,
                                "--main-class", "dev.zoetrope.app.StudioMain",
                                "--runtime-image", work.resolve("runtime").toString(),
                                "--java-options", options + " -XX:AOTCache=$APPDIR/studio.aot",
                                "--dest", work.toString()));
        if (target.windows()) {
            arguments.addAll(List.of("--add-launcher", COMMANDS + "=" + commands));
        }
        Tools.jdk("jpackage", arguments);
        if (target.macos()) {
            Files.move(work.resolve(WINDOW + ".app"), root);
        }
    }

    /** A script, because libtorch reads its environment, which jpackage's launchers cannot set. */
    private void launcher(String build) throws IOException {
        Path programs = root.resolve(target.macos() ? "Contents/MacOS" : "bin");
        Path file = programs.resolve(COMMANDS);
        Files.writeString(
                file,
                definition.filled(
                        "launcher.sh",
                        Map.of(
                                "relative", programs.relativize(app()).toString(),
                                "runtime", app().relativize(runtime()).toString(),
                                "java", definition.java("\"$app\"", build),
                                "classpath", "$app/" + ClassPath.JAR)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** An archive is of files of a certain date, and packages keep whole seconds of it. */
    private void date() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!Files.isSymbolicLink(file)) {
                    Files.setLastModifiedTime(file, FileTime.from(definition.date()));
                }
            }
        }
    }

    /** Keeps what classes a rehearsal with this very image takes. */
    private void archive(
            String rehearsal, String home, List<String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path archive = app().toAbsolutePath().resolve(rehearsal + ".aot");
        List<String> recording = new ArrayList<>(options);
        recording.addAll(List.of("-XX:AOTCacheOutput=" + archive, "-Xlog:aot*=error"));
        rehearse(rehearsal, home, recording, environment);
        Files.setLastModifiedTime(archive, FileTime.from(definition.date()));
    }

    /**
     * @param home whose it is; what one rehearsal makes there, the next finds
     */
    private void rehearse(
            String rehearsal, String home, List<String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        String app = app().toAbsolutePath().toString();
        List<String> command = new ArrayList<>();
        command.add(runtime().resolve("bin/java").toAbsolutePath().toString());
        command.addAll(options);
        command.addAll(List.of(definition.get("brief").split(" +", -1)));
        command.addAll(List.of(definition.java(app, "rehearsal").split(" +", -1)));
        command.addAll(
                List.of("-cp", app + "/" + ClassPath.JAR, "dev.zoetrope.app.Rehearsal", rehearsal));
        Path folder = Files.createDirectories(work.resolve("home").resolve(home));
        Map<String, String> surroundings = new HashMap<>(environment);
        surroundings.put("ZOETROPE_HOME", folder.toString());
        Tools.run(work, surroundings, command);
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
