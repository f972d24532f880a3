package dev.zoetrope.app.library;

import dev.zoetrope.app.fx.Batches;
import dev.zoetrope.app.player.Comparison;
import dev.zoetrope.app.player.FrameStore;
import dev.zoetrope.runtime.media.ClipInfo;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.reconstruction.FrameComparison;
import dev.zoetrope.runtime.reconstruction.FrameQuality;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Two clips frame by frame, at the times of the first: the second one fills the first one's frame
 * as far as its shape allows, and stands still where it ends earlier.
 */
final class SideBySide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SideBySide.class);
    private static final long MEMORY_BYTES = 512L << 20;
    private static final long MOST_FRAMES = Integer.MAX_VALUE;

    private final Clip left;
    private final Clip right;
    private final FrameStore frames;
    private final Comparison comparison;
    private volatile boolean closed;

    private SideBySide(Clip left, Clip right, FrameStore frames, Comparison comparison) {
        this.left = left;
        this.right = right;
        this.frames = frames;
        this.comparison = comparison;
    }

    /**
     * Two clips of which no frame is there yet.
     *
     * @param cache for what the memory does not hold
     * @throws dev.zoetrope.runtime.problem.ProblemException when the first cannot be read
     */
    static SideBySide of(Clip left, Clip right, Path cache) {
        try (FrameReader reader = FrameReader.open(left.file())) {
            ClipInfo clip = reader.info();
            long length = Math.clamp(clip.frames(), 1, MOST_FRAMES);
            var frames = new FrameStore(clip.width(), clip.height(), length, MEMORY_BYTES, cache);
            return new SideBySide(
                    left,
                    right,
                    frames,
                    new Comparison(frames, clip.width(), clip.height(), clip.fps(), length));
        }
    }

    Clip left() {
        return left;
    }

    Clip right() {
        return right;
    }

    Comparison comparison() {
        return comparison;
    }

    /**
     * Reads both; takes as long as that.
     *
     * @param fx where the comparison is told of frames
     * @throws dev.zoetrope.runtime.problem.ProblemException when one cannot be read
     */
    void read(Executor fx) {
        var told = new Batches<FrameQuality>(fx, comparison::add);
        try (FrameReader a = FrameReader.open(left.file());
                var b = new Fitted(right.file(), comparison.clipWidth(), comparison.clipHeight())) {
            for (Frame frame = a.read(); frame != null && !closed; frame = a.read()) {
                Frame other = b.at(frame.timeMicros());
                frames.append(frame, other);
                told.accept(FrameComparison.compare(frame, other));
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(left.file(), e).asException(e);
        } catch (IllegalStateException e) {
            // Closed meanwhile: nobody looks any more.
            LOG.debug("the comparison was closed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            frames.close();
        } catch (IOException e) {
            LOG.warn("the frames of a comparison could not be let go of", e);
        }
    }

    /** A clip in frames of another size, in the middle of black where its shape is another. */
    private static final class Fitted implements AutoCloseable {
        private final FrameReader reader;
        private final int width;
        private final int height;
        private final int clipWidth;
        private final int clipHeight;
        private Frame now;
        private @Nullable Frame next;

        Fitted(Path clip, int width, int height) {
            this.width = width;
            this.height = height;
            reader = FrameReader.open(clip);
            ClipInfo info = reader.info();
            double scale = Math.min((double) width / info.width(), (double) height / info.height());
            FrameSize size = info.size().times(scale);
            clipWidth = size.width();
            clipHeight = size.height();
            reader.scaledTo(clipWidth, clipHeight);
            Frame first = reader.read();
            if (first == null) {
                reader.close();
                throw new Problem.MediaUnreadable(clip, "it has no frame").asException();
            }
            now = framed(first);
            next = reader.read();
        }

        /** The frame that is on the screen at this time; times never go back. */
        Frame at(long micros) {
            while (next != null && next.timeMicros() <= micros) {
                now = framed(next);
                next = reader.read();
            }
            return now;
        }

        private Frame framed(Frame frame) {
            if (clipWidth == width && clipHeight == height) {
                return frame;
            }
            ByteBuffer black = ByteBuffer.allocateDirect(3 * width * height);
            ByteBuffer rgb = frame.rgb();
            int left = (width - clipWidth) / 2;
            int top = (height - clipHeight) / 2;
            for (int y = 0; y < clipHeight; y++) {
                black.put(3 * ((top + y) * width + left), rgb, 3 * y * clipWidth, 3 * clipWidth);
            }
            return new Frame(width, height, black, frame.timeMicros());
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
