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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code .mvn/jdk.sh}: which JDK it takes, and what it says when there is none. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a POSIX shell script")
final class JdkDiscoveryTest {
    private FakeMachine machine;

    @BeforeEach
    void setUp(@TempDir Path folder) throws IOException {
        machine = new FakeMachine(Files.createDirectories(folder.resolve("a machine")));
    }

    @Test
    void keepsAJavaHomeThatIsAJdkNewEnough() throws Exception {
        machine.jdk("usr/lib/jvm/jdk-25", "25.0.9");
        Path home = machine.jdk("anywhere/jdk-27", "27-ea");
        machine.environment.put("JAVA_HOME", home.toString());

        assertFinds(home);
    }

    @Test
    void replacesAJavaHomeThatIsTooOld() throws Exception {
        Path good = machine.jdk("usr/lib/jvm/temurin-25", "25.0.1");
        machine.environment.put("JAVA_HOME", machine.jdk("old", "17.0.15").toString());

        assertFinds(good);
    }

    @Test
    void replacesAJavaHomeThatIsNotThere() throws Exception {
        Path good = machine.jdk("usr/lib/jvm/temurin-25", "25.0.1");
        machine.environment.put("JAVA_HOME", machine.path("removed").toString());

        assertFinds(good);
    }

    @Test
    void takesTheJavaOnThePathWhenItSuits() throws Exception {
        machine.jdk("usr/lib/jvm/jdk-25", "25.0.9");
        Path onPath = machine.jdk("my/jdk 26", "26.0.1");
        machine.onPath(onPath);

        assertFinds(onPath);
    }

    @Test
    void looksFurtherWhenTheJavaOnThePathIsTooOld() throws Exception {
        machine.onPath(machine.jdk("usr/lib/jvm/java-17", "17.0.15"));
        Path good = machine.jdk("usr/lib/jvm/java-25", "25.0.3");

        assertFinds(good);
    }

    @Test
    void takesTheVariableOfABuildService() throws Exception {
        Path good = machine.jdk("hosted tools/25", "25.0.3");
        machine.environment.put("JAVA_HOME_25_X64", good.toString());
        machine.environment.put("JAVA_HOME_17_X64", machine.jdk("17", "17.0.1").toString());

        assertFinds(good);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usr/lib/jvm/temurin-25-jdk-amd64",
                "usr/java/jdk-25",
                "usr/local/jdk-25",
                "opt/jdk-25.0.1",
                "opt/java/openjdk",
                "opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home",
                "Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
                "home/.jdks/openjdk-25",
                "home/.gradle/jdks/eclipse_adoptium-25",
                "home/.sdkman/candidates/java/25.0.1-tem",
                "home/.asdf/installs/java/temurin-25.0.1",
                "home/.local/share/mise/installs/java/25",
            })
    void looksInTheUsualPlaces(String place) throws Exception {
        assertFinds(machine.jdk(place, "25.0.1"));
    }

    @Test
    void prefersTheTestedReleaseAndItsNewestUpdate() throws Exception {
        machine.jdk("usr/lib/jvm/a", "26.0.1");
        machine.jdk("usr/lib/jvm/b", "25.0.9");
        Path newest = machine.jdk("usr/lib/jvm/c", "25.0.10.1");
        machine.jdk("usr/lib/jvm/d", "25.0.10");
        machine.jdk("usr/lib/jvm/e", "25");

        assertFinds(newest);
    }

    @Test
    void takesALaterReleaseWhenThatIsAllThereIs() throws Exception {
        machine.jdk("usr/lib/jvm/a", "27-ea");
        Path nearest = machine.jdk("usr/lib/jvm/b", "26.0.1");

        assertFinds(nearest);
    }

    @Test
    void aRuntimeWithoutACompilerDoesNotDo() throws Exception {
        Path runtime = machine.runtime("usr/lib/jvm/jre-25", "25.0.1");
        machine.environment.put("JAVA_HOME", runtime.toString());

        Outcome outcome = find();

        assertEquals(1, outcome.status());
        assertTrue(
                outcome.err().contains("25.0.1, a runtime without javac, in " + runtime),
                outcome.err());
    }

    @Test
    void saysWhatToInstallAndWhereToGetIt() throws Exception {
        Path old = machine.jdk("usr/lib/jvm/java-17", "17.0.15");

        Outcome outcome = find();

        assertEquals(1, outcome.status());
        assertEquals("", outcome.out());
        assertTrue(outcome.err().contains("needs a JDK 25"), outcome.err());
        assertTrue(outcome.err().contains("17.0.15 in " + old), outcome.err());
        assertTrue(
                outcome.err().contains("https://adoptium.net/temurin/releases/?version=25"),
                outcome.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"apt-get", "dnf", "zypper", "pacman"})
    void namesThePackageOfTheSystemAtHand(String packageTool) throws Exception {
        FakeMachine.program(machine.tools().resolve(packageTool), "");
        Files.delete(machine.tools().resolve("uname"));
        FakeMachine.program(machine.tools().resolve("uname"), "echo Linux\n");

        String err = find().err();

        String command = packageTool.equals("apt-get") ? "apt" : packageTool;
        assertTrue(err.contains("  sudo " + command + " "), err);
    }

    @Test
    void namesHomebrewOnAMac() throws Exception {
        Files.delete(machine.tools().resolve("uname"));
        FakeMachine.program(machine.tools().resolve("uname"), "echo Darwin\n");

        String err = find().err();

        assertTrue(err.contains("brew install --cask temurin@25"), err);
    }

    @Test
    void leavesTheCallersShellAsItWas() throws Exception {
        machine.jdk("usr/lib/jvm/java-25", "25.0.3");

        Outcome outcome =
                machine.run(
                        machine.path("."),
                        "sh",
                        "-c",
                        "set -euf; IFS=:; before=$-; . \"$0\"; [ \"$-$IFS\" = \"$before:\" ]",
                        script());

        assertEquals(new Outcome(0, "", ""), outcome);
    }

    @Test
    void theMavenWrapperUsesIt() throws Exception {
        Outcome outcome =
                machine.run(
                        machine.path("."),
                        "sh",
                        FakeMachine.REPOSITORY.resolve("mvnw").toString(),
                        "--version");

        assertEquals(1, outcome.status());
        assertTrue(outcome.err().startsWith("Zoetrope needs a JDK 25"), outcome.err());
        assertFalse(outcome.out().contains("Apache Maven"), outcome.out());
    }

    private void assertFinds(Path home) throws Exception {
        assertEquals(new Outcome(0, home + "\n", ""), find());
    }

    private Outcome find() throws Exception {
        return machine.run(
                machine.path("."), "sh", "-c", "set -eu; . \"$0\"; printenv JAVA_HOME", script());
    }

    private static String script() {
        return FakeMachine.REPOSITORY.resolve(".mvn/jdk.sh").toString();
    }
}
