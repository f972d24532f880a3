package dev.zoetrope.app.player;

/** How an original and its reconstruction are laid out. */
public enum CompareMode {
    /** Two pictures next to each other, or one above the other where that is larger. */
    SIDE_BY_SIDE,
    /** One picture: the original left of a line that can be dragged, the reconstruction right. */
    WIPE,
    /** One picture: how far the two are apart, four times as bright. */
    DIFFERENCE
}
