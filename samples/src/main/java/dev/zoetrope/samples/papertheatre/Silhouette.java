package dev.zoetrope.samples.papertheatre;

import com.google.common.base.Suppliers;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A glyph as a signed distance field: one sample tells how far a point is inside or outside, so
 * that crisp edges, soft shadows and paper rims at any size and angle all come from the same grid.
 */
final class Silhouette {
    /** The field reaches this far from the centre; the glyph itself reaches 0.5. */
    private static final float REACH = 0.75f;

    private static final int CELLS_PER_UNIT = 192;
    private static final int SIDE = (int) (2 * REACH * CELLS_PER_UNIT);

    private static final Map<Subject, Silhouette> CUT = new ConcurrentHashMap<>();
    private static final Supplier<GlyphFont> FONT = Suppliers.memoize(GlyphFont::materialDesign);

    private final float[] field = new float[SIDE * SIDE];
    private final float halfWidth;
    private final float halfHeight;
    private final float area;
    private final float centroidX;
    private final float centroidY;

    private Silhouette(List<float[]> polygons) {
        halfWidth = reach(polygons, 0);
        halfHeight = reach(polygons, 1);
        int inside = 0;
        double sumX = 0;
        double sumY = 0;
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                float x = (column + 0.5f) / CELLS_PER_UNIT - REACH;
                float y = (row + 0.5f) / CELLS_PER_UNIT - REACH;
                float distance = distance(polygons, x, y);
                field[row * SIDE + column] = distance;
                if (distance > 0) {
                    inside++;
                    sumX += x;
                    sumY += y;
                }
            }
        }
        area = (float) inside / (CELLS_PER_UNIT * CELLS_PER_UNIT);
        centroidX = (float) (sumX / inside);
        centroidY = (float) (sumY / inside);
    }

    /** Cut once per process. */
    static Silhouette of(Subject subject) {
        return CUT.computeIfAbsent(subject, s -> new Silhouette(FONT.get().outline(s.codePoint())));
    }

    /**
     * Distance to the edge in units of the glyph's longer side, positive inside; x and y from the
     * centre in the same units.
     */
    float distance(float x, float y) {
        float column = clamp((x + REACH) * CELLS_PER_UNIT - 0.5f);
        float row = clamp((y + REACH) * CELLS_PER_UNIT - 0.5f);
        int c = (int) column;
        int r = (int) row;
        float fx = column - c;
        float fy = row - r;
        int at = r * SIDE + c;
        float top = field[at] + (field[at + 1] - field[at]) * fx;
        float bottom = field[at + SIDE] + (field[at + SIDE + 1] - field[at + SIDE]) * fx;
        return top + (bottom - top) * fy;
    }

    /** Half the width of the glyph's box in units of its longer side; at most 0.5. */
    float halfWidth() {
        return halfWidth;
    }

    /** Half the height of the glyph's box in units of its longer side; at most 0.5. */
    float halfHeight() {
        return halfHeight;
    }

    /** Of the glyph, in units of its longer side squared. */
    float area() {
        return area;
    }

    /** From the centre of the glyph's box, in units of its longer side. */
    float centroidX() {
        return centroidX;
    }

    /** From the centre of the glyph's box, in units of its longer side. */
    float centroidY() {
        return centroidY;
    }

    private static float reach(List<float[]> polygons, int axis) {
        float reach = 0;
        for (float[] p : polygons) {
            for (int i = axis; i < p.length; i += 2) {
                reach = Math.max(reach, Math.abs(p[i]));
            }
        }
        return reach;
    }

    private static float clamp(float cell) {
        return Math.clamp(cell, 0f, SIDE - 1.001f);
    }

    private static float distance(List<float[]> polygons, float x, float y) {
        float nearest = Float.MAX_VALUE;
        int winding = 0;
        for (float[] p : polygons) {
            float x0 = p[p.length - 2];
            float y0 = p[p.length - 1];
            for (int i = 0; i < p.length; i += 2) {
                float x1 = p[i];
                float y1 = p[i + 1];
                float dx = x1 - x0;
                float dy = y1 - y0;
                float length = dx * dx + dy * dy;
                if (length > 0) {
                    float t = Math.clamp(((x - x0) * dx + (y - y0) * dy) / length, 0f, 1f);
                    float ex = x - (x0 + t * dx);
                    float ey = y - (y0 + t * dy);
                    nearest = Math.min(nearest, ex * ex + ey * ey);
                    boolean right = dx * (y - y0) - dy * (x - x0) > 0;
                    if (y0 <= y && y1 > y && right) {
                        winding++;
                    } else if (y0 > y && y1 <= y && !right) {
                        winding--;
                    }
                }
                x0 = x1;
                y0 = y1;
            }
        }
        float distance = (float) Math.sqrt(nearest);
        return winding != 0 ? distance : -distance;
    }
}
