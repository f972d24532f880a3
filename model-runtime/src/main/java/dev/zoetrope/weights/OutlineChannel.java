package dev.zoetrope.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A file that comes as a stream; whatever is read of it is put at the same place of another. */
final class OutlineChannel implements SeekableByteChannel {
    private final InputStream whole;
    private final long size;
    private final FileChannel outline;
    private long position;

    /** Bytes that have come, those that nobody wanted included. */
    private long come;

    OutlineChannel(InputStream whole, long size, FileChannel outline) {
        this.whole = whole;
        this.size = size;
        this.outline = outline;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        if (position < come) {
            throw new IOException("what has gone by does not come again");
        }
        whole.skipNBytes(position - come);
        byte[] bytes = whole.readNBytes((int) Math.min(to.remaining(), size - position));
        outline.write(ByteBuffer.wrap(bytes), position);
        to.put(bytes);
        position += bytes.length;
        come = position;
        return bytes.length == 0 ? -1 : bytes.length;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long next) {
        position = next;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long length) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return outline.isOpen();
    }

    @Override
    public void close() throws IOException {
        outline.close();
    }
}
