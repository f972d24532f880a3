package dev.zoetrope.app.player;

/**
 * Where frames lie on a horizontal line, shared by everything that has one so that all agree: each
 * frame has an equally wide piece.
 *
 * @param frames how many there are, at least 1
 * @param width of the line, pixels
 */
record FrameScale(int frames, double width) {
    /** Left edge of a frame's piece. */
    double left(int index) {
        return width * index / frames;
    }

    /** Middle of a frame's piece. */
    double middle(int index) {
        return width * (index + 0.5) / frames;
    }

    /** The edge between two pieces that is nearest to a position: how many frames lie before it. */
    int edge(double x) {
        return Math.clamp(Math.round(x / width * frames), 0, frames);
    }

    /** The frame whose piece holds a position; the first or last for positions beyond them. */
    int at(double x) {
        return (int) Math.clamp(Math.floor(x / width * frames), 0, frames - 1);
    }
}
