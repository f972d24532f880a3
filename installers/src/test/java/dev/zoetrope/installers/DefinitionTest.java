package dev.zoetrope.installers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What packages are made of, also those of systems that this is not. */
final class DefinitionTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @TempDir Path folder;

    private static Definition definition() throws IOException {
        return new Definition(MODULE, "0.1.0-SNAPSHOT", Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void everyTemplateIsFilledWhole() throws IOException {
        Map<String, String> ofTheBuild =
                Map.of("architecture", "amd64", "kibibytes", "1", "tree", "/t", "files", "/f");
        try (Stream<Path> templates = Files.list(MODULE.resolve("linux"))) {
            for (Path template : templates.toList()) {
                String filled = definition().filled("linux/" + template.getFileName(), ofTheBuild);
                assertFalse(filled.contains("${"), filled);
            }
        }
    }

    @Test
    void anUnknownPlaceIsAnError() {
        assertThrows(
                IllegalArgumentException.class, () -> definition().get("nobody.has.written.this"));
    }

    @Test
    void aSnapshotIsPackagedAsItsVersion() throws IOException {
        assertEquals("0.1.0", definition().get("version"));
    }

    @Test
    void theDesktopEntryOpensAFileOfEveryTypeThatIsAssociated() throws IOException {
        String entry = definition().filled("linux/studio.desktop", Map.of());

        assertTrue(Pattern.compile("(?m)^Exec=\\S+ %f$").matcher(entry).find(), entry);
        for (String kind : List.of("clips", "weights")) {
            for (String type : definition().get(kind).split(" +", -1)) {
                assertTrue(entry.contains(type.split(":", -1)[1] + ";"), type);
            }
        }
    }

    @Test
    void windowsKnowsAnUpdateByItsIdentity() throws IOException {
        List<String> arguments = arguments(Target.WINDOWS_X86_64, "msi");

        String identity = after(arguments, "--win-upgrade-uuid");
        assertEquals(identity, UUID.fromString(identity).toString());
        assertEquals("0.1.0", after(arguments, "--app-version"));
        assertTrue(arguments.stream().noneMatch(word -> word.startsWith("--mac")));
    }

    @Test
    void macosGetsAVersionThatItTakes() throws IOException {
        List<String> arguments = arguments(Target.MACOS_AARCH64, "pkg");

        assertEquals("1.1.0", after(arguments, "--app-version"));
        assertEquals("dev.zoetrope.Studio", after(arguments, "--mac-package-identifier"));
        assertTrue(arguments.stream().noneMatch(word -> word.startsWith("--win")));
    }

    @Test
    void whatAnInstallerNamesIsThere() throws IOException {
        for (Target target : List.of(Target.WINDOWS_X86_64, Target.MACOS_AARCH64)) {
            List<String> arguments = arguments(target, JpackageInstallers.types(target).getFirst());

            assertTrue(Files.exists(Path.of(after(arguments, "--license-file"))));
            List<String> extensions = new ArrayList<>();
            for (int i = 0; i < arguments.size(); i++) {
                if (arguments.get(i).equals("--file-associations")) {
                    Properties association = new Properties();
                    association.load(Files.newBufferedReader(Path.of(arguments.get(i + 1))));
                    extensions.add(association.getProperty("extension"));
                    assertTrue(association.getProperty("mime-type").contains("/"));
                }
            }
            assertTrue(
                    extensions.containsAll(List.of("mp4", "safetensors")), extensions.toString());
        }
    }

    private List<String> arguments(Target target, String type) throws IOException {
        return new JpackageInstallers(definition(), target, folder)
                .arguments(type, folder, MODULE.resolve("../LICENSE"), folder);
    }

    private static String after(List<String> arguments, String option) {
        return arguments.get(arguments.indexOf(option) + 1);
    }
}
