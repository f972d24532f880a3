package dev.zoetrope.runtime.checkpoint;

import dev.zoetrope.runtime.files.FolderLock;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.problem.Impossible;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.weights.WeightFile;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The installed models: those that came with Zoetrope, and the folders the user put beside them.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** What bundled models call files of weights. */
    private static final Pattern WEIGHTS = Pattern.compile(".*\\.(safetensors|onnx)");

    private static final Pattern OUTLINE = Pattern.compile("\\.(.+)-[0-9a-f]{12}\\.outline");

    /** Letters of a name, so that a number still goes behind it. */
    private static final int LONGEST = 90;

    /** Copied between two looks at the flag that stops it. */
    private static final long PORTION = 8L << 20;

    private final Path folder;
    private final List<BundledModel> bundled;

    /**
     * @param folder one folder per model, named after it; need not exist
     */
    public CheckpointStore(Path folder) {
        this(
                folder,
                ServiceLoader.load(BundledModel.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    CheckpointStore(Path folder, List<BundledModel> bundled) {
        this.folder = folder;
        this.bundled = List.copyOf(bundled);
    }

    /** Names of all models, the bundled ones first. */
    public List<String> names() {
        List<String> names = new ArrayList<>(bundled.stream().map(BundledModel::name).toList());
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                entries.filter(Files::isDirectory)
                        .map(entry -> entry.getFileName().toString())
                        .filter(name -> !name.startsWith(".") && !names.contains(name))
                        .sorted()
                        .forEach(names::add);
            } catch (IOException e) {
                throw inaccessible(folder, e);
            }
        }
        return names;
    }

    /**
     * Where a model is.
     *
     * @param nameOrPath a name of {@link #names}, or a path
     * @throws dev.zoetrope.runtime.problem.ProblemException when there is neither
     */
    public Path find(String nameOrPath) {
        Optional<BundledModel> own = bundled(nameOrPath);
        if (own.isPresent()) {
            return unpacked(own.get());
        }
        Path installed = folder.resolve(nameOrPath);
        if (Files.isDirectory(installed)) {
            return installed;
        }
        Path path = Path.of(nameOrPath);
        if (Files.exists(path)) {
            return path;
        }
        throw new Impossible.ModelUnknown(nameOrPath, names()).asException();
    }

    /**
     * A folder by which to tell what a model of {@link #names} is and takes: its own, or for one
     * that came with Zoetrope and was not used so far one that lacks the numbers of its weights.
     * What such folders are of no use any more goes with the next that is asked for.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException as {@link #find}
     */
    public Path outline(String name) {
        Optional<BundledModel> own = bundled(name);
        if (own.isEmpty()) {
            return find(name);
        }
        Path whole = unpackedPlace(own.get());
        boolean packed = !Files.isDirectory(whole);
        Path outline = whole.resolveSibling(whole.getFileName() + ".outline");
        // Not when it is unpacked: somebody may just be reading what this returned before.
        forgetOutlines(own.get(), packed ? Optional.of(outline) : Optional.empty());
        return packed ? written(own.get(), outline, CheckpointStore::outline) : whole;
    }

    /** Those of a model, but for the one that is of use, and those of models that came before. */
    private void forgetOutlines(BundledModel model, Optional<Path> used) {
        try {
            List<Path> others =
                    entries(OUTLINE).stream()
                            .filter(outline -> !used.equals(Optional.of(outline)))
                            .filter(outline -> isOf(model, outline))
                            .toList();
            if (others.isEmpty()) {
                return;
            }
            try (var _ = FolderLock.take(folder)) {
                Path away = unfinished(model);
                try {
                    for (Path outline : others) {
                        // One step, so that no half of an outline is ever taken for one.
                        Files.move(outline, away.resolve(outline.getFileName()));
                    }
                } finally {
                    delete(away);
                }
            }
        } catch (IOException e) {
            LOG.warn("outlines in {} could not be deleted", folder, e);
        }
    }

    /** Whether an outline is one of this model, or of none that there is. */
    private boolean isOf(BundledModel model, Path outline) {
        Matcher name = OUTLINE.matcher(outline.getFileName().toString());
        return name.matches()
                && (name.group(1).equals(model.name()) || bundled(name.group(1)).isEmpty());
    }

    /** What a model that came with Zoetrope is for; empty for all others. */
    public Optional<BundledModel.Kind> kind(String name) {
        return bundled(name).map(BundledModel::kind);
    }

    /** What people may do with a model that came with Zoetrope; empty for all others. */
    public Optional<String> licence(String name) {
        return bundled(name).map(BundledModel::licence);
    }

    /**
     * Of a model on the disk, unpacked or not.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it cannot be read
     */
    public long bytes(String name) {
        Optional<BundledModel> own = bundled(name);
        if (own.isPresent()) {
            return bytes(own.get());
        }
        Path place = find(name);
        try (Stream<Path> entries = Files.walk(place)) {
            long bytes = 0;
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException e) {
            throw inaccessible(place, e);
        }
    }

    private long bytes(BundledModel model) {
        try {
            long bytes = 0;
            for (URL file : model.files().values()) {
                bytes += bytes(file);
            }
            return bytes;
        } catch (IOException e) {
            throw inaccessible(folder, e);
        }
    }

    private static long bytes(URL file) throws IOException {
        URLConnection connection = uncached(file);
        if (connection instanceof JarURLConnection inJar) {
            try (JarFile jar = inJar.getJarFile()) {
                return jar.getJarEntry(inJar.getEntryName()).getSize();
            }
        }
        try (InputStream _ = connection.getInputStream()) {
            return connection.getContentLengthLong();
        }
    }

    private Optional<BundledModel> bundled(String name) {
        return bundled.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /** How far a copy is. */
    @FunctionalInterface
    public interface Progress {
        /** So many of all bytes are copied, from 0 to 1. */
        void at(double fraction);
    }

    /** A name that a model can be installed by, after its file or folder. */
    public String freeName(Path place) {
        String stem = stem(place).replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+", "");
        String name =
                stem.isEmpty() ? "model" : stem.substring(0, Math.min(LONGEST, stem.length()));
        List<String> taken = names();
        String free = name;
        for (int i = 2; taken.contains(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    /** What a file or folder is called, without a file's extension. */
    public static String stem(Path place) {
        String name = String.valueOf(place.toAbsolutePath().normalize().getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 && !Files.isDirectory(place) ? name.substring(0, dot) : name;
    }

    /**
     * Copies a model into the user's models; it appears there when it is whole.
     *
     * @param name letters, digits, {@code -}, {@code _} and {@code .}, not at the start
     * @param model all that belongs to it
     * @param stop leaves nothing of the copy when it is asked for
     * @return the model's folder
     * @throws dev.zoetrope.runtime.problem.ProblemException for a name that is taken or no name,
     *     for a model that Zoetrope does not know, and when the copy fails
     */
    public Path install(String name, Inspection model, Progress progress, Cancellation stop) {
        for (Inspection.Part part : model.parts()) {
            if (part.role() == Inspection.Role.UNKNOWN) {
                throw new Problem.CheckpointUnknown(part.file(), part.architecture()).asException();
            }
        }
        Path place = model.place();
        Path root = Files.isDirectory(place) ? place : place.resolveSibling("");
        return install(name, root, model.files(), progress, stop);
    }

    /**
     * Copies a model into the user's models; it appears there when it is whole.
     *
     * @param name letters, digits, {@code -}, {@code _} and {@code .}, not at the start
     * @param root folder that the files' places are relative to
     * @param files of the model, each inside {@code root}
     * @return the model's folder
     * @throws dev.zoetrope.runtime.problem.ProblemException for a name that is taken or no name,
     *     and when the copy fails
     */
    Path install(
            String name, Path root, Collection<Path> files, Progress progress, Cancellation stop) {
        if (!NAME.matcher(name).matches()) {
            throw new Impossible.ModelNameUnusable(name).asException();
        }
        if (names().contains(name)) {
            throw new Impossible.ModelNameTaken(name).asException();
        }
        Path target = folder.resolve(name);
        Path part = folder.resolve("." + name + ".part");
        try {
            delete(part);
            Files.createDirectories(part);
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            long copied = 0;
            for (Path file : files) {
                Path to = part.resolve(root.relativize(file).normalize());
                if (!to.startsWith(part)) {
                    throw new IllegalArgumentException(file + " is not in " + root);
                }
                Files.createDirectories(to.getParent());
                try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                        FileChannel out =
                                FileChannel.open(
                                        to,
                                        StandardOpenOption.CREATE_NEW,
                                        StandardOpenOption.WRITE)) {
                    for (long at = 0; at < in.size(); ) {
                        stop.check();
                        long more = in.transferTo(at, PORTION, out);
                        at += more;
                        copied += more;
                        progress.at((double) copied / bytes);
                    }
                }
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return target;
        } catch (IOException e) {
            throw inaccessible(target, e);
        } finally {
            deleteIfPossible(part);
        }
    }

    /**
     * Deletes a model of the user's.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException for a model that came with Zoetrope and
     *     for a name that is none
     */
    public void remove(String name) {
        if (kind(name).isPresent()) {
            throw new Impossible.ModelBundled(name).asException();
        }
        if (!names().contains(name)) {
            throw new Impossible.ModelUnknown(name, names()).asException();
        }
        Path removed = folder.resolve("." + name + ".removed");
        try {
            delete(removed);
            // One step, so that no half of a model is ever seen under its name.
            Files.move(folder.resolve(name), removed, StandardCopyOption.ATOMIC_MOVE);
            delete(removed);
        } catch (IOException e) {
            throw inaccessible(folder.resolve(name), e);
        }
    }

    /** Named by content, so that updates differ. */
    private Path unpacked(BundledModel model) {
        return written(model, unpackedPlace(model), CheckpointStore::copy);
    }

    /** How one file of a bundled model is written. */
    @FunctionalInterface
    private interface Writing {
        void write(URL file, Path to) throws IOException;
    }

    /** Writes a bundled model's files where they are not there yet. */
    private Path written(BundledModel model, Path target, Writing writing) {
        if (Files.isDirectory(target)) {
            return target;
        }
        try (var _ = FolderLock.take(folder)) {
            // Another may have been quicker; its copy is as good.
            if (!Files.isDirectory(target)) {
                forgetUnfinished(model);
                write(model, target, writing);
            }
            return target;
        } catch (IOException e) {
            throw inaccessible(folder, e);
        }
    }

    private void write(BundledModel model, Path target, Writing writing) throws IOException {
        Path part = unfinished(model);
        try {
            for (Map.Entry<String, URL> file : model.files().entrySet()) {
                Path to = part.resolve(file.getKey());
                Files.createDirectories(to.getParent());
                writing.write(file.getValue(), to);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(part);
        }
    }

    private Path unfinished(BundledModel model) throws IOException {
        return Files.createTempDirectory(folder, "." + model.name());
    }

    /** What processes have left that ended while they wrote; whoever still writes has the lock. */
    private void forgetUnfinished(BundledModel model) throws IOException {
        Pattern name = Pattern.compile(Pattern.quote("." + model.name()) + "\\d+");
        entries(name).forEach(CheckpointStore::deleteIfPossible);
    }

    private List<Path> entries(Pattern name) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> name.matcher(entry.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static void copy(URL file, Path to) throws IOException {
        try (InputStream in = uncached(file).getInputStream()) {
            Files.copy(in, to);
        }
    }

    private static void outline(URL file, Path to) throws IOException {
        if (!WEIGHTS.matcher(to.toString()).matches()) {
            copy(file, to);
            return;
        }
        try (InputStream in = uncached(file).getInputStream()) {
            WeightFile.outline(in, bytes(file), to);
        }
    }

    private Path unpackedPlace(BundledModel model) {
        try {
            return folder.resolve("." + model.name() + "-" + digest(model));
        } catch (IOException e) {
            throw inaccessible(folder, e);
        }
    }

    private static String digest(BundledModel model) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Map.Entry<String, URL> file : new TreeMap<>(model.files()).entrySet()) {
                digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
                digest.update(content(file.getValue()));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What changes with a file: its bytes, or what its jar has noted of them. */
    private static byte[] content(URL file) throws IOException {
        URLConnection connection = uncached(file);
        if (connection instanceof JarURLConnection inJar) {
            try (JarFile jar = inJar.getJarFile()) {
                JarEntry entry = jar.getJarEntry(inJar.getEntryName());
                return ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(entry.getCrc())
                        .putLong(entry.getSize())
                        .array();
            }
        }
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    /** Without the cache a jar is closed when it has been read. */
    private static URLConnection uncached(URL file) throws IOException {
        URLConnection connection = file.openConnection();
        connection.setUseCaches(false);
        return connection;
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(root)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    /** Clears up where there is an outcome of something else to report. */
    private static void deleteIfPossible(Path root) {
        try {
            delete(root);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted", root, e);
        }
    }

    private static RuntimeException inaccessible(Path place, IOException e) {
        return new Problem.FileInaccessible(place, String.valueOf(e.getMessage())).asException(e);
    }
}
