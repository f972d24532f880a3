package dev.zoetrope.runtime.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Tags in PNG's international text chunks (iTXt), which hold any script; FFmpeg writes no text and
 * reads the Latin-1 kind only.
 */
final class PngText {
    private static final int SIGNATURE_BYTES = 8;

    /** Length, type and checksum around a chunk's data. */
    private static final int CHUNK_FRAME_BYTES = 12;

    /** The signature and the head chunk (IHDR), which must come first. */
    private static final int HEAD_BYTES = SIGNATURE_BYTES + CHUNK_FRAME_BYTES + 13;

    private PngText() {}

    /** The same picture with these tags. */
    static byte[] insert(byte[] png, Map<String, String> tags) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(png.length);
        out.write(png, 0, HEAD_BYTES);
        tags.forEach((key, value) -> out.writeBytes(chunk(key, value)));
        out.write(png, HEAD_BYTES, png.length - HEAD_BYTES);
        return out.toByteArray();
    }

    /**
     * An uncompressed iTXt chunk: key, 0, 0 (plain), 0, no language, 0, no translation, 0, text.
     */
    private static byte[] chunk(String key, String value) {
        byte[] keyBytes = key.getBytes(ISO_8859_1);
        byte[] text = value.getBytes(UTF_8);
        int length = keyBytes.length + 5 + text.length;
        ByteBuffer chunk = ByteBuffer.allocate(length + CHUNK_FRAME_BYTES);
        chunk.putInt(length).put("iTXt".getBytes(ISO_8859_1)).put(keyBytes).put(new byte[5]);
        chunk.put(text);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, chunk.position() - 4);
        return chunk.putInt((int) checksum.getValue()).array();
    }
}
