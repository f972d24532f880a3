package dev.zoetrope.runtime.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * How a coded picture lies to the shown one: rows and columns exchanged or not, then mirrored along
 * either axis. Cameras write one of these eight; other angles are rounded to the nearest of them.
 */
record Orientation(boolean transposed, boolean mirroredX, boolean mirroredY) {
    static final Orientation UPRIGHT = new Orientation(false, false, false);

    /** Bytes of a display matrix: nine 32-bit numbers. */
    private static final int MATRIX_BYTES = 36;

    /**
     * Reads FFmpeg's display matrix: a coded point (p, q) is shown at (a p + c q, b p + d q), up to
     * a shift; a, b, c, d are numbers 0, 1, 3 and 4, q and the result count downwards.
     */
    static Orientation of(ByteBuffer matrix) {
        if (matrix.remaining() < MATRIX_BYTES) {
            return UPRIGHT;
        }
        IntBuffer numbers = matrix.order(ByteOrder.nativeOrder()).asIntBuffer();
        long a = numbers.get(0);
        long b = numbers.get(1);
        long c = numbers.get(3);
        long d = numbers.get(4);
        return Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d)
                ? new Orientation(true, c < 0, b < 0)
                : new Orientation(false, a < 0, d < 0);
    }

    /**
     * Lays a coded picture down as it is shown.
     *
     * @param coded {@code channels} bytes per pixel, rows of the shown width, or of the shown
     *     height when transposed; with four channels the fourth is opacity and the picture is laid
     *     on black
     * @param shown 3 bytes per pixel, filled completely
     */
    void lay(ByteBuffer coded, int channels, ByteBuffer shown, int width, int height) {
        int codedWidth = transposed ? height : width;
        int columnStep = (transposed ? codedWidth : 1) * channels;
        int rowStep = (transposed ? 1 : codedWidth) * channels;
        int start =
                (mirroredX ? (width - 1) * columnStep : 0)
                        + (mirroredY ? (height - 1) * rowStep : 0);
        int right = mirroredX ? -columnStep : columnStep;
        int down = mirroredY ? -rowStep : rowStep;
        int to = 0;
        for (int y = 0; y < height; y++) {
            int from = start + y * down;
            for (int x = 0; x < width; x++, from += right, to += 3) {
                if (channels == 3) {
                    shown.put(to, coded.get(from));
                    shown.put(to + 1, coded.get(from + 1));
                    shown.put(to + 2, coded.get(from + 2));
                } else {
                    int opacity = coded.get(from + 3) & 0xff;
                    shown.put(to, onBlack(coded.get(from), opacity));
                    shown.put(to + 1, onBlack(coded.get(from + 1), opacity));
                    shown.put(to + 2, onBlack(coded.get(from + 2), opacity));
                }
            }
        }
    }

    private static byte onBlack(byte level, int opacity) {
        return (byte) (((level & 0xff) * opacity + 127) / 255);
    }
}
