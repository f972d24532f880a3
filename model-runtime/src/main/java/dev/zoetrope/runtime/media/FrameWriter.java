package dev.zoetrope.runtime.media;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;

import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Writes a clip to {@code NAME.part} and moves it to its name when it is whole, so that what is
 * under that name is always a finished clip. Frames keep the distances of their {@link
 * Frame#timeMicros}, whether these are regular or not; the first one starts the clip.
 *
 * <pre>{@code
 * try (FrameWriter writer = FrameWriter.create(file, VideoFormat.of(file), 512, 288, 24, tags)) {
 *     for (Frame frame : frames) {
 *         writer.write(frame);
 *     }
 *     writer.finish();
 * }
 * }</pre>
 *
 * <p>Confined to one thread at a time. Every method may throw a {@link ProblemException} with
 * {@link Problem.FileInaccessible}, for instance when the disk is full.
 */
public final class FrameWriter implements AutoCloseable {
    /** What writers of this process that are neither finished nor closed have written. */
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    private final Path output;
    private final Path part;
    private final int width;
    private final int height;
    private final FrameSink sink;
    private final Optional<Sidecar> sidecar;
    private long firstMicros;
    private long lastMicros;
    private long frames;
    private boolean finished;
    private boolean closed;

    private FrameWriter(
            Path output,
            Path part,
            int width,
            int height,
            FrameSink sink,
            Optional<Sidecar> sidecar) {
        this.output = output;
        this.part = part;
        this.width = width;
        this.height = height;
        this.sink = sink;
        this.sidecar = sidecar;
    }

    /**
     * Begins a clip. An existing file of the name is replaced at {@link #finish}; an existing
     * folder of PNG frames must be empty.
     *
     * @param width columns of every frame
     * @param height rows of every frame
     * @param fps nominal frames per second, above 0, at most 1000; 23.976, 29.97 and 59.94 mean
     *     24000/1001 and so on
     * @param metadata tags of the container, read back by {@link ClipInfo#tag}; animated WebP keeps
     *     the {@code comment} alone, in {@code NAME.json} beside it
     * @throws ProblemException {@link Impossible.SizeUnwritable} when the format cannot hold the
     *     size, {@link Problem.FileInaccessible} when the place cannot be written to
     */
    public static FrameWriter create(
            Path output,
            VideoFormat format,
            int width,
            int height,
            double fps,
            Map<String, String> metadata) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a clip of %d x %d".formatted(width, height));
        }
        FrameRate rate = FrameRate.of(fps);
        check(output, format);
        Path place = output.toAbsolutePath();
        Path part = place.resolveSibling(place.getFileName() + ".part");
        // In one order, so that equal tags make equal files.
        Map<String, String> tags = ImmutableSortedMap.copyOf(metadata);
        deleteAll(part);
        UNFINISHED.add(part);
        try {
            FrameSink sink =
                    format == VideoFormat.PNG_FRAMES
                            ? PngFolder.create(part, width, height, rate, tags)
                            : VideoFile.create(part, format, width, height, rate, tags);
            Optional<Sidecar> sidecar =
                    format == VideoFormat.WEBP
                            ? Optional.of(Sidecar.of(place, tags))
                            : Optional.empty();
            return new FrameWriter(place, part, width, height, sink, sidecar);
        } catch (RuntimeException e) {
            discard(part);
            throw e;
        }
    }

    /**
     * Finds out whether a clip can be written to a place, before there is one.
     *
     * @throws ProblemException {@link Problem.FileInaccessible} when it cannot
     */
    public static void check(Path output, VideoFormat format) {
        Path place = output.toAbsolutePath();
        Path folder = place.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw inaccessible(place, "there is no folder " + folder);
        }
        if (format != VideoFormat.PNG_FRAMES && Files.isDirectory(place)) {
            throw inaccessible(place, "it is a folder");
        }
        if (format == VideoFormat.PNG_FRAMES && Files.exists(place)) {
            if (!Files.isDirectory(place)) {
                throw inaccessible(place, "it is not a folder");
            }
            try (Stream<Path> inside = Files.list(place)) {
                if (inside.findAny().isPresent()) {
                    throw inaccessible(place, "the folder is not empty");
                }
            } catch (IOException e) {
                throw Problem.FileInaccessible.of(place, e).asException(e);
            }
        }
    }

    /**
     * Keeps part of the sound of another file, copied where the format can hold its codec and
     * encoded anew otherwise. To be called before the first {@link #write}.
     *
     * @param startSeconds where in the source the clip begins, from its first picture
     * @param durationSeconds length of sound to keep
     * @return what became of the sound
     * @throws ProblemException {@link Problem.MediaUnreadable} when the source cannot be read
     */
    public SoundTrack keepAudioOf(Path source, double startSeconds, double durationSeconds) {
        requireOpen();
        if (frames > 0) {
            throw new IllegalStateException("the sound comes before the first frame");
        }
        if (!(startSeconds >= 0 && durationSeconds > 0)) {
            throw new IllegalArgumentException(
                    "%s seconds from %s".formatted(durationSeconds, startSeconds));
        }
        return sink.keepAudioOf(source, startSeconds, durationSeconds);
    }

    /**
     * Adds a frame.
     *
     * @throws IllegalArgumentException when its size is not the clip's or its time not above that
     *     of the frame before
     */
    public void write(Frame frame) {
        requireOpen();
        if (frame.width() != width || frame.height() != height) {
            throw new IllegalArgumentException(
                    "a %d x %d frame in a %d x %d clip"
                            .formatted(frame.width(), frame.height(), width, height));
        }
        if (frames == 0) {
            firstMicros = frame.timeMicros();
        } else if (frame.timeMicros() <= lastMicros) {
            throw new IllegalArgumentException(
                    "a frame at %d after one at %d microseconds"
                            .formatted(frame.timeMicros(), lastMicros));
        }
        lastMicros = frame.timeMicros();
        frames++;
        sink.write(frame, lastMicros - firstMicros);
    }

    /**
     * Completes the clip and moves it to its place.
     *
     * @throws IllegalStateException when no frame was written
     */
    public void finish() {
        requireOpen();
        if (frames == 0) {
            throw new IllegalStateException("a clip without frames");
        }
        sink.finish();
        try {
            if (sidecar.isPresent()) {
                // First, so that no clip is ever without its own.
                sidecar.get().write();
            }
            if (Files.isDirectory(output)) {
                Files.delete(output);
            }
            Files.move(
                    part,
                    output,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(output, e).asException(e);
        }
        UNFINISHED.remove(part);
        finished = true;
    }

    private void requireOpen() {
        if (finished || closed) {
            throw new IllegalStateException("the writer is closed");
        }
    }

    /** Without {@link #finish} before, deletes what was written. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            sink.close();
            if (!finished) {
                discard(part);
            }
        }
    }

    /**
     * Deletes what unfinished writers have written so far, for a process that ends without closing
     * them.
     */
    public static void discardUnfinished() {
        UNFINISHED.forEach(FrameWriter::discard);
    }

    private static void discard(Path part) {
        deleteAll(part);
        UNFINISHED.remove(part);
    }

    private static void deleteAll(Path place) {
        if (!Files.exists(place)) {
            return;
        }
        try {
            MoreFiles.deleteRecursively(place, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(place, e).asException(e);
        }
    }

    private static ProblemException inaccessible(Path file, String reason) {
        return new Problem.FileInaccessible(file, reason).asException();
    }
}
