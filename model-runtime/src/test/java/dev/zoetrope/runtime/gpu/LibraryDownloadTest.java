package dev.zoetrope.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;

import dev.zoetrope.runtime.gpu.LibraryDownload.Patience;
import dev.zoetrope.runtime.gpu.LibraryList.Library;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Libraries come whole, whatever becomes of the connection, or do not come at all. */
@Timeout(60)
final class LibraryDownloadTest {
    private static final Patience LITTLE =
            new Patience(Duration.ofSeconds(2), Duration.ofMillis(1));
    private static final long PLENTY = 1L << 40;

    @TempDir Path folder;

    private Repository repository;
    private final List<LibraryProgress> heard = new ArrayList<>();
    private final Cancellation stop = new Cancellation();

    @BeforeEach
    void serve() throws IOException {
        repository = new Repository();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private LibraryDownload download(long free) {
        return new LibraryDownload(repository.list(), folder, LITTLE, _ -> free);
    }

    private void bring() throws IOException {
        download(PLENTY).run(repository.address(), heard::add, stop);
    }

    private Problem problem() {
        return assertThrows(ProblemException.class, this::bring).problem();
    }

    private void assertWhole() throws IOException {
        for (Library library : repository.list().libraries()) {
            Path file = folder.resolve(library.name());
            assertEquals(
                    library.sha256(),
                    MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
        }
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count(), "only libraries are left");
        }
    }

    private List<String> wholeRanges() {
        return repository.list().libraries().stream().map(one -> range(one, 0)).toList();
    }

    private static String range(Library library, long have) {
        return "bytes=%d-%d"
                .formatted(library.offset() + have, library.offset() + library.packed() - 1);
    }

    private static long first(String range) {
        return Long.parseLong(range.substring("bytes=".length(), range.indexOf('-')));
    }

    @Test
    void onlyTheBytesOfTheLibrariesAreAskedFor() throws IOException {
        bring();

        assertWhole();
        assertEquals(wholeRanges(), repository.asked());
        long total = repository.list().packed();
        assertTrue(heard.stream().allMatch(now -> now.total() == total));
        assertEquals(total, heard.getLast().came());
    }

    @Test
    void aBrokenConnectionIsTakenUpAtItsByte() throws IOException {
        Library second = repository.list().libraries().get(1);
        repository.endsAfter = second.offset() + 100_000;
        Thread.ofVirtual()
                .start(() -> {
                    while (repository.asked().size() < 3) {
                        Thread.onSpinWait();
                    }
                    repository.endsAfter = Long.MAX_VALUE;
                });

        bring();

        assertWhole();
        long again = first(repository.asked().get(2)) - second.offset();
        assertTrue(again > 0 && again <= 100_000, "it goes on at " + again);
    }

    @Test
    void anotherProcessGoesOnWhereOneEnded() throws IOException {
        Library second = repository.list().libraries().get(1);
        repository.endsAfter = second.offset() + 100_000;
        assertInstanceOf(Problem.DownloadFailed.class, problem());
        long have = download(PLENTY).came() - repository.list().libraries().getFirst().packed();
        assertTrue(have > 0 && have <= 100_000, have + " bytes have come");
        repository.endsAfter = Long.MAX_VALUE;
        repository.ranges.clear();

        bring();

        assertWhole();
        assertEquals(List.of(range(second, have)), repository.asked());
    }

    @Test
    void aConnectionThatFallsSilentIsGivenUp() {
        repository.hangsAfter = repository.list().libraries().get(1).offset() + 10;
        Thread.ofVirtual()
                .start(() -> {
                    while (repository.asked().size() < 3) {
                        Thread.onSpinWait();
                    }
                    repository.hangsAfter = Long.MAX_VALUE;
                    repository.endsAfter = 0;
                });

        assertInstanceOf(Problem.DownloadFailed.class, problem());
        assertTrue(repository.asked().size() >= 3, repository.asked().toString());
    }

    @Test
    void wrongBytesAreThrownAwayAndAskedForAgain() throws IOException {
        Library second = repository.list().libraries().get(1);
        repository.damagedAt = (int) second.offset() + 50_000;

        assertEquals(
                new Problem.DownloadWrong(second.name(), repository.address().toString()),
                problem());
        assertEquals(repository.list().libraries().getFirst().packed(), download(PLENTY).came());

        repository.damagedAt = -1;
        repository.ranges.clear();
        bring();
        assertWhole();
        assertEquals(List.of(range(second, 0)), repository.asked());
    }

    @Test
    void aRefusalIsToldAtOnce() {
        repository.status = 404;

        String cause = problem().cause();

        assertTrue(cause.contains("404"), cause);
        assertEquals(1, repository.asked().size());
    }

    @Test
    void aFailingServerIsAskedAFewTimes() {
        repository.status = 503;

        assertTrue(problem().cause().contains("503"));
        assertEquals(5, repository.asked().size());
    }

    @Test
    void aJarOfAnotherLengthIsAnotherJar() {
        repository.claimedBytes = 1 << 20;

        assertInstanceOf(Problem.DownloadFailed.class, problem());
        assertEquals(1, repository.asked().size());
    }

    @Test
    void cancellingKeepsWhatCame() throws IOException {
        repository.hangsAfter = repository.list().libraries().get(1).offset() + 10;
        Thread.ofVirtual()
                .start(() -> {
                    while (repository.asked().size() < 2) {
                        Thread.onSpinWait();
                    }
                    stop.request();
                });

        assertThrows(CancelledException.class, this::bring);

        assertTrue(download(PLENTY).came() >= repository.list().libraries().getFirst().packed());
    }

    @Test
    void tooLittleDiskIsSaidBeforeAnythingIsAskedFor() {
        ProblemException said =
                assertThrows(
                        ProblemException.class,
                        () -> download(300 << 10).run(repository.address(), heard::add, stop));

        assertInstanceOf(Impossible.DiskTooSmall.class, said.problem());
        assertEquals(List.of(), repository.asked());
    }
}
