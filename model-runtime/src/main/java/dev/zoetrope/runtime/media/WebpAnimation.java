package dev.zoetrope.runtime.media;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What an animated WebP file says of its frames (RFC 9649, section 2.7); FFmpeg's own reader knows
 * still pictures only.
 *
 * @param width columns of the canvas
 * @param height rows of the canvas
 * @param frames those that are whole in the file, in order
 */
record WebpAnimation(int width, int height, List<Entry> frames) {
    private static final int CHUNK_HEAD_BYTES = 8;
    private static final int FRAME_HEAD_BYTES = 16;
    private static final int ANIMATED = 1 << 1;

    /** Signature, head chunk's head and its flags. */
    private static final int RECOGNISABLE_BYTES = 21;

    /**
     * One frame.
     *
     * @param position of its picture chunks in the file
     * @param bytes of its picture chunks
     * @param x column of the canvas where it goes
     * @param y row of the canvas where it goes
     * @param micros how long it is shown, above 0
     * @param blended laid over what is there, instead of replacing it
     * @param cleared its place is emptied after it was shown
     */
    record Entry(
            long position,
            int bytes,
            int x,
            int y,
            int width,
            int height,
            long micros,
            boolean blended,
            boolean cleared) {

        /** Reads the picture and dresses it up as a still WebP file. */
        byte[] still(FileChannel file) throws IOException {
            byte[] chunks = readAt(file, position, bytes);
            boolean transparent = "ALPH".equals(name(little(chunks), 0));
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + 64);
            int headBytes = transparent ? CHUNK_HEAD_BYTES + 10 : 0;
            out.writeBytes(chunkHead("RIFF", 4 + headBytes + bytes));
            out.writeBytes("WEBP".getBytes(US_ASCII));
            if (transparent) {
                out.writeBytes(chunkHead("VP8X", 10));
                out.writeBytes(new byte[] {1 << 4, 0, 0, 0});
                write24(out, width - 1);
                write24(out, height - 1);
            }
            out.writeBytes(chunks);
            return out.toByteArray();
        }

        private static void write24(ByteArrayOutputStream out, int value) {
            out.write(value);
            out.write(value >> 8);
            out.write(value >> 16);
        }

        private static byte[] chunkHead(String name, int bytes) {
            return ByteBuffer.allocate(CHUNK_HEAD_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(name.getBytes(US_ASCII))
                    .putInt(bytes)
                    .array();
        }
    }

    /** Whether a file begins as an animated WebP does. */
    static boolean recognises(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            if (file.size() < RECOGNISABLE_BYTES) {
                return false;
            }
            ByteBuffer head = little(readAt(file, 0, RECOGNISABLE_BYTES));
            return name(head, 0).equals("RIFF")
                    && name(head, 8).equals("WEBP")
                    && name(head, 12).equals("VP8X")
                    && (head.get(20) & ANIMATED) != 0;
        }
    }

    /** Reads the heads of all chunks; stops at the first that the file does not hold whole. */
    static WebpAnimation parse(FileChannel file) throws IOException {
        ByteBuffer canvas = little(readAt(file, 24, 6));
        int width = 1 + int24(canvas, 0);
        int height = 1 + int24(canvas, 3);
        List<Entry> frames = new ArrayList<>();
        long position = 12;
        while (position + CHUNK_HEAD_BYTES + FRAME_HEAD_BYTES <= file.size()) {
            ByteBuffer head = little(readAt(file, position, CHUNK_HEAD_BYTES + FRAME_HEAD_BYTES));
            long bytes = head.getInt(4) & 0xffff_ffffL;
            long end = position + CHUNK_HEAD_BYTES + bytes;
            if (name(head, 0).equals("ANMF")
                    && bytes > FRAME_HEAD_BYTES
                    && end <= file.size()
                    && bytes <= Integer.MAX_VALUE) {
                Entry entry =
                        entry(head, position + head.capacity(), (int) bytes - FRAME_HEAD_BYTES);
                if (entry.x + entry.width <= width && entry.y + entry.height <= height) {
                    frames.add(entry);
                }
            }
            // Chunks begin at even places.
            position = end + (bytes & 1);
        }
        return new WebpAnimation(width, height, List.copyOf(frames));
    }

    private static Entry entry(ByteBuffer head, long position, int bytes) {
        int at = CHUNK_HEAD_BYTES;
        int flags = head.get(at + 15);
        return new Entry(
                position,
                bytes,
                2 * int24(head, at),
                2 * int24(head, at + 3),
                1 + int24(head, at + 6),
                1 + int24(head, at + 9),
                1000L * Math.max(1, int24(head, at + 12)),
                (flags & 2) == 0,
                (flags & 1) != 0);
    }

    private static byte[] readAt(FileChannel file, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ends too soon");
            }
        }
        return buffer.array();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String name(ByteBuffer bytes, int at) {
        byte[] name = new byte[4];
        bytes.get(at, name);
        return new String(name, US_ASCII);
    }

    private static int int24(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xff)
                | (bytes.get(at + 1) & 0xff) << 8
                | (bytes.get(at + 2) & 0xff) << 16;
    }
}
