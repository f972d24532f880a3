package dev.zoetrope.samples.papertheatre;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A film's subject, told from its backdrop.
 *
 * @param colour the sheet that most of what is not backdrop was cut from; empty when all is
 *     backdrop
 * @param outlines by frame
 */
record Tracing(Optional<Colour> colour, List<Outline> outlines) {
    /** How far paper in a clip may be from its colour, in 0..255. */
    private static final float REACH = 90;

    private static final float SHADOW = 0.7f;

    /** In pixels; as wide as a clip is blurred. */
    private static final int EDGE = 3;

    static Tracing of(Film film, Look look) {
        List<Colour> colours =
                Arrays.stream(Colour.values()).filter(look.backdrop()::shows).toList();
        int pixels = film.width() * film.height();
        List<byte[]> labels = new ArrayList<>();
        int[] counts = new int[colours.size()];
        for (float[] frame : film.rgb()) {
            byte[] labelled = new byte[pixels];
            for (int i = 0; i < pixels; i++) {
                int row = i / film.width();
                labelled[i] = label(frame, i, (row + 0.5f) / film.height(), colours, look);
            }
            labels.add(labelled);
            for (int i = 0; i < pixels; i++) {
                if (isInterior(labelled, i, film.width())) {
                    counts[labelled[i]]++;
                }
            }
        }
        int chosen = 0;
        for (int c = 1; c < counts.length; c++) {
            chosen = counts[c] > counts[chosen] ? c : chosen;
        }
        float[] paper = mean(film, labels, chosen);
        float[] behind = behind(film, labels);
        List<Outline> outlines = new ArrayList<>();
        for (float[] frame : film.rgb()) {
            boolean[] inside = new boolean[pixels];
            for (int i = 0; i < pixels; i++) {
                inside[i] = covers(frame, behind, 3 * i, paper);
            }
            outlines.add(Outline.of(film.width(), film.height(), inside));
        }
        return new Tracing(
                counts[chosen] > 0 ? Optional.of(colours.get(chosen)) : Optional.empty(), outlines);
    }

    /**
     * Which of the colours a pixel is nearest to; -1 where it is nearer to the backdrop.
     *
     * @param height 0 at the top, 1 at the bottom
     */
    private static byte label(
            float[] frame, int pixel, float height, List<Colour> colours, Look look) {
        float r = frame[3 * pixel];
        float g = frame[3 * pixel + 1];
        float b = frame[3 * pixel + 2];
        float nearest = REACH * REACH;
        byte label = -1;
        for (byte c = 0; c < colours.size(); c++) {
            int rgb = colours.get(c).rgb();
            float dr = r - (rgb >> 16);
            float dg = g - ((rgb >> 8) & 255);
            float db = b - (rgb & 255);
            float distance = dr * dr + dg * dg + db * db;
            if (distance < nearest) {
                nearest = distance;
                label = c;
            }
        }
        return label >= 0 && look.has(height, r, g, b, nearest) ? -1 : label;
    }

    /** Edges may be of any colour between the subject's and its backdrop's. */
    private static boolean isInterior(byte[] labels, int pixel, int width) {
        int column = pixel % width;
        return column >= EDGE
                && column + EDGE < width
                && pixel >= EDGE * width
                && pixel + EDGE * width < labels.length
                && labels[pixel] >= 0
                && labels[pixel - EDGE] >= 0
                && labels[pixel + EDGE] >= 0
                && labels[pixel - EDGE * width] >= 0
                && labels[pixel + EDGE * width] >= 0;
    }

    private static float[] mean(Film film, List<byte[]> labels, int chosen) {
        double[] sum = new double[3];
        long count = 0;
        for (int f = 0; f < film.frames(); f++) {
            float[] frame = film.rgb().get(f);
            for (int i = 0; i < labels.get(f).length; i++) {
                if (labels.get(f)[i] == chosen) {
                    count++;
                    for (int c = 0; c < 3; c++) {
                        sum[c] += frame[3 * i + c];
                    }
                }
            }
        }
        float[] mean = new float[3];
        for (int c = 0; c < 3; c++) {
            mean[c] = (float) (sum[c] / Math.max(1, count));
        }
        return mean;
    }

    /**
     * The stage without the subject: the usual one of the moments when it was not there, and where
     * it always was, the nearest pixel in the row.
     */
    private static float[] behind(Film film, List<byte[]> labels) {
        int pixels = film.width() * film.height();
        float[] behind = new float[3 * pixels];
        boolean[] known = new boolean[pixels];
        float[] seen = new float[film.frames()];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < 3; c++) {
                int count = 0;
                for (int f = 0; f < film.frames(); f++) {
                    if (labels.get(f)[i] < 0) {
                        seen[count++] = film.rgb().get(f)[3 * i + c];
                    }
                }
                if (count > 0) {
                    Arrays.sort(seen, 0, count);
                    // Rather the brighter ones: shadows pass.
                    behind[3 * i + c] = seen[count * 2 / 3];
                    known[i] = true;
                }
            }
        }
        for (int i = 0; i < pixels; i++) {
            if (!known[i]) {
                int begin = i / film.width() * film.width();
                for (int d = 1; d < film.width(); d++) {
                    int left = i - d;
                    int right = i + d;
                    int at = left >= begin && known[left] ? left : right;
                    if (at < begin + film.width() && known[at]) {
                        System.arraycopy(behind, 3 * at, behind, 3 * i, 3);
                        break;
                    }
                }
            }
        }
        return behind;
    }

    /** Whether a pixel is nearer to the paper than to what is behind it, lit or in shadow. */
    private static boolean covers(float[] frame, float[] behind, int at, float[] paper) {
        double along = 0;
        double length = 0;
        for (int c = 0; c < 3; c++) {
            along += frame[at + c] * behind[at + c];
            length += behind[at + c] * behind[at + c];
        }
        double light = Math.clamp(along / Math.max(1, length), SHADOW, 1.0);
        double away = 0;
        double near = 0;
        for (int c = 0; c < 3; c++) {
            double b = frame[at + c] - light * behind[at + c];
            double p = frame[at + c] - paper[c];
            away += b * b;
            near += p * p;
        }
        return near < away;
    }
}
