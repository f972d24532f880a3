package dev.zoetrope.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.files.FolderLock;
import dev.zoetrope.runtime.job.Cancellation;
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
import java.util.Optional;
import java.util.OptionalInt;

/** What a machine needs to compute on its GPU, and what becomes of it. */
@Timeout(60)
final class GpuLibrariesTest {
    private static final Gpu FIT = gpu(90, "550.54.15");

    @TempDir Path temp;

    private Repository repository;

    @BeforeEach
    void serve() throws IOException {
        repository = new Repository();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private static Gpu gpu(int capability, String driver) {
        return new Gpu("NVIDIA Example", 8L << 30, OptionalInt.of(capability), driver);
    }

    private GpuLibraries with(Optional<Gpu> gpu) {
        return new GpuLibraries(
                temp.resolve("gpu"), Optional.of(repository.list()), () -> gpu, Optional.empty());
    }

    private Impossible hindrance(Gpu gpu) {
        return assertInstanceOf(GpuState.Hindered.class, with(Optional.of(gpu)).state()).why();
    }

    private void bring(GpuLibraries libraries) {
        libraries.bring(repository.address(), _ -> {}, new Cancellation());
    }

    @Test
    void theyAreMissingUntilTheyWereBrought() {
        GpuLibraries libraries = with(Optional.of(FIT));
        assertEquals(
                new GpuState.Missing(FIT, repository.list().packed(), 0, repository.list().bytes()),
                libraries.state());

        bring(libraries);

        var ready = assertInstanceOf(GpuState.Ready.class, libraries.state());
        assertTrue(Files.exists(ready.folder().resolve("libfirst.so")));
        assertEquals(Optional.of(ready.folder()), libraries.brought());
    }

    @Test
    void djlsOwnLibraryIsBesideThem() throws IOException {
        GpuLibraries libraries = with(Optional.of(FIT));
        bring(libraries);

        String own = DjlLibrary.versions().replaceFirst("^[^-]+-", "");
        Path library = libraries.brought().orElseThrow().resolve(own + "-libdjl_torch.so");
        assertTrue(Files.size(library) > 1 << 20);
    }

    @Test
    void theRuntimeIsFoundByTheNameThatDjlAsksFor() throws IOException {
        GpuLibraries libraries = with(Optional.of(FIT));
        bring(libraries);

        Path folder = libraries.brought().orElseThrow();
        assertTrue(
                Files.isSameFile(
                        folder.resolve("libcudart.so"), folder.resolve("libcudart.so.12")));
    }

    @Test
    void nothingIsBroughtTwice() {
        GpuLibraries libraries = with(Optional.of(FIT));
        bring(libraries);
        repository.ranges.clear();

        bring(libraries);

        assertTrue(repository.ranges.isEmpty());
    }

    @Test
    void aFailedDownloadLeavesNothingThatCouldBeUsed() {
        repository.damagedAt = (int) repository.list().libraries().get(1).offset();
        GpuLibraries libraries = with(Optional.of(FIT));

        var failure = assertThrows(ProblemException.class, () -> bring(libraries));

        assertInstanceOf(Problem.DownloadWrong.class, failure.problem());
        assertEquals(Optional.empty(), libraries.brought());
        long came = repository.list().libraries().getFirst().packed();
        assertEquals(
                new GpuState.Missing(
                        FIT, repository.list().packed() - came, came, repository.list().bytes()),
                libraries.state());
    }

    @Test
    void removedTheyAreMissingAgain() {
        GpuLibraries libraries = with(Optional.of(FIT));
        bring(libraries);
        assertTrue(libraries.taken() > repository.list().bytes());

        libraries.remove();

        assertInstanceOf(GpuState.Missing.class, libraries.state());
        assertEquals(0, libraries.taken());
    }

    @Test
    void thoseOfAnotherVersionGoWhenTheNextAreBrought() throws IOException {
        Path old = Files.createDirectories(temp.resolve("gpu/0123456789ab"));
        Files.writeString(old.resolve("libtorch.so"), "old");

        bring(with(Optional.of(FIT)));

        assertFalse(Files.exists(old));
    }

    @Test
    void onlyOneBringsThem() throws IOException {
        try (var _ = FolderLock.take(temp.resolve("gpu"))) {
            var refused = assertThrows(ProblemException.class, () -> bring(with(Optional.of(FIT))));
            assertEquals(new Impossible.GpuLibrariesBusy(), refused.problem());
        }
        bring(with(Optional.of(FIT)));
    }

    @Test
    void withoutAGpuThereIsNothingToBring() {
        GpuLibraries libraries = with(Optional.empty());

        assertEquals(
                new GpuState.Hindered(Optional.empty(), new Impossible.GpuNotFound()),
                libraries.state());
        var refused = assertThrows(ProblemException.class, () -> bring(libraries));
        assertEquals(new Impossible.GpuNotFound(), refused.problem());
        assertTrue(repository.ranges.isEmpty());
    }

    @Test
    void gpusThatThereIsNoCodeForAreSaidToBe() {
        assertEquals(
                new Impossible.GpuUnfit("NVIDIA Example", "12.0"), hindrance(gpu(120, "570.1")));
        assertEquals(
                new Impossible.GpuUnfit("NVIDIA Example", "10.0"), hindrance(gpu(100, "570.1")));
        assertEquals(new Impossible.GpuUnfit("NVIDIA Example", "3.7"), hindrance(gpu(37, "570.1")));
        assertInstanceOf(GpuState.Missing.class, with(Optional.of(gpu(50, "525.60.13"))).state());
    }

    @Test
    void oldDriversAreSaidToBe() {
        assertInstanceOf(Impossible.GpuDriverOld.class, hindrance(gpu(86, "525.53")));
        assertInstanceOf(
                Impossible.GpuDriverOld.class,
                hindrance(new Gpu("NVIDIA Example", 0, OptionalInt.empty(), "470.82.01")));
    }

    @Test
    void whoHasNamedALibtorchKeepsIt() {
        var libraries =
                new GpuLibraries(
                        temp,
                        Optional.of(repository.list()),
                        () -> Optional.of(FIT),
                        Optional.of("/opt/libtorch/lib"));

        assertEquals(new GpuState.Own("/opt/libtorch/lib"), libraries.state());
    }

    @Test
    void aRepositoryIsAnAddress() {
        assertEquals(
                "https://example.org/maven/",
                GpuLibraries.repository("https://example.org/maven").toString());
        for (String wrong : new String[] {"example.org", "file:///tmp/", "https://a b/c"}) {
            var refused =
                    assertThrows(ProblemException.class, () -> GpuLibraries.repository(wrong));
            assertEquals(new Impossible.RepositoryUnusable(wrong), refused.problem());
        }
    }
}
