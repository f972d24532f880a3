package dev.zoetrope.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.app.models.InstalledModel;
import dev.zoetrope.runtime.checkpoint.CheckpointStore;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Models come and go, and say what they are. */
@NeedsFontLibraries
final class ModelsPageTest {
    @TempDir Path home;

    private final FakeRuntime runtime = new FakeRuntime(new PaperScene(96, 54, 12, 8));
    @AutoClose private Studio studio;

    @BeforeEach
    void open() throws Exception {
        studio = Studio.open(home, runtime);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        studio.await("they are listed", () -> !names().isEmpty());
    }

    private List<String> names() {
        return studio.composition.models().models().stream().map(InstalledModel::name).toList();
    }

    private void drop(Path place) {
        Studio.fx(() -> {
            Node page = studio.scene().getRoot().lookup(".models-page");
            var content = Drops.files(List.of(place.toFile()));
            Drops.send(DragEvent.DRAG_OVER, page, content);
            Drops.send(DragEvent.DRAG_DROPPED, page, content);
            return true;
        });
    }

    /** The folder of a codec that somebody has, which is that of the starter. */
    private Path codec() throws IOException {
        Path folder = Files.createDirectories(home.resolve("My codec"));
        Path starter = new CheckpointStore(studio.folders.models()).find("starter-codec");
        try (Stream<Path> files = Files.list(starter)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    private static Path safetensors(Path file, String header) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
        return file;
    }

    @Test
    void whatCameWithZoetropeSaysWhatItIsAndCannotBeRemoved() {
        assertEquals(List.of("starter-codec", "starter", "all-minilm-l6-v2", "paper"), names());
        assertTrue(studio.shows("Compresses clips and rebuilds them."));
        assertTrue(studio.shows("Reads prompts"));
        assertTrue(studio.shows("Apache-2.0"));
        assertTrue(studio.shows("13 MB"));
        assertTrue(studio.shows("Came with Zoetrope"));
        assertTrue(studio.shows("Makes clips from prompts of up to"));
        assertTrue(studio.shows("LatteT2V · "));
        assertTrue(studio.shows("Fits: takes up to "));
        assertEquals(1, buttons("Remove"), "paper did not come with it");
    }

    private int buttons(String text) {
        return studio.robot
                .lookup((Node node) ->
                        node instanceof Button button && button.getText().equals(text))
                .queryAll()
                .size();
    }

    @Test
    void whatCameWithZoetropeStaysPackedUntilItIsUsed() throws Exception {
        assertTrue(
                folders().stream()
                        .allMatch(name -> name.equals("paper") || name.endsWith(".outline")),
                folders().toString());
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> models = Files.list(studio.folders.models())) {
            return models.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aDroppedFolderIsImportedAndCanBeRemovedAgain() throws Exception {
        drop(codec());
        studio.await("it is imported", () -> studio.shows("My-codec is imported"));
        studio.await("it is listed", () -> names().contains("My-codec"));
        assertTrue(Files.exists(studio.folders.models().resolve("My-codec/config.json")));

        studio.click("Remove My-codec");
        assertTrue(names().contains("My-codec"));
        studio.click("Keep");
        studio.click("Remove My-codec");
        studio.click("Delete 13 MB from the disk");
        studio.await("it is gone", () -> !names().contains("My-codec"));
        assertFalse(Files.exists(studio.folders.models().resolve("My-codec")));
        assertFalse(studio.shows("My-codec is imported"));
    }

    @Test
    void aModelSaysWhetherItFitsThisMachine() throws Exception {
        runtime.memory.put("small", 1e9);
        runtime.memory.put("large", 5e12);
        for (String name : List.of("small", "large")) {
            Path folder = Files.createDirectories(studio.folders.models().resolve(name));
            runtime.generators.put(folder, SettingsScreensTest.generator(folder));
        }
        Studio.fx(() -> {
            studio.composition.models().list();
            return true;
        });
        studio.await("they are listed", () -> names().contains("large"));
        assertTrue(studio.shows("Fits: takes up to 1.0 GB of "));
        assertTrue(studio.shows("Does not fit: takes up to 5000.0 GB"));
        assertTrue(studio.shows("Makes clips from prompts of up to 64 tokens"));
        assertTrue(studio.shows("192 × 128, 32 frames, 12 fps"));
    }

    @Test
    void whatIsImportedCanBeUsedAtOnce() throws Exception {
        runtime.codecs.add("My-codec");
        drop(codec());
        studio.await(
                "the other page offers it", () -> studio.model().codecs().contains("My-codec"));
        assertEquals(Optional.of("starter"), studio.model().codecProperty().get());
    }

    @Test
    void aFileIsImportedByTheButton() throws Exception {
        Path weights = codec().resolve("diffusion_pytorch_model.safetensors");
        studio.dialogs.weights = Optional.of(weights);
        studio.click("Import a f_ile…");
        studio.await("it is listed", () -> names().contains("diffusion_pytorch_model"));
    }

    @Test
    void weightsOfNoKnownModelAreRefusedAndNothingIsCopied() throws Exception {
        drop(
                safetensors(
                        home.resolve("mystery.safetensors"),
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"));
        studio.await("it is refused", () -> studio.shows("Model cannot be used"));
        assertEquals(4, names().size());
        try (Stream<Path> entries = Files.list(studio.folders.models())) {
            assertTrue(entries.noneMatch(entry -> entry.toString().contains("mystery")));
        }
    }

    @Test
    void aFileThatIsCutOffIsRefused() throws Exception {
        drop(Files.writeString(home.resolve("half.safetensors"), "half"));
        studio.await("it is refused", () -> studio.shows("Model cannot be used"));
        assertTrue(studio.shows("half.safetensors"));
    }

    @Test
    void aModelThatIsDamagedOnTheDiskSaysSoAmongTheOthers() throws Exception {
        Path folder = Files.createDirectories(studio.folders.models().resolve("broken"));
        Files.writeString(folder.resolve("weights.safetensors"), "not weights");
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
        studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
        studio.await("it is listed", () -> names().contains("broken"));
        assertTrue(studio.shows("Model cannot be used"));
        assertTrue(studio.shows("Compresses clips and rebuilds them."));
    }

    @Test
    void everyControlCanBeReachedWithTabAndHasAName() throws Exception {
        drop(codec());
        studio.await("it is listed", () -> names().contains("My-codec"));
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            studio.robot.push(KeyCode.TAB);
            reached.add(Studio.fx(() -> Studio.name(studio.scene().getFocusOwner())));
        }
        assertTrue(
                reached.containsAll(
                        List.of(
                                "Models",
                                "Import _a folder…",
                                "Import a f_ile…",
                                "Sh_ow folder",
                                "Remove My-codec")),
                reached.toString());
        assertTrue(reached.stream().noneMatch(name -> name.contains("@")), reached.toString());
    }
}
