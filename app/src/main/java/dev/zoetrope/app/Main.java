package dev.zoetrope.app;

import dev.zoetrope.cli.Zoetrope;
import dev.zoetrope.runtime.Version;

/** Starts Zoetrope: the window, or the command line when there are arguments. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            StudioMain.main(arguments);
        } else if (arguments.length == 1 && arguments[0].equals("--version")) {
            // Asked by scripts again and again, and known without looking at every command.
            System.out.println("zoetrope " + Version.NUMBER);
        } else {
            Zoetrope.main(arguments);
        }
    }
}
