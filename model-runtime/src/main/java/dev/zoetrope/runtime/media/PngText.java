package dev.zoetrope.runtime.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.Bytes;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Tags in PNG's international text chunks (iTXt), which hold any script; FFmpeg writes no text and
 * reads the Latin-1 kind only.
 */
final class PngText {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final String TEXT = "iTXt";
    private static final int TYPE_BYTES = 4;

    /** Length, type and checksum around a chunk's data. */
    private static final int CHUNK_FRAME_BYTES = 12;

    /** The signature and the head chunk (IHDR), which must come first. */
    private static final int HEAD_BYTES = SIGNATURE.length + CHUNK_FRAME_BYTES + 13;

    private PngText() {}

    /** The same picture with these tags. */
    static byte[] insert(byte[] png, Map<String, String> tags) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(png.length);
        out.write(png, 0, HEAD_BYTES);
        new TreeMap<>(tags).forEach((key, value) -> out.writeBytes(chunk(key, value)));
        out.write(png, HEAD_BYTES, png.length - HEAD_BYTES);
        return out.toByteArray();
    }

    /**
     * The tags of a picture that {@link #insert} has worked on.
     *
     * @param file any file; one that is no PNG has none
     */
    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> tags = new LinkedHashMap<>();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (!Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE)) {
                return tags;
            }
            while (true) {
                int length = in.readInt();
                String type = new String(in.readNBytes(TYPE_BYTES), ISO_8859_1);
                // Text that follows the pixels is left unread, as are lengths of damaged files.
                if (length < 0 || type.equals("IDAT") || type.equals("IEND")) {
                    return tags;
                }
                if (type.equals(TEXT)) {
                    parse(in.readNBytes(length), tags);
                } else {
                    in.skipNBytes(length);
                }
                in.readInt();
            }
        } catch (EOFException e) {
            return tags;
        }
    }

    private static void parse(byte[] chunk, Map<String, String> tags) {
        int keyEnd = Bytes.indexOf(chunk, (byte) 0);
        int plain = keyEnd + 1;
        if (keyEnd < 1 || plain + 4 > chunk.length || chunk[plain] != 0) {
            return;
        }
        // After two bytes about compression: a language and a translated key, each ended by 0.
        int start = plain + 2;
        for (int ended = 0; ended < 2 && start < chunk.length; start++) {
            ended += chunk[start] == 0 ? 1 : 0;
        }
        tags.put(
                new String(chunk, 0, keyEnd, ISO_8859_1),
                new String(chunk, start, chunk.length - start, UTF_8));
    }

    /**
     * An uncompressed iTXt chunk: key, 0, 0 (plain), 0, no language, 0, no translation, 0, text.
     */
    private static byte[] chunk(String key, String value) {
        byte[] keyBytes = key.getBytes(ISO_8859_1);
        byte[] text = value.getBytes(UTF_8);
        int length = keyBytes.length + 5 + text.length;
        ByteBuffer chunk = ByteBuffer.allocate(length + CHUNK_FRAME_BYTES);
        chunk.putInt(length).put(TEXT.getBytes(ISO_8859_1)).put(keyBytes).put(new byte[5]);
        chunk.put(text);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, chunk.position() - 4);
        return chunk.putInt((int) checksum.getValue()).array();
    }
}
