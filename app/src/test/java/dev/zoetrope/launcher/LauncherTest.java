package dev.zoetrope.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.launcher.FakeMachine.Outcome;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code zoetrope} script in a small checkout, with a Maven that notes that it was called and a
 * Java that prints its arguments.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a POSIX shell script")
final class LauncherTest {
    private static final String FIRST_BUILD = "Building Zoetrope (first start: a few minutes)…\n";
    private static final String BUILD = "Building Zoetrope…\n";

    private FakeMachine machine;
    private Path checkout;

    @BeforeEach
    void setUp(@TempDir Path folder) throws IOException {
        machine = new FakeMachine(Files.createDirectories(folder.resolve("a machine")));
        Path jdk = machine.jdk("usr/lib/jvm/java-25", "25.0.1");
        FakeMachine.program(
                jdk.resolve("bin/java"),
                """
                echo "threads=$OMP_NUM_THREADS"
                for argument do
                  echo "[$argument]"
                done
                """);

        checkout = machine.path("check out");
        for (String script :
                List.of(
                        "zoetrope",
                        ".mvn/jdk.sh",
                        "model-runtime/src/main/resources/dev/zoetrope/engine/environment.sh")) {
            Path copy = checkout.resolve(script);
            Files.createDirectories(copy.getParent());
            Files.copy(FakeMachine.REPOSITORY.resolve(script), copy);
        }
        FakeMachine.program(
                checkout.resolve("mvnw"),
                """
                echo "$@" >>maven.log
                [ ! -e slow ] || sleep 0.5
                [ ! -e broken ] || { echo '[ERROR] it does not compile'; exit 1; }
                for argument do
                  case $argument in
                  -Dlauncher.classPathFile=*) file=${argument#*=} ;;
                  esac
                done
                mkdir -p app/target/classes
                printf %s "$PWD/one.jar:$PWD/two.jar" >"$file"
                """);
        for (String file :
                List.of(
                        "pom.xml",
                        "app/pom.xml",
                        "app/src/main/java/Main.java",
                        "app/src/main/java/Other.java",
                        "app/src/main/resources/data",
                        "one.jar",
                        "two.jar")) {
            Files.createDirectories(checkout.resolve(file).getParent());
            Files.writeString(checkout.resolve(file), file);
        }
        age(checkout);
    }

    @Test
    void theFirstStartBuildsAndSaysSo() throws Exception {
        Outcome outcome = start();

        assertEquals(0, outcome.status());
        assertEquals(FIRST_BUILD, outcome.err());
        assertEquals(1, builds());
    }

    @Test
    void theSecondStartRunsNoMavenAndSaysNothing() throws Exception {
        Outcome first = start();
        Outcome second = start();

        assertEquals("", second.err());
        assertEquals(first.out(), second.out());
        assertEquals(1, builds());
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws Exception {
        Outcome outcome = start("reconstruct", "my clip.mp4", "", "*", "$HOME");

        assertTrue(
                outcome.out()
                        .endsWith(
                                """
                                [dev.zoetrope.app.Main]
                                [reconstruct]
                                [my clip.mp4]
                                []
                                [*]
                                [$HOME]
                                """),
                outcome.out());
    }

    @Test
    void theCompiledClassesComeBeforeTheJars() throws Exception {
        String real = checkout.toRealPath().toString();

        assertTrue(
                start().out()
                        .contains(
                                "[%s/app/target/classes:%s/one.jar:%s/two.jar]"
                                        .formatted(real, real, real)));
    }

    @Test
    void aChangedSourceIsBuilt() throws Exception {
        start();
        Files.writeString(checkout.resolve("app/src/main/java/Main.java"), "changed");

        assertRebuilds();
    }

    @Test
    void aChangedPomIsBuilt() throws Exception {
        start();
        Files.writeString(checkout.resolve("app/pom.xml"), "changed");

        assertRebuilds();
    }

    @Test
    void aDeletedSourceIsNoticed() throws Exception {
        start();
        Files.delete(checkout.resolve("app/src/main/java/Other.java"));

        assertRebuilds();
    }

    @Test
    void aDeletedResourceLeavesTheCompiledClasses() throws Exception {
        start();
        Path copied = checkout.resolve("app/target/classes/data");
        Files.writeString(copied, "as Maven left it");
        Files.delete(checkout.resolve("app/src/main/resources/data"));

        assertRebuilds();

        assertFalse(Files.exists(copied));
    }

    @Test
    void aMissingJarIsFetchedAgain() throws Exception {
        start();
        Files.delete(checkout.resolve("two.jar"));

        assertEquals(BUILD, start().err());
    }

    @Test
    void cleanedClassesAreBuiltAgain() throws Exception {
        start();
        Files.delete(checkout.resolve("app/target/classes"));

        assertRebuilds();
    }

    @Test
    void aMovedCheckoutIsBuiltAgain() throws Exception {
        start();
        Path elsewhere = machine.path("elsewhere");
        Files.move(checkout, elsewhere);
        checkout = elsewhere;

        assertRebuilds();
    }

    @Test
    void aBuildThatFailsShowsMavensWordsAndStartsNothing() throws Exception {
        Files.createFile(checkout.resolve("broken"));

        Outcome outcome = start();

        assertEquals(1, outcome.status());
        assertEquals("", outcome.out());
        assertTrue(outcome.err().contains("[ERROR] it does not compile"), outcome.err());
        Files.delete(checkout.resolve("broken"));
        assertEquals(FIRST_BUILD, start().err());
    }

    @Test
    void startsFromAnyFolderAndThroughALink() throws Exception {
        start();
        Path link =
                Files.createSymbolicLink(machine.path("zoetrope"), checkout.resolve("zoetrope"));
        Path folderLink = Files.createSymbolicLink(machine.path("linked"), checkout);

        assertEquals("", machine.run(machine.path("home"), link.toString()).err());
        assertEquals(
                "", machine.run(machine.path("home"), folderLink.resolve("zoetrope") + "").err());
        assertEquals("", machine.run(machine.path("."), "./zoetrope").err());
    }

    @Test
    void simultaneousFirstStartsBuildOnce() throws Exception {
        Files.createFile(checkout.resolve("slow"));
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(machine.start(machine.path("home"), command()));
        }
        for (Process process : processes) {
            Outcome outcome = Outcome.of(process);
            assertEquals(0, outcome.status(), outcome.err());
            assertTrue(outcome.out().contains("[dev.zoetrope.app.Main]"), outcome.out());
        }

        assertEquals(1, builds());
    }

    @Test
    void theLockOfAKilledBuildIsBroken() throws Exception {
        Process dead = machine.start(machine.path("."), List.of("sh", "-c", ":"));
        dead.waitFor();
        Path lock = checkout.resolve("target/launcher/lock");
        Files.createDirectories(lock.getParent());
        Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));

        assertEquals(0, start().status());
        assertFalse(Files.isSymbolicLink(lock));
    }

    @Test
    void theNumberOfComputeThreadsCanBeChosen() throws Exception {
        machine.environment.put("OMP_NUM_THREADS", "3");

        assertTrue(start().out().startsWith("threads=3\n"));
    }

    private void assertRebuilds() throws Exception {
        Outcome outcome = start();
        assertEquals(BUILD, outcome.err());
        assertEquals(0, outcome.status());
        assertEquals(2, builds());
        assertEquals("", start().err());
    }

    private Outcome start(String... arguments) throws Exception {
        return machine.run(machine.path("home"), command(arguments));
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(checkout.resolve("zoetrope").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private int builds() throws IOException {
        return Files.readAllLines(checkout.resolve("maven.log")).size();
    }

    /** Makes everything a minute old, as a checkout is by the time it is started. */
    private static void age(Path folder) throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(60));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setLastModifiedTime(file, past);
            }
        }
    }
}
