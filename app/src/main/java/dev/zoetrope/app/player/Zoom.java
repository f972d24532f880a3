package dev.zoetrope.app.player;

/** How large a picture is. */
public enum Zoom {
    /** As large as there is room. */
    FIT,
    /** One pixel of the clip on one pixel of the screen. */
    ACTUAL_SIZE
}
