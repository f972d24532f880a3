package dev.zoetrope.samples.papertheatre;

/** Where the subject is in one frame. */
final class Outline {
    private static final int CRUMBS = 20;

    private final int width;
    private final int height;
    private final boolean[] inside;
    private final int area;
    private final float x;
    private final float y;

    /**
     * The subject without crumbs, which are parts smaller than a twentieth of the largest.
     *
     * @param inside what may be it, (H, W)
     */
    static Outline of(int width, int height, boolean[] inside) {
        int[] part = new int[inside.length];
        int[] queue = new int[inside.length];
        int[] sizes = new int[inside.length + 1];
        int parts = 0;
        int largest = 0;
        for (int start = 0; start < inside.length; start++) {
            if (!inside[start] || part[start] != 0) {
                continue;
            }
            parts++;
            int head = 0;
            int tail = 0;
            queue[tail++] = start;
            part[start] = parts;
            while (head < tail) {
                int i = queue[head++];
                int column = i % width;
                int[] next = {
                    column > 0 ? i - 1 : -1,
                    column + 1 < width ? i + 1 : -1,
                    i - width,
                    i + width < inside.length ? i + width : -1
                };
                for (int n : next) {
                    if (n >= 0 && inside[n] && part[n] == 0) {
                        part[n] = parts;
                        queue[tail++] = n;
                    }
                }
            }
            sizes[parts] = tail;
            largest = Math.max(largest, tail);
        }
        boolean[] kept = new boolean[inside.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = part[i] != 0 && sizes[part[i]] * CRUMBS >= largest;
        }
        return new Outline(width, height, kept);
    }

    private Outline(int width, int height, boolean[] inside) {
        this.width = width;
        this.height = height;
        this.inside = inside;
        int count = 0;
        double sumX = 0;
        double sumY = 0;
        for (int i = 0; i < inside.length; i++) {
            if (inside[i]) {
                int row = i / width;
                count++;
                sumX += i % width + 0.5;
                sumY += row + 0.5;
            }
        }
        area = count;
        x = (float) (sumX / Math.max(1, count));
        y = (float) (sumY / Math.max(1, count));
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** In pixels. */
    int area() {
        return area;
    }

    /** Column of the centroid. */
    float x() {
        return x;
    }

    /** Row of the centroid. */
    float y() {
        return y;
    }

    /** Whether a pixel shows the subject; none beyond the frame does. */
    boolean at(int column, int row) {
        return column >= 0
                && row >= 0
                && column < width
                && row < height
                && inside[row * width + column];
    }

    /** Its pixels at the edges of the frame, beyond which some of it may be. */
    int cut() {
        int count = 0;
        for (int i = 0; i < width; i++) {
            count += (at(i, 0) ? 1 : 0) + (at(i, height - 1) ? 1 : 0);
        }
        for (int i = 0; i < height; i++) {
            count += (at(0, i) ? 1 : 0) + (at(width - 1, i) ? 1 : 0);
        }
        return count;
    }

    /** Itself about its centroid, (angles, radii): each pixel's distance, 0 outside. */
    float[] polar(int angles, int radii, float reach) {
        float[] polar = new float[angles * radii];
        for (int a = 0; a < angles; a++) {
            double angle = 2 * Math.PI * a / angles;
            float cos = (float) StrictMath.cos(angle);
            float sin = (float) StrictMath.sin(angle);
            for (int r = 0; r < radii; r++) {
                float distance = reach * (r + 0.5f) / radii;
                int column = (int) Math.floor(x + cos * distance);
                int row = (int) Math.floor(y + sin * distance);
                polar[a * radii + r] = at(column, row) ? distance : 0;
            }
        }
        return polar;
    }
}
