package dev.zoetrope.app.clip;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.hash.Hashing;
import com.google.common.util.concurrent.UncheckedExecutionException;
import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.zoetrope.app.fx.FxThread;
import dev.zoetrope.runtime.media.Frame;
import dev.zoetrope.runtime.media.FrameReader;
import dev.zoetrope.runtime.media.FrameSize;
import dev.zoetrope.runtime.media.FrameWriter;
import dev.zoetrope.runtime.media.VideoFormat;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;
import dev.zoetrope.runtime.training.ClipShape;
import dev.zoetrope.runtime.training.ClipSource;

import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * First frames of clips, small. They are made on threads of their own, those of files kept in the
 * cache and, the last few, in memory. What was asked for last is made first, since that is what is
 * being looked at.
 */
public final class Thumbnails implements AutoCloseable {
    /** Longest side in pixels: of a tile on a screen of twice the usual density. */
    static final int SIDE = 320;

    private static final ClipShape MADE_UP = new ClipShape(1, SIDE * 9 / 16, SIDE);
    private static final int IN_MEMORY = 256;
    private static final int THREADS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);

    /** A picture that somebody waits for. */
    public final class Wish {
        private final Picture picture;
        private final Consumer<Image> screen;
        private volatile boolean given;

        private Wish(Picture picture, Consumer<Image> screen) {
            this.picture = picture;
            this.screen = screen;
        }

        /** It is not waited for any more; on the JavaFX thread. */
        public void drop() {
            given = true;
            synchronized (wishes) {
                wishes.remove(this);
            }
        }

        private void fulfil(Image image) {
            if (!given) {
                given = true;
                screen.accept(image);
            }
        }
    }

    /** What a picture is of. */
    private sealed interface Picture {}

    /** The first frame of a clip as it was at some time. */
    private record OfClip(Path clip, Instant changed) implements Picture {
        Path file(Path folder) {
            String name = clip.toAbsolutePath() + "\n" + changed;
            return folder.resolve(
                    Hashing.sha256().hashString(name, UTF_8).toString().substring(0, 32) + ".webp");
        }
    }

    /** A moment of a clip that a source makes up, as quickly as a file would be read. */
    private record OfSource(ClipSource source, long index) implements Picture {
        Frame frame() {
            return new Frame(SIDE, MADE_UP.height(), source.clip(index, MADE_UP).rgb(), 0);
        }
    }

    private final Path folder;
    private final ExecutorService makers =
            Executors.newFixedThreadPool(
                    THREADS, Thread.ofPlatform().daemon().name("thumbnails-", 1).factory());
    private final Cache<Picture, Image> made =
            CacheBuilder.newBuilder().maximumSize(IN_MEMORY).build();

    @GuardedBy("wishes") private final Deque<Wish> wishes = new ArrayDeque<>();

    /**
     * @param folder created when the first one is made
     */
    public Thumbnails(Path folder) {
        this.folder = folder;
    }

    /**
     * Asks for a picture; on the JavaFX thread. A clip that cannot be read has none.
     *
     * @param changed when the clip got what it holds now
     * @param screen gets it on the JavaFX thread, at once where it is in memory
     */
    public Wish of(Path clip, Instant changed, Consumer<Image> screen) {
        return wish(new OfClip(clip, changed), screen);
    }

    /** Asks for a picture of the clip that a source makes up at an index; likewise. */
    public Wish of(ClipSource source, long index, Consumer<Image> screen) {
        return wish(new OfSource(source, index), screen);
    }

    private Wish wish(Picture picture, Consumer<Image> screen) {
        var wish = new Wish(picture, screen);
        Image ready = made.getIfPresent(wish.picture);
        if (ready != null) {
            wish.fulfil(ready);
        } else if (!makers.isShutdown()) {
            synchronized (wishes) {
                wishes.push(wish);
            }
            makers.execute(this::makeNewest);
        }
        return wish;
    }

    /** Deletes the picture of a clip that is gone; on any thread. */
    public void forget(Path clip, Instant changed) {
        var picture = new OfClip(clip, changed);
        made.invalidate(picture);
        if (!makers.isShutdown()) {
            makers.execute(() -> delete(picture.file(folder)));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted", file, e);
        }
    }

    @Override
    public void close() {
        makers.shutdownNow();
    }

    private void makeNewest() {
        Wish wish;
        synchronized (wishes) {
            wish = wishes.poll();
        }
        if (wish == null) {
            return;
        }
        try {
            Image image = made.get(wish.picture, () -> image(frame(wish.picture)));
            FxThread.LATER.execute(() -> wish.fulfil(image));
        } catch (ExecutionException | UncheckedExecutionException e) {
            LOG.debug("no picture of {}", wish.picture, e);
        }
    }

    private Frame frame(Picture picture) {
        return switch (picture) {
            case OfClip clip -> frame(clip);
            case OfSource made -> made.frame();
        };
    }

    private Frame frame(OfClip picture) {
        Path file = picture.file(folder);
        if (Files.exists(file)) {
            try {
                return first(file);
            } catch (ProblemException e) {
                LOG.debug("{} is made anew", file, e);
            }
        }
        Frame frame = first(picture.clip);
        keep(frame, file);
        return frame;
    }

    private static Frame first(Path clip) {
        try (FrameReader reader = FrameReader.open(clip)) {
            FrameSize size = reader.info().size().within(SIDE);
            Frame frame = reader.scaledTo(size.width(), size.height()).read();
            if (frame == null) {
                throw new Problem.MediaUnreadable(clip, "it has no frame").asException();
            }
            return frame;
        }
    }

    /** Without it, it is made again the next time. */
    private static void keep(Frame frame, Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FrameWriter writer =
                    FrameWriter.create(
                            file, VideoFormat.WEBP, frame.width(), frame.height(), 1, Map.of())) {
                writer.write(frame);
                writer.finish();
            }
        } catch (IOException | ProblemException e) {
            LOG.warn("{} could not be kept", file, e);
        }
    }

    private static Image image(Frame frame) {
        var image = new WritableImage(frame.width(), frame.height());
        image.getPixelWriter()
                .setPixels(
                        0,
                        0,
                        frame.width(),
                        frame.height(),
                        PixelFormat.getByteRgbInstance(),
                        frame.rgb(),
                        3 * frame.width());
        return image;
    }
}
