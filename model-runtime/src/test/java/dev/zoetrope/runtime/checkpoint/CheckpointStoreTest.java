package dev.zoetrope.runtime.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.files.FolderLock;
import dev.zoetrope.runtime.job.Cancellation;
import dev.zoetrope.runtime.job.CancelledException;
import dev.zoetrope.runtime.problem.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

class CheckpointStoreTest {
    @TempDir Path temp;
    private Path folder;
    private Path jar;
    private CheckpointStore store;

    /** A model in a folder that stands for a jar. */
    private record Shipped(String name, Path root) implements BundledModel {
        @Override
        public Kind kind() {
            return Kind.CODEC;
        }

        @Override
        public String licence() {
            return "Apache-2.0";
        }

        @Override
        public Map<String, URL> files() {
            try {
                return Map.of(
                        "config.json", root.resolve("config.json").toUri().toURL(),
                        "vae/weights.bin", root.resolve("weights.bin").toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void ship() throws IOException {
        folder = temp.resolve("models");
        jar = Files.createDirectory(temp.resolve("jar"));
        Files.writeString(jar.resolve("config.json"), "{}");
        Files.writeString(jar.resolve("weights.bin"), "first");
        store = new CheckpointStore(folder, List.of(new Shipped("starter", jar)));
    }

    @Test
    void aBundledModelHasASizeBeforeItIsUnpacked() {
        assertEquals("{}first".length(), store.bytes("starter"));
        assertFalse(Files.exists(folder));
    }

    @Test
    void theOutlineOfABundledModelIsItsOwnFolderOnceThatIsThere() throws IOException {
        Path before = store.outline("starter");
        assertEquals("{}", Files.readString(before.resolve("config.json")));
        Path own = store.find("starter");
        assertNotEquals(own, before);
        assertEquals(own, store.outline("starter"));

        Files.writeString(jar.resolve("weights.bin"), "second");
        assertNotEquals(own, store.outline("starter"), "what is there is another's");
        assertEquals(2, folders());
    }

    @Test
    void anOutlineGoesOnceItsModelIsUnpackedOrGone() throws IOException {
        Path unpacked = store.outline("starter");
        store.find("starter");
        assertTrue(Files.exists(unpacked), "somebody may just be reading it");
        store.outline("starter");
        assertFalse(Files.exists(unpacked));

        Files.writeString(jar.resolve("weights.bin"), "second");
        Path second = store.outline("starter");
        Files.writeString(jar.resolve("weights.bin"), "third");
        var later = new CheckpointStore(folder, List.of(new Shipped("another", jar)));
        Path another = later.outline("another");
        assertFalse(Files.exists(second), "its model comes no more");
        Path third = store.outline("starter");
        assertEquals(third, store.outline("starter"));
        assertTrue(Files.exists(third));
        assertFalse(Files.exists(another));
    }

    @Test
    void aBundledModelIsUnpackedWholeAndOnlyOnce() throws IOException {
        Path found = store.find("starter");

        assertEquals("{}", Files.readString(found.resolve("config.json")));
        assertEquals("first", Files.readString(found.resolve("vae/weights.bin")));
        Files.writeString(found.resolve("mark"), "kept");
        assertEquals(found, store.find("starter"));
        assertTrue(Files.exists(found.resolve("mark")));
        assertEquals(1, folders());
    }

    @Test
    void whatAKilledUnpackingLeftGoesWithTheNext() throws IOException {
        Path left = folder.resolve(".starter8374655");
        Files.createDirectories(left.resolve("vae"));
        Files.writeString(left.resolve("vae/weights.bin"), "fir");
        Path others = Files.createDirectories(folder.resolve(".starter-codec8374655"));

        store.find("starter");

        assertFalse(Files.exists(left));
        assertTrue(Files.exists(others));
    }

    @Test
    void whatIsBeingUnpackedIsNotTakenForLeft() throws Exception {
        Path part = Files.createDirectories(folder.resolve(".starter8374655"));
        CompletableFuture<Path> found;
        try (var _ = FolderLock.take(folder)) {
            found = CompletableFuture.supplyAsync(() -> store.find("starter"));
            assertThrows(TimeoutException.class, () -> found.get(300, TimeUnit.MILLISECONDS));
            assertTrue(Files.exists(part));
        }
        assertTrue(Files.exists(found.get().resolve("config.json")));
        assertFalse(Files.exists(part));
    }

    @Test
    void anotherVersionOfABundledModelIsUnpackedAnew() throws IOException {
        Path first = store.find("starter");
        Files.writeString(jar.resolve("weights.bin"), "second");

        Path second = store.find("starter");

        assertEquals("second", Files.readString(second.resolve("vae/weights.bin")));
        assertEquals("first", Files.readString(first.resolve("vae/weights.bin")));
    }

    @Test
    void aModelInAJarIsUnpackedOnceForEachContent() throws IOException {
        Path archive = temp.resolve("models.jar");
        BundledModel inJar = new ShippedInJar(URI.create("jar:" + archive.toUri() + "!/weights"));
        CheckpointStore installed = new CheckpointStore(folder, List.of(inJar));

        pack(archive, "first");
        Path first = installed.find("packed");
        pack(archive, "first");
        Path again = installed.find("packed");
        pack(archive, "other");
        Path other = installed.find("packed");

        assertEquals(first, again);
        assertEquals("first", Files.readString(first.resolve("weights.bin")));
        assertEquals("other", Files.readString(other.resolve("weights.bin")));
    }

    private record ShippedInJar(URI weights) implements BundledModel {
        @Override
        public String name() {
            return "packed";
        }

        @Override
        public Kind kind() {
            return Kind.TEXT_ENCODER;
        }

        @Override
        public String licence() {
            return "Apache-2.0";
        }

        @Override
        public Map<String, URL> files() {
            try {
                return Map.of("weights.bin", weights.toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void pack(Path archive, String weights) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(archive))) {
            jar.putNextEntry(new ZipEntry("weights"));
            jar.write(weights.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void namesListBundledModelsFirstAndNothingHidden() throws IOException {
        store.find("starter");
        Files.createDirectories(folder.resolve("zebra"));
        Files.createDirectories(folder.resolve("antelope"));
        Files.writeString(folder.resolve("a-file"), "");

        assertEquals(List.of("starter", "antelope", "zebra"), store.names());
    }

    @Test
    void aNameIsFoundBeforeAPathAndAPathWithoutAName() throws IOException {
        Path installed = Files.createDirectories(folder.resolve("mine"));

        assertEquals(installed, store.find("mine"));
        assertEquals(jar, store.find(jar.toString()));
    }

    @Test
    void anUnknownNameIsAProblemThatListsTheModels() {
        ProblemException e = assertThrows(ProblemException.class, () -> store.find("nothing"));

        assertTrue(e.problem().cause().contains("nothing"), e.problem().cause());
        assertTrue(e.problem().remedy().contains("starter"), e.problem().remedy());
    }

    @Test
    void anInstalledModelIsWholeAndCanBeRemoved() throws IOException {
        Path file = jar.resolve("weights.bin");

        Path model = store.install("mine", jar, List.of(file), _ -> {}, new Cancellation());

        assertEquals("first", Files.readString(model.resolve("weights.bin")));
        assertEquals(List.of("starter", "mine"), store.names());
        store.remove("mine");
        assertEquals(List.of("starter"), store.names());
        assertEquals(0, folders());
        assertTrue(Files.exists(file));
    }

    @Test
    void aFailedInstallLeavesNothing() throws IOException {
        List<Path> files = List.of(jar.resolve("weights.bin"), jar.resolve("missing"));

        assertThrows(
                ProblemException.class,
                () -> store.install("mine", jar, files, _ -> {}, new Cancellation()));

        assertEquals(List.of("starter"), store.names());
        assertEquals(0, folders());
    }

    @Test
    void namesThatAreTakenOrLeaveTheFolderAreRefused() {
        List<Path> files = List.of(jar.resolve("weights.bin"));

        for (String name : List.of("starter", "..", ".hidden", "a/b", "")) {
            assertThrows(
                    ProblemException.class,
                    () -> store.install(name, jar, files, _ -> {}, new Cancellation()),
                    name);
        }
        assertFalse(Files.exists(folder));
    }

    @Test
    void bundledAndUnknownModelsAreNotRemoved() throws IOException {
        Files.createDirectories(folder);

        for (String name : List.of("starter", "nothing", "..", jar.toString())) {
            assertThrows(ProblemException.class, () -> store.remove(name), name);
        }
        assertTrue(Files.exists(jar.resolve("weights.bin")));
    }

    private long folders() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory).count();
        }
    }

    @Test
    void aCopyTellsHowFarItIs() throws IOException {
        Path file = Files.write(jar.resolve("own.bin"), new byte[20 << 20]);
        List<Double> told = new ArrayList<>();
        store.install("mine", jar, List.of(file), told::add, new Cancellation());
        assertEquals(List.of(0.4, 0.8, 1.0), told);
    }

    @Test
    void nothingIsLeftOfACopyThatIsGivenUp() throws IOException {
        Path file = Files.write(jar.resolve("own.bin"), new byte[20 << 20]);
        var stop = new Cancellation();
        assertThrows(
                CancelledException.class,
                () -> store.install("mine", jar, List.of(file), _ -> stop.request(), stop));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aModelIsNamedAfterItsFileUnlessThatIsTaken() throws IOException {
        assertEquals("My-Model-v1.2", store.freeName(Path.of("/tmp/My Model (v1.2.safetensors")));
        assertEquals("model", store.freeName(Path.of("/tmp/模型.ckpt")));
        Files.createDirectories(folder.resolve("cats"));
        assertEquals("cats-2", store.freeName(Path.of("/tmp/cats.ckpt")));
    }
}
