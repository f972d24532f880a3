package dev.zoetrope.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What one command line left behind.
 *
 * @param exit its exit code
 * @param out what it printed to stdout
 * @param err what it printed to stderr
 */
record Terminal(int exit, String out, String err) {

    /** Runs the words as a person would type them after {@code zoetrope}. */
    static Terminal run(Object... words) {
        String[] args = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            args[i] = words[i] instanceof Path path ? path.toString() : String.valueOf(words[i]);
        }
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
            int exit = Zoetrope.run(args);
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
