package dev.zoetrope.app.player;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import dev.zoetrope.runtime.media.Frame;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Pairs of pictures ready for the screen, so that every frame is as quick to show as the next one:
 * an original and its reconstruction, BGRA, side by side in one record of fixed length. The first
 * pairs lie in memory, what goes beyond the budget in a temporary file. Long or large clips are
 * kept smaller than they are; {@link #width} and {@link #height} tell.
 *
 * <p>One thread appends and another reads.
 */
public final class FrameStore implements AutoCloseable {
    /** Beyond this many pixels a screen shows no more, and copying would take too long. */
    private static final int LARGEST_SIDE = 1280;

    /** Side that a clip too long for the memory budget is reduced to. */
    private static final int PROXY_SIDE = 640;

    private static final long SLAB_BYTES = 16L << 20;

    private final int width;
    private final int height;
    private final int pictureBytes;
    private final int pairsPerSlab;
    private final int pairsInMemory;
    private final Path spillFolder;
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer scratch;

    @GuardedBy("this") private final List<MemorySegment> slabs = new ArrayList<>();

    @GuardedBy("this") private Optional<FileChannel> spill = Optional.empty();

    @GuardedBy("this") private int size;

    @GuardedBy("this") private boolean closed;

    /**
     * An empty store.
     *
     * @param clipWidth columns of the frames that will be appended, pixels
     * @param clipHeight rows of those frames, pixels
     * @param expectedFrames how many may come; decides how large the pictures are kept
     * @param memoryBudget bytes of memory to use before the temporary file
     * @param spillFolder where that file would go; created when needed
     */
    public FrameStore(
            int clipWidth,
            int clipHeight,
            long expectedFrames,
            long memoryBudget,
            Path spillFolder) {
        int longSide = Math.max(clipWidth, clipHeight);
        double scale = Math.min(1.0, (double) LARGEST_SIDE / longSide);
        if (expectedFrames * 8.0 * clipWidth * clipHeight * scale * scale > memoryBudget) {
            scale = Math.min(scale, (double) PROXY_SIDE / longSide);
        }
        this.width = (int) Math.max(1, Math.round(clipWidth * scale));
        this.height = (int) Math.max(1, Math.round(clipHeight * scale));
        this.pictureBytes = 4 * width * height;
        long pairBytes = 2L * pictureBytes;
        this.pairsPerSlab = (int) Math.max(1, SLAB_BYTES / pairBytes);
        this.pairsInMemory = (int) Math.max(1, memoryBudget / pairBytes);
        this.spillFolder = spillFolder;
        this.scratch = ByteBuffer.allocateDirect(2 * pictureBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Columns of the kept pictures, pixels. */
    public int width() {
        return width;
    }

    /** Rows of the kept pictures, pixels. */
    public int height() {
        return height;
    }

    /** Bytes of one picture, {@code 4 * width * height}. */
    public int pictureBytes() {
        return pictureBytes;
    }

    /** How many pairs there are. */
    public synchronized int size() {
        return size;
    }

    /**
     * Adds the next pair; both frames are of the clip's size.
     *
     * @throws IOException when the temporary file cannot be written
     */
    public synchronized void append(Frame original, Frame reconstruction) throws IOException {
        if (closed) {
            throw new IllegalStateException("the frame store is closed");
        }
        convert(original, 0);
        convert(reconstruction, pictureBytes);
        if (size < pairsInMemory) {
            MemorySegment.copy(
                    MemorySegment.ofBuffer(scratch), 0, slab(size), slabOffset(size), pairBytes());
        } else {
            write(scratch.duplicate(), fileOffset(size));
        }
        size++;
    }

    /**
     * Copies a pair into two direct buffers of {@link #pictureBytes} each.
     *
     * @return false when the store is closed
     * @throws IOException when the temporary file cannot be read
     */
    synchronized boolean read(int index, ByteBuffer original, ByteBuffer reconstruction)
            throws IOException {
        if (closed) {
            return false;
        }
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("pair " + index + " of " + size);
        }
        if (index < pairsInMemory) {
            MemorySegment slab = slabs.get(index / pairsPerSlab);
            long at = slabOffset(index);
            original.put(0, slab.asSlice(at, pictureBytes).asByteBuffer(), 0, pictureBytes);
            reconstruction.put(
                    0,
                    slab.asSlice(at + pictureBytes, pictureBytes).asByteBuffer(),
                    0,
                    pictureBytes);
        } else {
            readFully(original.duplicate().clear(), fileOffset(index));
            readFully(reconstruction.duplicate().clear(), fileOffset(index) + pictureBytes);
        }
        return true;
    }

    /** Frees the memory and deletes the temporary file. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            slabs.clear();
            arena.close();
            if (spill.isPresent()) {
                spill.get().close();
            }
        }
    }

    private long pairBytes() {
        return 2L * pictureBytes;
    }

    private long slabOffset(int index) {
        return index % pairsPerSlab * pairBytes();
    }

    private long fileOffset(int index) {
        return (index - pairsInMemory) * pairBytes();
    }

    @GuardedBy("this") private MemorySegment slab(int index) {
        if (index / pairsPerSlab == slabs.size()) {
            slabs.add(arena.allocate(pairsPerSlab * pairBytes()));
        }
        return slabs.get(index / pairsPerSlab);
    }

    @GuardedBy("this") private void write(ByteBuffer bytes, long offset) throws IOException {
        if (spill.isEmpty()) {
            Files.createDirectories(spillFolder);
            Path file = Files.createTempFile(spillFolder, "frames-", ".bgra");
            spill =
                    Optional.of(
                            FileChannel.open(
                                    file,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.DELETE_ON_CLOSE));
        }
        long at = offset;
        while (bytes.hasRemaining()) {
            at += spill.get().write(bytes, at);
        }
    }

    @GuardedBy("this") private void readFully(ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            int read = spill.orElseThrow().read(bytes, at);
            if (read < 0) {
                throw new IOException("the temporary file of the player is too short");
            }
            at += read;
        }
    }

    /** RGB to BGRA, each pixel the mean of those it stands for. */
    private void convert(Frame frame, int offset) {
        int[] lefts = edges(frame.width(), width);
        int[] tops = edges(frame.height(), height);
        ByteBuffer rgb = frame.rgb();
        byte[] row = new byte[3 * frame.width()];
        int[] sums = new int[3 * width];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int from = tops[y]; from < tops[y + 1]; from++) {
                rgb.get(from * row.length, row);
                addUp(row, lefts, sums);
            }
            int at = offset + 4 * y * width;
            for (int x = 0; x < width; x++) {
                int pixels = (tops[y + 1] - tops[y]) * (lefts[x + 1] - lefts[x]);
                int red = mean(sums[3 * x], pixels);
                int green = mean(sums[3 * x + 1], pixels);
                int blue = mean(sums[3 * x + 2], pixels);
                scratch.putInt(at + 4 * x, 0xff000000 | (red << 16) | (green << 8) | blue);
            }
        }
    }

    /** Where the pieces begin when {@code from} pixels become {@code to}, at most as many. */
    private static int[] edges(int from, int to) {
        int[] edges = new int[to + 1];
        for (int i = 0; i <= to; i++) {
            edges[i] = (int) ((long) i * from / to);
        }
        return edges;
    }

    private static void addUp(byte[] row, int[] lefts, int[] sums) {
        for (int x = 0; x + 1 < lefts.length; x++) {
            for (int i = 3 * lefts[x]; i < 3 * lefts[x + 1]; i += 3) {
                sums[3 * x] += row[i] & 0xff;
                sums[3 * x + 1] += row[i + 1] & 0xff;
                sums[3 * x + 2] += row[i + 2] & 0xff;
            }
        }
    }

    private static int mean(int sum, int pixels) {
        return (sum + pixels / 2) / pixels;
    }
}
