package dev.zoetrope.app.player;

import javafx.scene.image.Image;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One frame of a comparison as three images over memory that is written directly. A set is filled
 * by one thread while it is on no screen, then shown by the JavaFX thread.
 */
final class Pictures {
    private static final int DIFFERENCE_GAIN = 4;

    private final Comparison comparison;
    private final PixelBuffer<ByteBuffer> original;
    private final PixelBuffer<ByteBuffer> reconstruction;
    private final PixelBuffer<ByteBuffer> difference;
    private final Image originalImage;
    private final Image reconstructionImage;
    private final Image differenceImage;
    private int index = Playback.NONE;

    Pictures(Comparison comparison) {
        this.comparison = comparison;
        original = buffer(comparison.frames());
        reconstruction = buffer(comparison.frames());
        difference = buffer(comparison.frames());
        originalImage = new WritableImage(original);
        reconstructionImage = new WritableImage(reconstruction);
        differenceImage = new WritableImage(difference);
    }

    private static PixelBuffer<ByteBuffer> buffer(FrameStore frames) {
        var memory =
                ByteBuffer.allocateDirect(frames.pictureBytes()).order(ByteOrder.LITTLE_ENDIAN);
        return new PixelBuffer<>(
                frames.width(), frames.height(), memory, PixelFormat.getByteBgraPreInstance());
    }

    /**
     * Fills the images with a frame; not to be called while they are shown.
     *
     * @return false when the clip is closed
     */
    boolean load(int frame, boolean withDifference) throws IOException {
        ByteBuffer a = original.getBuffer();
        ByteBuffer b = reconstruction.getBuffer();
        if (!comparison.frames().read(frame, a, b)) {
            return false;
        }
        if (withDifference) {
            amplify(a, b, difference.getBuffer());
        }
        index = frame;
        return true;
    }

    /** Makes what was loaded visible; on the JavaFX thread. */
    void publish() {
        original.updateBuffer(_ -> null);
        reconstruction.updateBuffer(_ -> null);
        difference.updateBuffer(_ -> null);
    }

    Comparison comparison() {
        return comparison;
    }

    int index() {
        return index;
    }

    Image original() {
        return originalImage;
    }

    Image reconstruction() {
        return reconstructionImage;
    }

    /** How far each channel is off, four times as bright. */
    Image difference() {
        return differenceImage;
    }

    private static void amplify(ByteBuffer a, ByteBuffer b, ByteBuffer difference) {
        for (int at = 0; at < difference.capacity(); at += 4) {
            int p = a.getInt(at);
            int q = b.getInt(at);
            int red = distance(p, q, 16);
            int green = distance(p, q, 8);
            int blue = distance(p, q, 0);
            difference.putInt(at, 0xff000000 | (red << 16) | (green << 8) | blue);
        }
    }

    private static int distance(int p, int q, int shift) {
        int distance = Math.abs(((p >> shift) & 0xff) - ((q >> shift) & 0xff));
        return Math.min(255, DIFFERENCE_GAIN * distance);
    }
}
