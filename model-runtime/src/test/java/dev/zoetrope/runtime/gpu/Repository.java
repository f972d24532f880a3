package dev.zoetrope.runtime.gpu;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.zoetrope.runtime.gpu.LibraryList.Library;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A Maven repository with one jar of two libraries, on this machine, that can misbehave. */
final class Repository implements AutoCloseable {
    private static final String JAR = "org/example/libraries.jar";
    private static final int SECOND_BYTES = 400_000;

    private final HttpServer server;
    private final byte[] jar;
    private final LibraryList list;

    /** What was asked for, in order. */
    final Queue<String> ranges = new ConcurrentLinkedQueue<>();

    /** Answers end after so many bytes of the jar. */
    volatile long endsAfter = Long.MAX_VALUE;

    /** Answers stop there, without an end. */
    volatile long hangsAfter = Long.MAX_VALUE;

    volatile int status = 206;
    volatile int damagedAt = -1;
    volatile long claimedBytes;

    Repository() throws IOException {
        Random random = new Random(5);
        byte[] first = new byte[1000];
        byte[] second = new byte[SECOND_BYTES];
        random.nextBytes(first);
        random.nextBytes(second);
        byte[] head = new byte[77];
        byte[] packedFirst = deflated(first);
        byte[] packedSecond = deflated(second);
        jar = Bytes.concat(head, packedFirst, head, packedSecond, head);
        claimedBytes = jar.length;
        int at = head.length;
        list =
                new LibraryList(
                        "linux-x86_64",
                        List.of(
                                library("libfirst.so", at, packedFirst, first),
                                library(
                                        "libcudart.so.12",
                                        2 * at + packedFirst.length,
                                        packedSecond,
                                        second)));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/maven/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private Library library(String name, long offset, byte[] packed, byte[] bytes) {
        return new Library(
                name,
                JAR,
                jar.length,
                offset,
                packed.length,
                bytes.length,
                Hashing.sha256().hashBytes(bytes).toString());
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        Deflater raw = new Deflater(Deflater.BEST_SPEED, true);
        try (var out = new DeflaterOutputStream(packed, raw)) {
            out.write(bytes);
        } finally {
            raw.end();
        }
        return packed.toByteArray();
    }

    LibraryList list() {
        return list;
    }

    URI address() {
        return URI.create("http://127.0.0.1:%d/maven/".formatted(server.getAddress().getPort()));
    }

    List<String> asked() {
        return new ArrayList<>(ranges);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range);
        String[] ends = range.substring("bytes=".length()).split("-", -1);
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[1]);
        if (status != 206 || !exchange.getRequestURI().getPath().equals("/maven/" + JAR)) {
            exchange.sendResponseHeaders(status == 206 ? 404 : status, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders()
                .add("Content-Range", "bytes %d-%d/%d".formatted(first, last, claimedBytes));
        exchange.sendResponseHeaders(206, last - first + 1L);
        try (var body = exchange.getResponseBody()) {
            for (int i = first; i <= last; i++) {
                if (i >= endsAfter) {
                    body.flush();
                    exchange.close();
                    return;
                }
                if (i >= hangsAfter) {
                    body.flush();
                    Thread.sleep(60_000);
                }
                body.write(i == damagedAt ? jar[i] ^ 1 : jar[i]);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
