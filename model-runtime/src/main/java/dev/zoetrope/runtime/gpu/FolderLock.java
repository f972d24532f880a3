package dev.zoetrope.runtime.gpu;

import dev.zoetrope.runtime.problem.Impossible;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The only right to change a folder; a process that ends gives it back. */
record FolderLock(FileChannel channel) implements AutoCloseable {
    /**
     * Takes it.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when another has it
     */
    static FolderLock of(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (!isTaken(channel)) {
            channel.close();
            throw new Impossible.GpuLibrariesBusy().asException();
        }
        return new FolderLock(channel);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
