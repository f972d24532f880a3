package dev.zoetrope.app.fx;

import javafx.application.Platform;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The JavaFX application thread. */
public final class FxThread {
    /** Runs later on the JavaFX thread, in the order of the calls. */
    public static final Executor LATER = Platform::runLater;

    /**
     * Runs on the JavaFX thread a tenth of a second later, so that what has gathered until then can
     * be shown at once.
     */
    public static final Executor PACED =
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, LATER);

    /** Runs on the JavaFX thread after some seconds. */
    public static final Executor SECONDS_LATER =
            CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS, LATER);

    private FxThread() {}
}
