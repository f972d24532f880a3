package dev.zoetrope.app;

import javafx.application.Application;

/** Starts the window, as desktops do: with what is to be opened, if anything. */
public final class StudioMain {
    private StudioMain() {}

    /**
     * Not in the {@link Application} itself, which the class path cannot start.
     *
     * @param files clips and models
     */
    public static void main(String[] files) {
        launch(StudioApplication.class, files);
    }

    static void launch(Class<? extends StudioApplication> studio, String... files) {
        HeadStart.take();
        Application.launch(studio, files);
    }
}
