package dev.zoetrope.app.player;

import dev.zoetrope.app.fx.FxThread;
import dev.zoetrope.app.fx.Latest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Brings frames from the store to the screen. They are copied on a thread of their own, since some
 * come from a file, and only the newest wish is met, so that scrubbing never lags.
 */
final class PictureFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PictureFeed.class);

    /** One on the screen, one perhaps still being drawn, one being filled. */
    private static final int SETS = 3;

    /** A frame that is wished for. */
    private record Wish(Comparison comparison, int index, boolean difference) {}

    private final ExecutorService reader =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("frame-reader").factory());
    private final Latest<Wish> wishes = new Latest<>(reader, this::load);
    private final Consumer<Pictures> screen;
    private Optional<Ring> ring = Optional.empty();
    private Optional<Pictures> shown = Optional.empty();

    /**
     * A feed to a screen.
     *
     * @param screen takes loaded pictures, on the JavaFX thread; they stay as they are until the
     *     next ones come
     */
    PictureFeed(Consumer<Pictures> screen) {
        this.screen = screen;
    }

    /** Asks for a frame; on the JavaFX thread. */
    void show(Comparison comparison, int index, boolean difference) {
        wishes.accept(new Wish(comparison, index, difference));
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }

    private void load(Wish wish) {
        if (ring.isEmpty() || ring.get().comparison() != wish.comparison()) {
            ring = Optional.of(Ring.of(wish.comparison()));
        }
        Ring sets = ring.get();
        try {
            Pictures free = sets.free().take();
            if (free.load(wish.index(), wish.difference())) {
                FxThread.LATER.execute(() -> publish(free, sets));
            } else {
                sets.free().add(free);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("frame {} cannot be shown", wish.index(), e);
        }
    }

    private void publish(Pictures loaded, Ring sets) {
        loaded.publish();
        screen.accept(loaded);
        shown.filter(previous -> previous.comparison() == sets.comparison())
                .ifPresent(sets.free()::add);
        shown = Optional.of(loaded);
    }

    private record Ring(Comparison comparison, BlockingQueue<Pictures> free) {
        static Ring of(Comparison comparison) {
            var ring = new Ring(comparison, new ArrayBlockingQueue<>(SETS));
            for (int i = 0; i < SETS; i++) {
                ring.free.add(new Pictures(comparison));
            }
            return ring;
        }
    }
}
