package dev.zoetrope.runtime.files;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The only right to change a folder, which is made for it; a process that ends gives it back. */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".lock";

    /**
     * The lock of a file belongs to the whole process, which loses it when any of its channels to
     * that file is closed. So only one thread at a time has such a channel.
     */
    private static final Map<Path, Semaphore> TURNS = new ConcurrentHashMap<>();

    private final Semaphore turn;
    private final FileChannel channel;

    private FolderLock(Semaphore turn, FileChannel channel) {
        this.turn = turn;
        this.channel = channel;
    }

    /** Takes it, unless another has it. */
    public static Optional<FolderLock> tryTake(Path folder) throws IOException {
        Path file = file(folder);
        Semaphore turn = turn(file);
        return turn.tryAcquire() ? take(file, turn, FileChannel::tryLock) : Optional.empty();
    }

    /** Takes it, as soon as no other has it. */
    public static FolderLock take(Path folder) throws IOException {
        Path file = file(folder);
        Semaphore turn = turn(file);
        turn.acquireUninterruptibly();
        return take(file, turn, FileChannel::lock).orElseThrow();
    }

    private static Path file(Path folder) throws IOException {
        return Files.createDirectories(folder).toRealPath().resolve(FILE);
    }

    private static Semaphore turn(Path file) {
        return TURNS.computeIfAbsent(file, _ -> new Semaphore(1));
    }

    @FunctionalInterface
    private interface Locking {
        @Nullable FileLock of(FileChannel channel) throws IOException;
    }

    private static Optional<FolderLock> take(Path file, Semaphore turn, Locking locking)
            throws IOException {
        boolean taken = false;
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                taken = locking.of(channel) != null;
                return taken ? Optional.of(new FolderLock(turn, channel)) : Optional.empty();
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } finally {
            if (!taken) {
                turn.release();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            turn.release();
        }
    }
}
