package dev.zoetrope.weights;

import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Reads little-endian numbers and text from a stretch of a file. A read that would leave the
 * stretch is a {@link Problem.CheckpointDamaged}, found before anything is allocated for it, and so
 * is a file whose contents would take more heap than its own size plus {@value #HEADROOM} bytes.
 */
final class FileBytes {
    /** With it even a small file may hold some ten thousand tensors. */
    private static final long HEADROOM = 60L << 20;

    private static final int BUFFER = 8192;

    /** Heap still to be had, shared by all stretches of one file. */
    private static final class Budget {
        private long left;

        Budget(long left) {
            this.left = left;
        }
    }

    private final Path file;
    private final SeekableByteChannel channel;
    private final long start;
    private final long end;
    private final Budget budget;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long bufferStart;

    private FileBytes(Path file, SeekableByteChannel channel, long start, long end, Budget budget) {
        this.file = file;
        this.channel = channel;
        this.start = start;
        this.end = end;
        this.budget = budget;
        this.bufferStart = start;
    }

    /** The whole file. */
    static FileBytes of(Path file, SeekableByteChannel channel) throws IOException {
        long size = channel.size();
        return new FileBytes(file, channel, 0, size, new Budget(size + HEADROOM));
    }

    /** The stretch of {@code length} bytes from {@code offset}, which must lie inside this one. */
    FileBytes section(long offset, long length) {
        if (offset < start || length < 0 || length > end - offset) {
            throw endsEarly();
        }
        return new FileBytes(file, channel, offset, offset + length, budget);
    }

    Path file() {
        return file;
    }

    /** Bytes in this stretch. */
    long size() {
        return end - start;
    }

    /** Where the next read begins, in bytes from the start of the file. */
    long position() {
        return bufferStart + buffer.position();
    }

    long remaining() {
        return end - position();
    }

    void seek(long position) {
        if (position < start || position > end) {
            throw endsEarly();
        }
        long inBuffer = position - bufferStart;
        if (inBuffer >= 0 && inBuffer <= buffer.limit()) {
            buffer.position((int) inBuffer);
        } else {
            bufferStart = position;
            buffer.clear().limit(0);
        }
    }

    void skip(long bytes) {
        requireRemaining(bytes);
        seek(position() + bytes);
    }

    int u8() throws IOException {
        fill(1);
        return Byte.toUnsignedInt(buffer.get());
    }

    int u16() throws IOException {
        fill(2);
        return Short.toUnsignedInt(buffer.getShort());
    }

    int i32() throws IOException {
        fill(4);
        return buffer.getInt();
    }

    long u32() throws IOException {
        return Integer.toUnsignedLong(i32());
    }

    /** Eight bytes; a number that does not fit a signed long comes out negative. */
    long i64() throws IOException {
        fill(8);
        return buffer.getLong();
    }

    byte[] bytes(long length) throws IOException {
        requireRemaining(length);
        if (length > Integer.MAX_VALUE - 8) {
            throw damaged("a single value of it takes " + length + " bytes");
        }
        charge(length);
        byte[] bytes = new byte[(int) length];
        int done = 0;
        while (done < bytes.length) {
            fill(1);
            int step = Math.min(buffer.remaining(), bytes.length - done);
            buffer.get(bytes, done, step);
            done += step;
        }
        return bytes;
    }

    /** UTF-8 text of {@code length} bytes. */
    String text(long length) throws IOException {
        byte[] bytes = bytes(length);
        charge(200 + 4 * length);
        try {
            return utf8.decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw damaged("a text in it is not UTF-8", e);
        }
    }

    /** Reads the rest of the stretch. */
    long crc32() throws IOException {
        CRC32 crc = new CRC32();
        while (remaining() > 0) {
            fill(1);
            crc.update(buffer);
        }
        return crc.getValue();
    }

    /**
     * Accounts for heap about to be taken, so that a small file of many tiny or shared values
     * cannot exhaust the memory.
     */
    void charge(long bytes) {
        budget.left -= bytes;
        if (budget.left < 0) {
            throw damaged("reading it would take far more memory than its size explains");
        }
    }

    ProblemException damaged(String reason) {
        return new Problem.CheckpointDamaged(file, reason).asException();
    }

    ProblemException damaged(String reason, Throwable origin) {
        return new Problem.CheckpointDamaged(file, reason).asException(origin);
    }

    ProblemException unknown(String reason) {
        return new Problem.CheckpointUnknown(file, reason).asException();
    }

    ProblemException unsafe(String request) {
        return new Problem.CheckpointUnsafe(file, request).asException();
    }

    private void requireRemaining(long bytes) {
        if (bytes < 0 || bytes > remaining()) {
            throw endsEarly();
        }
    }

    private ProblemException endsEarly() {
        return damaged("it refers to bytes beyond its end, as a file does that was cut short");
    }

    /** Makes the next {@code bytes} bytes, at most a buffer, available. */
    private void fill(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        requireRemaining(bytes);
        bufferStart = position();
        buffer.clear().limit((int) Math.min(BUFFER, end - bufferStart));
        channel.position(bufferStart);
        while (buffer.position() < bytes) {
            if (channel.read(buffer) < 0) {
                throw damaged("it became shorter while it was read");
            }
        }
        buffer.flip();
    }
}
