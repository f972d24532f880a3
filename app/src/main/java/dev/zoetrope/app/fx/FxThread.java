package dev.zoetrope.app.fx;

import javafx.application.Platform;

import java.util.concurrent.Executor;

/** The JavaFX application thread. */
public final class FxThread {
    /** Runs later on the JavaFX thread, in the order of the calls. */
    public static final Executor LATER = Platform::runLater;

    private FxThread() {}
}
