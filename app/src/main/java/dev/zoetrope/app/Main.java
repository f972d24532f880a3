package dev.zoetrope.app;

import dev.zoetrope.cli.Zoetrope;

/** Starts Zoetrope: the window, or the command line when there are arguments. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            StudioMain.main(arguments);
        } else {
            System.exit(command(arguments));
        }
    }

    /** Apart from the end of the process, so that a rehearsal begins just as one does. */
    static int command(String... words) {
        return Zoetrope.start(words);
    }
}
