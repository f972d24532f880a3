package dev.zoetrope.app.fx;

import javafx.animation.AnimationTimer;

/** What the window draws, one after the other. */
public final class Frames {
    /** Then two are on the screen, and keys and clicks are taken. */
    public static final int DRAWN = 3;

    private Frames() {}

    /** Runs something on the JavaFX thread when that many more frames have begun. */
    public static void after(int frames, Runnable then) {
        new AnimationTimer() {
            private int left = frames;

            @Override
            public void handle(long now) {
                if (--left == 0) {
                    stop();
                    then.run();
                }
            }
        }.start();
    }
}
