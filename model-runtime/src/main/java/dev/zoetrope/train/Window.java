package dev.zoetrope.train;

/**
 * A part of a frame, in pixels of that frame; edges may lie between pixels.
 *
 * @param x left edge
 * @param y upper edge
 */
public record Window(double x, double y, double width, double height) {
    /** The window a fraction of the way from this one to another. */
    Window towards(Window other, double t) {
        return new Window(
                x + (other.x - x) * t,
                y + (other.y - y) * t,
                width + (other.width - width) * t,
                height + (other.height - height) * t);
    }
}
