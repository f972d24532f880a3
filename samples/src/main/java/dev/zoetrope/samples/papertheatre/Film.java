package dev.zoetrope.samples.papertheatre;

import dev.zoetrope.runtime.media.Frame;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A clip as a critic looks at it: no larger than it was learned, however large it is shown.
 *
 * @param rgb per frame, (H, W, 3) in 0..255
 */
record Film(int width, int height, List<float[]> rgb) {
    private static final int LONGER_SIDE = 128;

    static Film of(List<Frame> frames) {
        int width = frames.getFirst().width();
        int height = frames.getFirst().height();
        float scale = Math.min(1, (float) LONGER_SIDE / Math.max(width, height));
        int w = Math.max(1, Math.round(width * scale));
        int h = Math.max(1, Math.round(height * scale));
        return new Film(w, h, frames.stream().map(frame -> reduced(frame, w, h)).toList());
    }

    int frames() {
        return rgb.size();
    }

    /** Mean of the pixels that fall into each, wholly or in part. */
    private static float[] reduced(Frame frame, int width, int height) {
        float[] rows = new float[3 * width * frame.height()];
        ByteBuffer rgb = frame.rgb();
        float[] line = new float[3 * frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            for (int i = 0; i < line.length; i++) {
                line[i] = rgb.get(y * line.length + i) & 255;
            }
            reduce(line, frame.width(), 3, rows, 3 * y * width, width);
        }
        float[] result = new float[3 * width * height];
        reduce(rows, frame.height(), 3 * width, result, 0, height);
        return result;
    }

    /** Box filter along the first of two axes; {@code inner} values lie together. */
    private static void reduce(
            float[] from, int count, int inner, float[] to, int offset, int wanted) {
        double step = (double) count / wanted;
        for (int i = 0; i < wanted; i++) {
            double begin = i * step;
            double end = begin + step;
            for (int j = (int) begin; j < Math.min(count, Math.ceil(end - 1e-9)); j++) {
                float share = (float) ((Math.min(end, j + 1) - Math.max(begin, j)) / step);
                for (int c = 0; c < inner; c++) {
                    to[offset + i * inner + c] += share * from[j * inner + c];
                }
            }
        }
    }
}
