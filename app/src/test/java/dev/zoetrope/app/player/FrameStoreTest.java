package dev.zoetrope.app.player;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.media.Frame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

final class FrameStoreTest {
    @TempDir Path folder;

    private static Frame plain(int width, int height, int rgb) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(3 * width * height);
        while (bytes.hasRemaining()) {
            bytes.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
        }
        return new Frame(width, height, bytes.flip(), 0);
    }

    private static ByteBuffer picture(FrameStore store) {
        return ByteBuffer.allocateDirect(store.pictureBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aPairComesBackAsItWentIn() throws IOException {
        try (var store = new FrameStore(6, 4, 1, 1 << 20, folder)) {
            store.append(plain(6, 4, 0x102030), plain(6, 4, 0xfefdfc));
            ByteBuffer original = picture(store);
            ByteBuffer reconstruction = picture(store);
            assertTrue(store.read(0, original, reconstruction));
            for (int i = 0; i < 24; i++) {
                assertEquals(0xff102030, original.getInt(4 * i));
                assertEquals(0xfffefdfc, reconstruction.getInt(4 * i));
            }
        }
    }

    @Test
    void beyondTheMemoryBudgetPairsGoToAFileAndComeBackTheSame() throws IOException {
        int pairs = 20;
        try (var store = new FrameStore(8, 8, pairs, 3 * 2 * 4 * 64, folder)) {
            for (int i = 0; i < pairs; i++) {
                store.append(plain(8, 8, i), plain(8, 8, 0x800000 + i));
            }
            ByteBuffer original = picture(store);
            ByteBuffer reconstruction = picture(store);
            for (int i = pairs - 1; i >= 0; i--) {
                assertTrue(store.read(i, original, reconstruction));
                assertEquals(0xff000000 + i, original.getInt(0));
                assertEquals(0xff800000 + i, reconstruction.getInt(4 * 63));
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shrinkingTakesTheMeanOfWhatAPixelStandsFor() throws IOException {
        int width = 2560;
        ByteBuffer bytes = ByteBuffer.allocateDirect(3 * width * 2);
        for (int i = 0; i < 2 * width; i++) {
            byte grey = (byte) (i % 2 == 0 ? 100 : 200);
            bytes.put(grey).put(grey).put(grey);
        }
        var striped = new Frame(width, 2, bytes.flip(), 0);
        try (var store = new FrameStore(width, 2, 1, 1 << 20, folder)) {
            assertEquals(1280, store.width());
            assertEquals(1, store.height());
            store.append(striped, striped);
            ByteBuffer original = picture(store);
            assertTrue(store.read(0, original, picture(store)));
            for (int x = 0; x < 1280; x++) {
                assertEquals(0xff969696, original.getInt(4 * x));
            }
        }
    }

    @Test
    void aClipTooLongForTheMemoryIsKeptSmaller() throws IOException {
        long budget = 64L << 20;
        try (var brief = new FrameStore(1280, 720, 5, budget, folder);
                var lengthy = new FrameStore(1280, 720, 500, budget, folder);
                var small = new FrameStore(256, 144, 100_000, budget, folder)) {
            assertEquals(1280, brief.width());
            assertEquals(640, lengthy.width());
            assertEquals(360, lengthy.height());
            assertEquals(256, small.width());
        }
    }

    @Test
    void afterClosingNothingIsReadAndNothingIsTaken() throws IOException {
        var store = new FrameStore(4, 4, 1, 1 << 20, folder);
        store.append(plain(4, 4, 0), plain(4, 4, 0));
        store.close();
        store.close();
        assertFalse(store.read(0, picture(store), picture(store)));
        assertThrows(
                IllegalStateException.class, () -> store.append(plain(4, 4, 0), plain(4, 4, 0)));
    }

    @Test
    void aPairThatIsNotThereIsAnError() throws IOException {
        try (var store = new FrameStore(4, 4, 1, 1 << 20, folder)) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> store.read(0, picture(store), picture(store)));
        }
    }

    @Test
    void aFileThatCannotBeMadeIsAnErrorAndNotALoss() throws IOException {
        Path taken = folder.resolve("taken");
        Files.writeString(taken, "a file where a folder should be");
        try (var store = new FrameStore(4, 4, 2, 1, taken)) {
            store.append(plain(4, 4, 7), plain(4, 4, 7));
            assertThrows(IOException.class, () -> store.append(plain(4, 4, 8), plain(4, 4, 8)));
            assertEquals(1, store.size());
        }
    }
}
