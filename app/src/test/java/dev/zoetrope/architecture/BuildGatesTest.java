package dev.zoetrope.architecture;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What must not compile does not: builds a project that inherits this one's build, with one class
 * that breaks a rule.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "starts the POSIX wrapper")
final class BuildGatesTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    private Path project;

    @BeforeEach
    void inheritThisBuild(@TempDir Path folder) throws IOException {
        project = folder.toRealPath();
        Path flags = Path.of(".mvn/jvm.config");
        Files.createDirectories(project.resolve(flags).getParent());
        Files.copy(REPOSITORY.resolve(flags), project.resolve(flags));
        Files.writeString(
                project.resolve("pom.xml"),
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <parent>
                    <groupId>dev.zoetrope</groupId>
                    <artifactId>zoetrope</artifactId>
                    <version>0.1.0-SNAPSHOT</version>
                    <relativePath>%s</relativePath>
                  </parent>
                  <artifactId>gates</artifactId>
                </project>
                """
                        .formatted(project.relativize(REPOSITORY.resolve("pom.xml"))));
    }

    @Test
    void aPossibleNullDereferenceAndAFindingOfErrorProneFailTheBuild() throws Exception {
        String log =
                failingBuildOf(
                        """
                        package gates;

                        import org.jspecify.annotations.NullMarked;
                        import org.jspecify.annotations.Nullable;

                        @NullMarked
                        final class Gates {
                            private Gates() {}

                            static int length(@Nullable String text) {
                                return text.length();
                            }

                            static void trim(String text) {
                                text.trim();
                            }
                        }
                        """);
        assertTrue(log.contains("[NullAway] dereferenced expression"), log);
        assertTrue(log.contains("[ReturnValueIgnored]"), log);
    }

    @Test
    void aMereCompilerWarningFailsTheBuild() throws Exception {
        String log =
                failingBuildOf(
                        """
                        package gates;

                        import java.util.List;

                        final class Gates {
                            private Gates() {}

                            static int size(List list) {
                                return list.size();
                            }
                        }
                        """);
        assertTrue(log.contains("warnings found and -Werror specified"), log);
    }

    @Test
    void unformattedCodeFailsTheBuild() throws Exception {
        String log =
                failingBuildOf(
                        """
                        package gates;

                        final class Gates { private Gates() {} }
                        """);
        assertTrue(log.contains("format violations"), log);
    }

    /** Maven's output. */
    private String failingBuildOf(String source) throws Exception {
        Path file = project.resolve("src/main/java/gates/Gates.java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Path log = project.resolve("build.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                REPOSITORY.resolve("mvnw").toString(),
                                "-B",
                                "-o",
                                "-f",
                                project.resolve("pom.xml").toString(),
                                "-Dmaven.repo.local=" + System.getProperty("localRepository"),
                                "compile"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        builder.environment().remove("MAVEN_ARGS");
        Process build = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertTrue(build.waitFor(3, TimeUnit.MINUTES), "still building after three minutes");

        String output = Files.readString(log, UTF_8);
        assertNotEquals(0, build.exitValue(), output);
        return output;
    }
}
