package dev.zoetrope.train;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of rows of one size that grows at its end. A row that was cut short is none. Rows are read
 * through a mapping, by any thread.
 */
final class RowFile {
    private final Path file;
    private final long rowBytes;

    RowFile(Path file, long rowBytes) {
        this.file = file;
        this.rowBytes = rowBytes;
    }

    long rowBytes() {
        return rowBytes;
    }

    /** How many there are. */
    long rows() {
        try {
            return Files.exists(file) ? Files.size(file) / rowBytes : 0;
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /**
     * Writes whole rows behind the first {@code from}; what was there is gone.
     *
     * @param rows from the buffer's position to its limit
     */
    void write(long from, ByteBuffer rows) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(from * rowBytes);
            channel.position(from * rowBytes);
            while (rows.hasRemaining()) {
                channel.write(rows);
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /** All rows, mapped for as long as the arena lives. */
    MemorySegment map(Arena arena) {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, rows() * rowBytes, arena);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }
}
