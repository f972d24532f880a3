package dev.zoetrope.runtime.gpu;

import com.google.common.base.Splitter;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.primitives.Ints;

import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.files.FolderLock;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The libraries that libtorch needs to compute on a GPU: whether they are of use here, and bringing
 * them into the user's data folder, whole or not at all.
 */
public final class GpuLibraries implements GpuSupport {
    /** Names another Maven repository to bring them from. */
    public static final String REPOSITORY = "ZOETROPE_MAVEN_REPOSITORY";

    /** The libraries are for the libtorch that DJL's native library of this name is made for. */
    static final String FLAVOR = "cu128";

    private static final String CENTRAL = "https://repo1.maven.org/maven2/";

    /** Ten times the compute capabilities that there is machine code for in the libraries. */
    private static final int LEAST_CAPABILITY = 50;

    private static final int MOST_CAPABILITY = 99;

    /** What CUDA 12 asks of a driver. */
    private static final String LEAST_DRIVER = File.separatorChar == '\\' ? "528.33" : "525.60";

    private final Path folder;
    private final Optional<LibraryList> list;
    private final Path place;
    private final Path part;
    private final Supplier<Optional<Gpu>> gpu;
    private final Optional<String> own;

    /**
     * @param folder of the libraries alone
     * @param gpu finds this machine's
     * @param own the libtorch that the user has named
     */
    GpuLibraries(
            Path folder,
            Optional<LibraryList> list,
            Supplier<Optional<Gpu>> gpu,
            Optional<String> own) {
        this.folder = folder;
        this.list = list;
        String name = list.map(LibraryList::fingerprint).orElse("none");
        place = folder.resolve(name);
        part = folder.resolve(name + ".part");
        this.gpu = gpu;
        this.own = own;
    }

    /** Of this user on this machine. */
    public static GpuLibraries of(UserFolders folders) {
        return in(folders.gpu());
    }

    static GpuLibraries in(Path folder) {
        return new GpuLibraries(folder, LibraryList.ofThisSystem(), Gpu::find, Libtorch.own());
    }

    /** Where they are brought from unless another place is named. */
    public static URI repository() {
        String named = System.getenv(REPOSITORY);
        return repository(named == null || named.isBlank() ? CENTRAL : named);
    }

    /**
     * A repository of this address.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it is none
     */
    public static URI repository(String address) {
        String whole = address.endsWith("/") ? address : address + "/";
        if (!whole.matches("https?://[^\\s/?#]+/[^\\s?#]*")) {
            throw new Impossible.RepositoryUnusable(address).asException();
        }
        return URI.create(whole);
    }

    @Override
    public GpuState state() {
        if (own.isPresent()) {
            return new GpuState.Own(own.get());
        }
        Optional<Gpu> found = gpu.get();
        Optional<Impossible> hindrance = hindrance(found);
        if (hindrance.isPresent()) {
            return new GpuState.Hindered(found, hindrance.get());
        }
        if (Files.isDirectory(place)) {
            return new GpuState.Ready(found.orElseThrow(), place);
        }
        LibraryDownload download = new LibraryDownload(list.orElseThrow(), part);
        return new GpuState.Missing(
                found.orElseThrow(), download.left(), download.came(), list.orElseThrow().bytes());
    }

    private Optional<Impossible> hindrance(Optional<Gpu> found) {
        if (list.isEmpty()) {
            return Optional.of(new Impossible.GpuLibrariesNowhere());
        }
        if (found.isEmpty()) {
            return Optional.of(new Impossible.GpuNotFound());
        }
        Gpu one = found.get();
        if (one.capability().isEmpty() || isBefore(one.driver(), LEAST_DRIVER)) {
            return Optional.of(new Impossible.GpuDriverOld(one.name(), one.driver(), LEAST_DRIVER));
        }
        int capability = one.capability().getAsInt();
        if (capability < LEAST_CAPABILITY || capability > MOST_CAPABILITY) {
            return Optional.of(
                    new Impossible.GpuUnfit(
                            one.name(), "%d.%d".formatted(capability / 10, capability % 10)));
        }
        return Optional.empty();
    }

    private static boolean isBefore(String version, String least) {
        List<Integer> these = numbers(version);
        List<Integer> those = numbers(least);
        for (int i = 0; i < those.size(); i++) {
            int mine = i < these.size() ? these.get(i) : 0;
            if (mine != those.get(i)) {
                return mine < those.get(i);
            }
        }
        return false;
    }

    private static List<Integer> numbers(String version) {
        return Splitter.on('.')
                .splitToStream(version)
                .map(Ints::tryParse)
                .map(n -> n == null ? 0 : n)
                .toList();
    }

    /** Where they are, once they have been brought, whatever there is to use them. */
    public Optional<Path> brought() {
        return Optional.of(place).filter(Files::isDirectory);
    }

    @Override
    public void bring(URI repository, Consumer<LibraryProgress> listener, Cancellation stop) {
        hindrance(gpu.get())
                .ifPresent(why -> {
                    throw why.asException();
                });
        try (var _ = lock()) {
            if (brought().isPresent()) {
                return;
            }
            forgetOthers();
            new LibraryDownload(list.orElseThrow(), part).run(repository, listener, stop);
            DjlLibrary.copy(list.orElseThrow().system(), part);
            DjlLibrary.linkRuntime(part);
            Files.move(part, place);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
    }

    private FolderLock lock() throws IOException {
        return FolderLock.tryTake(folder)
                .orElseThrow(() -> new Impossible.GpuLibrariesBusy().asException());
    }

    /** Those of another version of Zoetrope, brought or half brought. */
    private void forgetOthers() throws IOException {
        try (var all = Files.list(folder)) {
            for (Path one : all.filter(Files::isDirectory).toList()) {
                if (!one.equals(part)) {
                    MoreFiles.deleteRecursively(one, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        }
    }

    /** Bytes on the disk, of those that are there and of those that came in part. */
    public long taken() {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var all = Files.walk(folder)) {
            return all.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
    }

    @Override
    public void remove() {
        if (!Files.exists(folder)) {
            return;
        }
        try (var _ = lock()) {
            if (brought().isPresent()) {
                // Nobody must find half of them.
                Files.move(place, folder.resolve("removed.part"));
            }
            try (var all = Files.list(folder)) {
                for (Path one : all.filter(Files::isDirectory).toList()) {
                    MoreFiles.deleteRecursively(one, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(folder, e).asException(e);
        }
    }
}
