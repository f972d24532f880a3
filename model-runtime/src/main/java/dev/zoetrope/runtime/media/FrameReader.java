package dev.zoetrope.runtime.media;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a video, an animation, a picture or a folder of numbered PNG frames frame by frame, as it
 * is meant to be seen: rotation applied, pixels square, transparency over black, colours in
 * full-range RGB by the matrix and the range that the file names. A file that names no matrix is
 * taken for BT.709 when it is at least 1280 wide or more than 576 high and for BT.601 otherwise, as
 * players do. What a file is, is decided by its content and never by its name.
 *
 * <p>Each frame owns memory outside the Java heap, freed some time after the last reference to it
 * is gone: keep a few frames, not a clip. Confined to one thread at a time.
 */
public final class FrameReader implements AutoCloseable {
    /** The longest side that is opened, in pixels. */
    public static final int MAX_SIDE = 16_384;

    /** The largest area that is opened, in pixels: 16384 x 8192. */
    public static final long MAX_PIXELS = 1L << 27;

    private static final int TEXT_SAMPLE_BYTES = 1024;

    private final FrameSource source;
    private int width;
    private int height;
    private boolean closed;

    private FrameReader(FrameSource source) {
        this.source = source;
        this.width = source.info().width();
        this.height = source.info().height();
    }

    /**
     * Opens a file and decodes its first frame.
     *
     * @throws ProblemException {@link Problem.FileMissing}, {@link Problem.FileInaccessible}, or
     *     {@link Problem.MediaUnreadable} when not even one frame can be decoded
     */
    public static FrameReader open(Path file) {
        if (!Files.exists(file)) {
            throw new Problem.FileMissing(file).asException();
        }
        if (PngFrames.recognises(file)) {
            return new FrameReader(PngFrames.open(file));
        }
        if (Files.isDirectory(file)) {
            throw new Problem.MediaUnreadable(file, "it is a folder").asException();
        }
        if (!Files.isRegularFile(file)) {
            throw new Problem.MediaUnreadable(file, "it is a device, not a file").asException();
        }
        try {
            if (Files.size(file) == 0) {
                throw new Problem.MediaUnreadable(file, "it is empty").asException();
            }
            return new FrameReader(
                    WebpAnimation.recognises(file)
                            ? AnimatedWebp.open(file)
                            : FfmpegClip.open(file));
        } catch (ProblemException e) {
            // Asked last, for a few formats of pictures are text.
            throw isText(file)
                    ? new Problem.MediaUnreadable(file, "it is a text file").asException(e)
                    : e;
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    private static boolean isText(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(TEXT_SAMPLE_BYTES);
            for (byte b : start) {
                if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                    return false;
                }
            }
            return start.length > 0;
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /**
     * Makes every later frame this size, whatever the clip's own is; shrinking averages areas,
     * growing is bicubic.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @return this reader
     */
    public FrameReader scaledTo(int width, int height) {
        if (width < 1 || height < 1 || Math.max(width, height) > MAX_SIDE) {
            throw new IllegalArgumentException("a frame of %d x %d".formatted(width, height));
        }
        this.width = width;
        this.height = height;
        return this;
    }

    /** What the file says of itself, at its own size. */
    public ClipInfo info() {
        return source.info();
    }

    /** The next frame, or null at the end. Frames that cannot be decoded are left out. */
    public @Nullable Frame read() {
        return whileOpen().read(width, height);
    }

    /**
     * Goes to the frame with this index in order of presentation, so that the next {@link #read}
     * returns it; past the last one, {@link #read} returns null. The first seek looks through the
     * whole file, without decoding it, to learn where each frame is.
     *
     * @param index from 0 up
     */
    public void seekFrame(long index) {
        if (index < 0) {
            throw new IllegalArgumentException("frame " + index);
        }
        whileOpen().seekFrame(index);
    }

    /**
     * Goes to the frame that is on the screen at this time: the last one whose {@link
     * Frame#timeMicros} is not above it.
     *
     * @param micros microseconds from the first frame, at least 0
     */
    public void seekMicros(long micros) {
        if (micros < 0) {
            throw new IllegalArgumentException(micros + " microseconds");
        }
        whileOpen().seekMicros(micros);
    }

    /** How many frames could not be decoded so far. */
    public long skippedFrames() {
        return whileOpen().skippedFrames();
    }

    private FrameSource whileOpen() {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
        return source;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            source.close();
        }
    }
}
