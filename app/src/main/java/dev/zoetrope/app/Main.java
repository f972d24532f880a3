package dev.zoetrope.app;

import dev.zoetrope.cli.Zoetrope;

import javafx.application.Application;

/** Starts Zoetrope: the window, or the command line when there are arguments. */
public final class Main {
    private Main() {}

    /** Not in the {@link Application} itself, which the class path cannot start. */
    public static void main(String[] arguments) {
        if (arguments.length == 0) {
            Application.launch(StudioApplication.class);
        } else {
            Zoetrope.main(arguments);
        }
    }
}
