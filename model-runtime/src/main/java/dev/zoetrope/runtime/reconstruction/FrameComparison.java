package dev.zoetrope.runtime.reconstruction;

import dev.zoetrope.runtime.media.Frame;

import java.nio.ByteBuffer;

/** Measures how close two frames are. */
public final class FrameComparison {
    private static final double PEAK = 255;
    private static final double C1 = square(0.01 * PEAK);
    private static final double C2 = square(0.03 * PEAK);
    private static final int RADIUS = 5;
    private static final float[] WINDOW = gaussian();

    private FrameComparison() {}

    /**
     * PSNR over all channels and SSIM of luma.
     *
     * @throws IllegalArgumentException when the sizes differ
     */
    public static FrameQuality compare(Frame a, Frame b) {
        requireOneSize(a, b);
        return new FrameQuality(psnr(meanSquaredError(a, b)), ssim(a, b));
    }

    /**
     * By how much a value of two frames of one size differs at most, of 255.
     *
     * @throws IllegalArgumentException when the sizes differ
     */
    public static int largestDifference(Frame a, Frame b) {
        requireOneSize(a, b);
        ByteBuffer x = a.rgb();
        ByteBuffer y = b.rgb();
        int largest = 0;
        for (int i = 0; i < x.limit(); i++) {
            largest = Math.max(largest, Math.abs((x.get(i) & 255) - (y.get(i) & 255)));
        }
        return largest;
    }

    private static void requireOneSize(Frame a, Frame b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new IllegalArgumentException(
                    "frames of %d x %d and %d x %d"
                            .formatted(a.width(), a.height(), b.width(), b.height()));
        }
    }

    /** Decibels of a mean squared error of 8-bit values; infinite for 0. */
    public static double psnr(double meanSquaredError) {
        return 10 * Math.log10(PEAK * PEAK / meanSquaredError);
    }

    /** The inverse of {@link #psnr}. */
    public static double meanSquaredError(double psnr) {
        return PEAK * PEAK * Math.pow(10, -psnr / 10);
    }

    private static double meanSquaredError(Frame a, Frame b) {
        ByteBuffer x = a.rgb();
        ByteBuffer y = b.rgb();
        long sum = 0;
        int n = x.remaining();
        for (int i = 0; i < n; i++) {
            int d = (x.get(i) & 255) - (y.get(i) & 255);
            sum += (long) d * d;
        }
        return (double) sum / n;
    }

    /** Mean over all pixels; beyond the edges the edge is repeated. */
    private static double ssim(Frame a, Frame b) {
        int w = a.width();
        int h = a.height();
        float[] x = luma(a);
        float[] y = luma(b);
        float[] mx = blur(x, w, h);
        float[] my = blur(y, w, h);
        float[] xx = blur(product(x, x), w, h);
        float[] yy = blur(product(y, y), w, h);
        float[] xy = blur(product(x, y), w, h);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double covariance = xy[i] - (double) mx[i] * my[i];
            double variances = xx[i] - (double) mx[i] * mx[i] + yy[i] - (double) my[i] * my[i];
            double luminance =
                    (2.0 * mx[i] * my[i] + C1)
                            / ((double) mx[i] * mx[i] + (double) my[i] * my[i] + C1);
            sum += luminance * (2 * covariance + C2) / (variances + C2);
        }
        return sum / x.length;
    }

    /** BT.601 luma, 0 to 255. */
    private static float[] luma(Frame frame) {
        ByteBuffer rgb = frame.rgb();
        float[] luma = new float[frame.width() * frame.height()];
        for (int i = 0, at = 0; i < luma.length; i++, at += 3) {
            luma[i] =
                    0.299f * (rgb.get(at) & 255)
                            + 0.587f * (rgb.get(at + 1) & 255)
                            + 0.114f * (rgb.get(at + 2) & 255);
        }
        return luma;
    }

    private static float[] product(float[] x, float[] y) {
        float[] product = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            product[i] = x[i] * y[i];
        }
        return product;
    }

    private static float[] blur(float[] x, int w, int h) {
        float[] rows = new float[x.length];
        float[] padded = new float[w + 2 * RADIUS];
        for (int row = 0; row < h; row++) {
            for (int i = 0; i < padded.length; i++) {
                padded[i] = x[row * w + Math.clamp(i - RADIUS, 0, w - 1)];
            }
            for (int t = 0; t < WINDOW.length; t++) {
                for (int i = 0; i < w; i++) {
                    rows[row * w + i] += WINDOW[t] * padded[i + t];
                }
            }
        }
        float[] out = new float[x.length];
        for (int row = 0; row < h; row++) {
            for (int t = 0; t < WINDOW.length; t++) {
                int from = Math.clamp(row + t - RADIUS, 0, h - 1) * w;
                for (int i = 0; i < w; i++) {
                    out[row * w + i] += WINDOW[t] * rows[from + i];
                }
            }
        }
        return out;
    }

    private static float[] gaussian() {
        float[] window = new float[2 * RADIUS + 1];
        double sum = 0;
        for (int i = -RADIUS; i <= RADIUS; i++) {
            sum += Math.exp(-i * i / (2 * 1.5 * 1.5));
        }
        for (int i = -RADIUS; i <= RADIUS; i++) {
            window[i + RADIUS] = (float) (Math.exp(-i * i / (2 * 1.5 * 1.5)) / sum);
        }
        return window;
    }

    private static double square(double x) {
        return x * x;
    }
}
