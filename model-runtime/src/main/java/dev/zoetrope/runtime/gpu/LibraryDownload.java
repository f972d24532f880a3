package dev.zoetrope.runtime.gpu;

import dev.zoetrope.runtime.gpu.LibraryList.Library;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Fills a folder with the libraries of a list. Their deflated bytes are appended to a file beside
 * each as they come, so that whoever begins again goes on at the byte; a library has its name when
 * it is whole, and has the checksum of the list.
 */
final class LibraryDownload {
    private static final String PACKED = ".packed";
    private static final String UNPACKED = ".unpacked";

    /** Connections in a row that end without having brought a byte. */
    private static final int MOST_VAIN_TRIES = 5;

    private static final int PARTIAL_CONTENT = 206;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int BUFFER = 1 << 18;
    private static final long MILLIS_BETWEEN_LOOKS = 100;

    /** What is left free for others. */
    private static final long DISK_TO_SPARE = 256L << 20;

    private final LibraryList list;
    private final Path folder;
    private final Patience patience;
    private final Disk disk;

    private volatile long lastCame;
    private long came;

    /**
     * How long to wait.
     *
     * @param silence for the next bytes
     * @param pause before the second try, twice that before the next, and so on
     */
    record Patience(Duration silence, Duration pause) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    /** Tells how many bytes are free where a folder is. */
    @FunctionalInterface
    interface Disk {
        long free(Path folder) throws IOException;
    }

    /** The server has answered, and asking again would bring the same. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    LibraryDownload(LibraryList list, Path folder) {
        this(list, folder, Patience.USUAL, place -> Files.getFileStore(place).getUsableSpace());
    }

    LibraryDownload(LibraryList list, Path folder, Patience patience, Disk disk) {
        this.list = list;
        this.folder = folder;
        this.patience = patience;
        this.disk = disk;
    }

    /** Bytes that are there. */
    long came() {
        return list.libraries().stream().mapToLong(this::came).sum();
    }

    /** Bytes to download. */
    long left() {
        return list.packed() - came();
    }

    private long came(Library library) {
        return isWhole(library)
                ? library.packed()
                : Math.min(library.packed(), packed(library).toFile().length());
    }

    private boolean isWhole(Library library) {
        return Files.exists(folder.resolve(library.name()));
    }

    private Path packed(Library library) {
        return folder.resolve(library.name() + PACKED);
    }

    /**
     * Brings what is missing.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException as {@link GpuLibraries#bring}
     * @throws dev.zoetrope.runtime.job.CancelledException when cancellation was requested
     */
    void run(URI repository, Consumer<LibraryProgress> listener, Cancellation stop)
            throws IOException {
        Files.createDirectories(folder);
        List<Library> missing =
                list.libraries().stream().filter(library -> !isWhole(library)).toList();
        demandDisk(missing);
        came = came();
        int vain = 0;
        while (true) {
            long before = came;
            try (HttpClient client = client();
                    var _ = new Watch(client, stop)) {
                for (Library library : missing) {
                    if (!isWhole(library)) {
                        fetch(library, client, repository, listener, stop);
                        listener.accept(progress(library, true));
                        unpack(library, repository, stop);
                    }
                }
                return;
            } catch (Refused e) {
                throw failed(repository, e);
            } catch (IOException e) {
                stop.check();
                vain = came > before ? 1 : vain + 1;
                if (vain == MOST_VAIN_TRIES) {
                    throw failed(repository, e);
                }
                rest(patience.pause().multipliedBy(1L << (vain - 1)), stop);
            }
        }
    }

    private void demandDisk(List<Library> missing) throws IOException {
        long libraries = missing.stream().mapToLong(Library::bytes).sum();
        // Packed bytes are deleted as soon as they are unpacked.
        long packed =
                missing.stream()
                        .max(Comparator.comparingLong(Library::packed))
                        .map(library -> library.packed() - came(library))
                        .orElse(0L);
        long needed = libraries + packed + DISK_TO_SPARE;
        long free = disk.free(folder);
        if (free < needed) {
            throw new Impossible.DiskTooSmall(folder, needed, free).asException();
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .connectTimeout(Patience.USUAL.silence())
                .followRedirects(HttpClient.Redirect.NORMAL)
                // A long answer is what the older version is good at.
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private static RuntimeException failed(URI repository, IOException e) {
        String said = e.getMessage();
        return new Problem.DownloadFailed(
                        repository.toString(), said == null ? "the connection was lost" : said)
                .asException(e);
    }

    private LibraryProgress progress(Library library, boolean unpacking) {
        return new LibraryProgress(came, list.packed(), library.name(), unpacking);
    }

    private void fetch(
            Library library,
            HttpClient client,
            URI repository,
            Consumer<LibraryProgress> listener,
            Cancellation stop)
            throws IOException {
        long have = came(library);
        if (have == library.packed()) {
            return;
        }
        listener.accept(progress(library, false));
        lastCame = System.nanoTime();
        long first = library.offset() + have;
        long last = library.offset() + library.packed() - 1;
        try (InputStream body = part(library, client, repository, first, last);
                FileChannel file = append(library)) {
            byte[] some = new byte[BUFFER];
            for (int n = body.read(some); n >= 0; n = body.read(some)) {
                lastCame = System.nanoTime();
                stop.check();
                write(file, ByteBuffer.wrap(some, 0, n), library);
                came += n;
                listener.accept(progress(library, false));
            }
        }
        if (came(library) < library.packed()) {
            throw new IOException("the connection ended early");
        }
    }

    private static InputStream part(
            Library library, HttpClient client, URI repository, long first, long last)
            throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(repository.resolve(library.jar()))
                        .header("Range", "bytes=%d-%d".formatted(first, last))
                        .build();
        HttpResponse<InputStream> answer;
        try {
            answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        if (answer.statusCode() >= FIRST_SERVER_ERROR) {
            answer.body().close();
            throw new IOException("it answers with %d".formatted(answer.statusCode()));
        }
        String range = "bytes %d-%d/%d".formatted(first, last, library.jarBytes());
        if (answer.statusCode() != PARTIAL_CONTENT
                || !range.equals(answer.headers().firstValue("Content-Range").orElse(""))) {
            answer.body().close();
            throw new Refused(
                    answer.statusCode() / 100 == 2
                            ? "it does not give the part of %s that is needed"
                                    .formatted(library.jar())
                            : "it answers with %d for %s"
                                    .formatted(answer.statusCode(), library.jar()));
        }
        return answer.body();
    }

    private FileChannel append(Library library) {
        try {
            return FileChannel.open(
                    packed(library), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(packed(library), e).asException(e);
        }
    }

    /** A full disk is no lost connection. */
    private void write(FileChannel file, ByteBuffer bytes, Library library) {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(packed(library), e).asException(e);
        }
    }

    private void unpack(Library library, URI repository, Cancellation stop) {
        Path packed = packed(library);
        Path unpacked = folder.resolve(library.name() + UNPACKED);
        try {
            String sum = unpack(packed, unpacked, stop);
            if (!sum.equals(library.sha256())) {
                Files.delete(packed);
                Files.deleteIfExists(unpacked);
                throw new Problem.DownloadWrong(library.name(), repository.toString())
                        .asException();
            }
            Files.move(unpacked, folder.resolve(library.name()), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(packed);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(unpacked, e).asException(e);
        }
    }

    /** The SHA-256 of what was packed; empty where that was nothing that can be unpacked. */
    private static String unpack(Path packed, Path unpacked, Cancellation stop) throws IOException {
        MessageDigest digest = sha256();
        Inflater inflater = new Inflater(true);
        try (InputStream in =
                        new InflaterInputStream(Files.newInputStream(packed), inflater, BUFFER);
                FileChannel file =
                        FileChannel.open(
                                unpacked,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream out = Channels.newOutputStream(file)) {
            byte[] some = new byte[BUFFER];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                stop.check();
                digest.update(some, 0, n);
                out.write(some, 0, n);
            }
            // What is renamed next has to be on the disk before it.
            file.force(true);
        } catch (ZipException | EOFException _) {
            return "";
        } finally {
            inflater.end();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void rest(Duration time, Cancellation stop) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            stop.check();
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends connections that bring nothing any more, or are not wanted any more. */
    private final class Watch implements AutoCloseable {
        private volatile boolean over;

        Watch(HttpClient client, Cancellation stop) {
            lastCame = System.nanoTime();
            Thread.ofVirtual()
                    .start(() -> {
                        while (!over && !stop.isRequested() && !isSilent()) {
                            sleep();
                        }
                        client.shutdownNow();
                    });
        }

        private boolean isSilent() {
            return System.nanoTime() - lastCame > patience.silence().toNanos();
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
