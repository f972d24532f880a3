package dev.zoetrope.app.clip;

import dev.zoetrope.app.fx.FxThread;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.problem.ProblemException;

import javafx.scene.image.Image;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A clip that plays over and over, small and silent. It is decoded on a thread of its own, which is
 * never more than one frame ahead of the screen.
 */
public final class MovingPicture implements AutoCloseable {
    private static final int LONGEST_SIDE = 640;
    private static final long NANOS_PER_MICRO = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MovingPicture.class);

    private final Path clip;
    private final Consumer<Image> screen;
    private final Semaphore shown = new Semaphore(0);
    private final Thread decoder;
    private volatile boolean closed;

    private MovingPicture(Path clip, Consumer<Image> screen) {
        this.clip = clip;
        this.screen = screen;
        decoder = Thread.ofPlatform().daemon().name("moving-picture").unstarted(this::play);
    }

    /**
     * Begins to play. Of a clip that cannot be read nothing comes.
     *
     * @param screen gets the picture, on the JavaFX thread, when its first frame is there; it moves
     *     by itself then
     */
    public static MovingPicture of(Path clip, Consumer<Image> screen) {
        var picture = new MovingPicture(clip, screen);
        picture.decoder.start();
        return picture;
    }

    /** Stops; on the JavaFX thread. */
    @Override
    public void close() {
        closed = true;
        shown.release();
        LockSupport.unpark(decoder);
    }

    private void play() {
        try {
            Surface surface = null;
            boolean moves = true;
            while (moves && !closed) {
                try (FrameReader reader = FrameReader.open(clip)) {
                    surface = surface == null ? new Surface(reader.info()) : surface;
                    reader.scaledTo(surface.width, surface.height);
                    moves = once(reader, surface) > 1;
                }
            }
        } catch (ProblemException e) {
            LOG.debug("{} cannot be played", clip, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how many frames there were. */
    private long once(FrameReader reader, Surface surface) throws InterruptedException {
        long start = System.nanoTime();
        double frameNanos = 1e9 / reader.info().fps();
        long frames = 0;
        for (Frame frame = reader.read(); frame != null && !closed; frame = reader.read()) {
            surface.take(frame);
            waitUntil(start + NANOS_PER_MICRO * frame.timeMicros());
            boolean first = surface.unseen;
            surface.unseen = false;
            FxThread.LATER.execute(() -> show(surface, first));
            shown.acquire();
            frames++;
        }
        waitUntil(start + Math.round(frames * frameNanos));
        return frames;
    }

    private void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime();
                left > 0 && !closed;
                left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void show(Surface surface, boolean first) {
        if (!closed) {
            surface.turn();
            if (first) {
                screen.accept(surface.image);
            }
        }
        shown.release();
    }

    /** The frame on the screen and the next one. */
    private static final class Surface {
        private final int width;
        private final int height;
        private final int[] next;
        private final byte[] row;
        private final PixelBuffer<IntBuffer> pixels;
        private final WritableImage image;
        private boolean unseen = true;

        Surface(ClipInfo clip) {
            FrameSize size = clip.size().within(LONGEST_SIDE);
            width = size.width();
            height = size.height();
            next = new int[width * height];
            row = new byte[3 * width];
            pixels =
                    new PixelBuffer<>(
                            width,
                            height,
                            IntBuffer.allocate(next.length),
                            PixelFormat.getIntArgbPreInstance());
            image = new WritableImage(pixels);
        }

        void take(Frame frame) {
            ByteBuffer rgb = frame.rgb();
            for (int y = 0; y < height; y++) {
                rgb.get(row);
                for (int x = 0, at = 0; x < width; x++, at += 3) {
                    next[y * width + x] =
                            0xff000000
                                    | (row[at] & 0xff) << 16
                                    | (row[at + 1] & 0xff) << 8
                                    | (row[at + 2] & 0xff);
                }
            }
        }

        void turn() {
            pixels.getBuffer().put(0, next);
            pixels.updateBuffer(_ -> null);
        }
    }
}
