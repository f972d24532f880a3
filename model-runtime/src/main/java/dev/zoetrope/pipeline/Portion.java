package dev.zoetrope.pipeline;

/** How much of a clip a codec works on at once. */
public enum Portion {
    /** As much as it does best with. */
    USUAL("as usual"),
    /** Tiles of the reference, which take the same memory for clips of any size. */
    TILES("the clip is taken in tiles"),
    /** As little as makes sense. */
    SMALLEST("smaller pieces are taken at once");

    private final String text;

    Portion(String text) {
        this.text = text;
    }

    /** What is done, the end of a sentence. */
    String text() {
        return text;
    }
}
