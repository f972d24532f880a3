package dev.zoetrope.runtime.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tags in a GIF's one comment, a line for each: {@code key=value}, with {@code \n} and {@code \r}
 * for line breaks and {@code \\} for a backslash in a value. FFmpeg reads the comment but writes
 * none.
 */
final class GifComment {
    private static final int EXTENSION = 0x21;
    private static final int COMMENT = 0xfe;
    private static final int TRAILER = 0x3b;
    private static final int MAX_BLOCK_BYTES = 255;

    private GifComment() {}

    /** Adds tags at the end of a finished GIF. */
    static void append(Path gif, Map<String, String> tags) throws IOException {
        if (tags.isEmpty()) {
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(gif.toFile(), "rw")) {
            // The last byte is the trailer; the comment goes before it.
            file.seek(file.length() - 1);
            file.write(EXTENSION);
            file.write(COMMENT);
            byte[] text = format(tags).getBytes(UTF_8);
            for (int at = 0; at < text.length; at += MAX_BLOCK_BYTES) {
                int block = Math.min(MAX_BLOCK_BYTES, text.length - at);
                file.write(block);
                file.write(text, at, block);
            }
            file.write(0);
            file.write(TRAILER);
        }
    }

    private static String format(Map<String, String> tags) {
        StringBuilder text = new StringBuilder();
        tags.forEach((key, value) ->
                text.append(key)
                        .append('=')
                        .append(
                                value.replace("\\", "\\\\")
                                        .replace("\n", "\\n")
                                        .replace("\r", "\\r"))
                        .append('\n'));
        return text.toString();
    }

    /** The tags of a comment, or the comment itself under {@code comment} when it holds none. */
    static Map<String, String> parse(String comment) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String line : comment.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                return Map.of("comment", comment);
            }
            tags.put(line.substring(0, equals), unescape(line.substring(equals + 1)));
        }
        return tags;
    }

    private static String unescape(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                i++;
                text.append(
                        switch (value.charAt(i)) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> value.charAt(i);
                        });
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
