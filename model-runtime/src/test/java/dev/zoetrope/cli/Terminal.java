package dev.zoetrope.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * What one command line left behind.
 *
 * @param exit its exit code
 * @param out what it printed to stdout
 * @param err what it printed to stderr
 */
record Terminal(int exit, String out, String err) {

    /** Starts the words in a process of their own. */
    static Process start(Path folder, Object... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dai.djl.offline=true");
        command.add("-cp");
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(Zoetrope.class.getName());
        command.addAll(List.of(strings(words)));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String[] strings(Object... words) {
        return Stream.of(words).map(String::valueOf).toArray(String[]::new);
    }

    /** Runs the words as a person would type them after {@code zoetrope}. */
    static Terminal run(Object... words) {
        String[] args = strings(words);
        return of(() -> Zoetrope.run(args));
    }

    /** Does what gives an exit code. */
    static Terminal of(IntSupplier command) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
            int exit = command.getAsInt();
            return new Terminal(
                    exit,
                    toOut.toString(StandardCharsets.UTF_8),
                    toErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
