package dev.zoetrope.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

final class SettingsStoreTest {
    private static final WindowBounds BOUNDS = new WindowBounds(10, 20, 1280, 800, true);

    @TempDir Path folder;

    private final List<Problem> problems = new CopyOnWriteArrayList<>();
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("settings.json");
    }

    private SettingsStore open() {
        return SettingsStore.open(file, problems::add);
    }

    @Test
    void aFirstStartHasTheDefaultsAndWritesNothing() {
        try (var store = open()) {
            assertEquals(Settings.defaults(), store.settings());
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void whatIsChangedIsThereAtTheNextStart() {
        try (var store = open()) {
            store.update(settings -> settings.look(look -> look.withTheme(Theme.LIGHT)));
            store.update(settings -> settings.remembered(now -> now.withLastFolder(folder)));
            store.update(settings -> settings.remembered(now -> now.withWindow(BOUNDS)));
            store.update(settings -> settings.remembered(now -> now.withQueueShown(true)));
        }
        try (var store = open()) {
            assertEquals(
                    Settings.defaults()
                            .look(look -> look.withTheme(Theme.LIGHT))
                            .remembered(now ->
                                    now.withLastFolder(folder)
                                            .withWindow(BOUNDS)
                                            .withQueueShown(true)),
                    store.settings());
        }
    }

    @Test
    void everythingThatCanBeSetIsThereAtTheNextStart() {
        Settings all =
                Settings.defaults()
                        .look(look ->
                                look.withTheme(Theme.SYSTEM)
                                        .withLanguage(Language.CHINESE)
                                        .withTextPercent(125)
                                        .withReducedMotion(true))
                        .making(making ->
                                making.withResults(Optional.of(folder))
                                        .withComputing(
                                                new Computing(
                                                        Optional.of(ComputeDevice.CPU),
                                                        OptionalInt.of(2)))
                                        .withPrecision(Optional.of(Precision.BF16))
                                        .withMetadata(false));
        try (var store = open()) {
            store.update(_ -> all);
        }
        try (var store = open()) {
            assertEquals(all, store.settings());
            store.update(settings ->
                    settings.making(making ->
                            making.withResults(Optional.empty()).withComputing(Computing.BEST)));
        }
        try (var store = open()) {
            assertEquals(Optional.empty(), store.settings().making().results());
            assertEquals(Computing.BEST, store.settings().making().computing());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "nothing",
                "{\"theme\": \"purple\"}",
                "{\"window\": {\"x\": \"a\"}}",
                "{\"language\": \"klingon\"}",
                "{\"textPercent\": 900}",
                "{\"threads\": \"all\"}",
                "{\"metadata\": 1}"
            })
    void aFileThatCannotBeUnderstoodIsSetAside(String content) throws IOException {
        Files.writeString(file, content);
        try (var store = open()) {
            assertEquals(Settings.defaults(), store.settings());
            store.update(settings -> settings.look(look -> look.withTheme(Theme.LIGHT)));
        }
        assertEquals(content, Files.readString(folder.resolve("settings.json.broken")));
        assertTrue(Files.readString(file).contains("light"));
    }

    @Test
    void aSecondBrokenFileDoesNotReplaceTheFirst() throws IOException {
        for (String content : List.of("one", "two")) {
            Files.writeString(file, content);
            open().close();
        }
        assertEquals("one", Files.readString(folder.resolve("settings.json.broken")));
        assertEquals("two", Files.readString(folder.resolve("settings.json.broken-2")));
    }

    @Test
    void keysOfANewerVersionAreKept() throws IOException {
        Files.writeString(file, "{\"theme\": \"dark\", \"colour\": \"fr\"}");
        try (var store = open()) {
            store.update(settings -> settings.look(look -> look.withTheme(Theme.LIGHT)));
        }
        assertTrue(Files.readString(file).contains("\"colour\" : \"fr\""));
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsToldOf() throws IOException {
        Files.writeString(folder.resolve("taken"), "a file where a folder should be");
        file = folder.resolve("taken").resolve("settings.json");
        try (var store = open()) {
            store.update(settings -> settings.look(look -> look.withTheme(Theme.LIGHT)));
        }
        assertEquals(
                List.of(Problem.FileInaccessible.class),
                problems.stream().map(Object::getClass).toList());
    }

    @Test
    void noPartialFileIsLeft() throws IOException {
        try (var store = open()) {
            store.update(settings -> settings.look(look -> look.withTheme(Theme.LIGHT)));
        }
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }
}
