package dev.zoetrope.installers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Fills in the lists of libraries that Zoetrope brings for a GPU: where in its jar each one lies,
 * how long it is and what it must hash to. Downloads every library once; run after the version of a
 * jar in a list was changed.
 */
public final class LibraryLists {
    private static final URI CENTRAL = URI.create("https://repo1.maven.org/maven2/");

    /** An end of central directory may have a comment as long as this behind it. */
    private static final int LONGEST_END = 22 + 65_535;

    private static final int END = 0x06054b50;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_BYTES = 46;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int DEFLATED = 8;

    private final HttpClient client = HttpClient.newHttpClient();

    private LibraryLists() {}

    /** An entry of a jar, as its central directory has it. */
    private record Entry(int method, int crc, long packed, long bytes, long header) {}

    /** A jar in the repository. */
    private record Jar(URI place, long bytes, Map<String, Entry> entries) {}

    /**
     * Needs nothing but Java: {@code java
     * installers/src/main/java/dev/zoetrope/installers/LibraryLists.java LIST...}
     *
     * @param lists files to fill in
     */
    public static void main(String[] lists) throws IOException, InterruptedException {
        for (String list : lists) {
            Path file = Path.of(list);
            Files.write(file, new LibraryLists().filled(Files.readAllLines(file)));
        }
    }

    private List<String> filled(List<String> list) throws IOException, InterruptedException {
        List<String> filled = new ArrayList<>();
        Optional<Jar> jar = Optional.empty();
        for (String line : list) {
            String[] words = line.split(" ", -1);
            if (line.isEmpty() || line.startsWith("#")) {
                filled.add(line);
            } else if (words[0].equals("jar")) {
                jar = Optional.of(open(CENTRAL.resolve(words[2])));
                filled.add("jar %d %s".formatted(jar.get().bytes(), words[2]));
            } else {
                filled.add(library(jar.orElseThrow(), words[4]));
                System.out.println(filled.getLast());
            }
        }
        return filled;
    }

    private Jar open(URI place) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = get(place, "bytes=-" + LONGEST_END);
        String range = answer.headers().firstValue("Content-Range").orElseThrow();
        long size = Long.parseLong(range.substring(range.indexOf('/') + 1));
        ByteBuffer tail = bytes(answer);
        int end = tail.limit() - 22;
        while (tail.getInt(end) != END) {
            end--;
        }
        long length = Integer.toUnsignedLong(tail.getInt(end + 12));
        long start = Integer.toUnsignedLong(tail.getInt(end + 16));
        ByteBuffer directory = bytes(get(place, range(start, length)));
        Map<String, Entry> entries = new HashMap<>();
        while (directory.hasRemaining() && directory.getInt(directory.position()) == HEADER) {
            int at = directory.position();
            int name = Short.toUnsignedInt(directory.getShort(at + 28));
            int more =
                    Short.toUnsignedInt(directory.getShort(at + 30))
                            + Short.toUnsignedInt(directory.getShort(at + 32));
            byte[] text = new byte[name];
            directory.get(at + HEADER_BYTES, text);
            String path = new String(text, StandardCharsets.UTF_8);
            entries.put(
                    path.substring(path.lastIndexOf('/') + 1),
                    new Entry(
                            directory.getShort(at + 10),
                            directory.getInt(at + 16),
                            Integer.toUnsignedLong(directory.getInt(at + 20)),
                            Integer.toUnsignedLong(directory.getInt(at + 24)),
                            Integer.toUnsignedLong(directory.getInt(at + 42))));
            directory.position(at + HEADER_BYTES + name + more);
        }
        return new Jar(place, size, entries);
    }

    private String library(Jar jar, String name) throws IOException, InterruptedException {
        Entry entry = jar.entries().get(name);
        if (entry == null || entry.method() != DEFLATED) {
            throw new IOException("no deflated " + name + " in " + jar.place());
        }
        ByteBuffer local = bytes(get(jar.place(), range(entry.header(), LOCAL_HEADER_BYTES)));
        long offset =
                entry.header()
                        + LOCAL_HEADER_BYTES
                        + Short.toUnsignedInt(local.getShort(26))
                        + Short.toUnsignedInt(local.getShort(28));
        MessageDigest digest = sha256();
        CRC32 crc = new CRC32();
        long length = 0;
        Inflater inflater = new Inflater(true);
        try (InputStream packed = get(jar.place(), range(offset, entry.packed())).body();
                InputStream library = new InflaterInputStream(packed, inflater, 1 << 16)) {
            byte[] some = new byte[1 << 16];
            for (int n = library.read(some); n >= 0; n = library.read(some)) {
                digest.update(some, 0, n);
                crc.update(some, 0, n);
                length += n;
            }
        } finally {
            inflater.end();
        }
        if (length != entry.bytes() || (int) crc.getValue() != entry.crc()) {
            throw new IOException(name + " in " + jar.place() + " came damaged");
        }
        return "%d %d %d %s %s"
                .formatted(
                        offset,
                        entry.packed(),
                        length,
                        HexFormat.of().formatHex(digest.digest()),
                        name);
    }

    private HttpResponse<InputStream> get(URI place, String range)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(place).header("Range", range).build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 206) {
            throw new IOException("%s answers %d".formatted(place, answer.statusCode()));
        }
        return answer;
    }

    private static String range(long start, long length) {
        return "bytes=%d-%d".formatted(start, start + length - 1);
    }

    private static ByteBuffer bytes(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            return ByteBuffer.wrap(body.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
