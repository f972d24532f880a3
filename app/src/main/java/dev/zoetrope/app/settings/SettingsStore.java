package dev.zoetrope.app.settings;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Streams;

import dev.zoetrope.app.settings.Settings.Look;
import dev.zoetrope.app.settings.Settings.Making;
import dev.zoetrope.app.settings.Settings.Remembered;
import dev.zoetrope.runtime.device.ComputeDevice;
import dev.zoetrope.runtime.device.Computing;
import dev.zoetrope.runtime.device.Precision;
import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The settings and the JSON file they are kept in. A change is written a moment later, off the
 * caller's thread, to a second file that then takes the place of the first. Keys that this version
 * does not know are kept as they are. A file that cannot be understood is set aside under another
 * name before anything is written.
 */
public final class SettingsStore implements AutoCloseable {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final long DELAY_MILLIS = 400;

    private final Path file;
    private final ObjectNode document;
    private final Optional<Path> setAside;
    private final Consumer<Problem> onWriteFailure;
    private final ScheduledExecutorService writer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("settings-writer").factory());
    private Settings settings;
    private Optional<ScheduledFuture<?>> write = Optional.empty();

    private SettingsStore(
            Path file,
            ObjectNode document,
            Settings settings,
            Optional<Path> setAside,
            Consumer<Problem> onWriteFailure) {
        this.file = file;
        this.document = document;
        this.settings = settings;
        this.setAside = setAside;
        this.onWriteFailure = onWriteFailure;
    }

    /**
     * Reads the settings; defaults where there are none yet.
     *
     * @param onWriteFailure hears, on the writing thread, that a change could not be saved
     * @throws dev.zoetrope.runtime.problem.ProblemException when a file is there that can neither
     *     be read nor set aside
     */
    public static SettingsStore open(Path file, Consumer<Problem> onWriteFailure) {
        try {
            if (!Files.exists(file)) {
                return fresh(file, Optional.empty(), onWriteFailure);
            }
            try {
                if (JSON.readTree(file.toFile()) instanceof ObjectNode document) {
                    return new SettingsStore(
                            file, document, decode(document), Optional.empty(), onWriteFailure);
                }
            } catch (JacksonException | IllegalArgumentException damaged) {
                // Falls to the same answer as a file that holds no object.
            }
            Path aside = freeName(file);
            Files.move(file, aside);
            return fresh(file, Optional.of(aside), onWriteFailure);
        } catch (IOException e) {
            throw new Problem.FileInaccessible(file, reason(e)).asException(e);
        }
    }

    /** Has what reads and compares settings ready before there are any. */
    public static void prepare() {
        try {
            var _ = decode(JSON.readValue("{}", ObjectNode.class)).equals(Settings.defaults());
        } catch (JacksonException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SettingsStore fresh(
            Path file, Optional<Path> setAside, Consumer<Problem> onWriteFailure) {
        return new SettingsStore(
                file, JSON.createObjectNode(), Settings.defaults(), setAside, onWriteFailure);
    }

    private static Path freeName(Path file) {
        Path aside = file.resolveSibling(file.getFileName() + ".broken");
        for (int i = 2; Files.exists(aside); i++) {
            aside = file.resolveSibling(file.getFileName() + ".broken-" + i);
        }
        return aside;
    }

    /** Where a file that could not be understood was put when these settings were opened. */
    public Optional<Path> setAside() {
        return setAside;
    }

    public synchronized Settings settings() {
        return settings;
    }

    /** Changes the settings now and the file soon. */
    public synchronized void update(UnaryOperator<Settings> change) {
        Settings changed = change.apply(settings);
        if (changed.equals(settings)) {
            return;
        }
        settings = changed;
        write.ifPresent(planned -> planned.cancel(false));
        write = Optional.of(writer.schedule(this::write, DELAY_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Writes what has not been written yet. */
    @Override
    public void close() {
        synchronized (this) {
            if (write.isPresent() && write.get().cancel(false)) {
                writer.execute(this::write);
            }
        }
        writer.close();
    }

    private void write() {
        byte[] bytes;
        synchronized (this) {
            bytes = encode(settings, document);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(part, bytes);
            try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            onWriteFailure.accept(new Problem.FileInaccessible(file, reason(e)));
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /**
     * @throws IllegalArgumentException when a value is of the wrong kind
     */
    private static Settings decode(ObjectNode document) {
        Settings usual = Settings.defaults();
        Optional<Integer> threads = value(document, "threads").map(node -> whole(node, 1, 1024));
        return new Settings(
                new Look(
                        value(document, "theme")
                                .map(node -> constant(Theme.class, node))
                                .orElse(usual.look().theme()),
                        value(document, "language")
                                .map(node -> constant(Language.class, node))
                                .orElse(usual.look().language()),
                        value(document, "textPercent")
                                .map(node -> whole(node, 100, 150))
                                .orElse(usual.look().textPercent()),
                        value(document, "reducedMotion").map(SettingsStore::yesOrNo)),
                new Making(
                        value(document, "results").map(SettingsStore::folder),
                        new Computing(
                                value(document, "device")
                                        .map(node -> constant(ComputeDevice.class, node)),
                                threads.map(OptionalInt::of).orElseGet(OptionalInt::empty)),
                        value(document, "precision").map(node -> constant(Precision.class, node)),
                        value(document, "metadata")
                                .map(SettingsStore::yesOrNo)
                                .orElse(usual.making().metadata()),
                        value(document, "calibrated")
                                .map(SettingsStore::yesOrNo)
                                .orElse(usual.making().calibrated())),
                new Remembered(
                        value(document, "lastFolder").map(SettingsStore::folder),
                        value(document, "window")
                                .map(node -> JSON.convertValue(node, WindowBounds.class)),
                        value(document, "queueShown")
                                .map(SettingsStore::yesOrNo)
                                .orElse(usual.remembered().queueShown()),
                        value(document, "calibrations")
                                .map(SettingsStore::texts)
                                .orElse(usual.remembered().calibrations())));
    }

    private static Optional<JsonNode> value(ObjectNode document, String key) {
        return Optional.ofNullable(document.get(key)).filter(node -> !node.isNull());
    }

    private static <E extends Enum<E>> E constant(Class<E> type, JsonNode node) {
        return Enum.valueOf(type, node.asText().toUpperCase(Locale.ROOT));
    }

    private static int whole(JsonNode node, int least, int most) {
        if (!node.isInt() || node.intValue() < least || node.intValue() > most) {
            throw new IllegalArgumentException(
                    node + " is not within %d to %d".formatted(least, most));
        }
        return node.intValue();
    }

    private static boolean yesOrNo(JsonNode node) {
        if (!node.isBoolean()) {
            throw new IllegalArgumentException(node + " is neither true nor false");
        }
        return node.booleanValue();
    }

    private static Set<String> texts(JsonNode node) {
        if (!node.isArray()) {
            throw new IllegalArgumentException(node + " is no list");
        }
        return Streams.stream(node).map(JsonNode::asText).collect(toImmutableSet());
    }

    private static Path folder(JsonNode node) {
        try {
            return Path.of(node.asText());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What is not chosen has no key. */
    private static void put(ObjectNode document, String key, Optional<?> value) {
        if (value.isPresent()) {
            document.set(key, JSON.valueToTree(value.get()));
        } else {
            document.remove(key);
        }
    }

    private static byte[] encode(Settings settings, ObjectNode document) {
        document.put("theme", lowerCase(settings.look().theme()));
        document.put("language", lowerCase(settings.look().language()));
        document.put("textPercent", settings.look().textPercent());
        put(document, "reducedMotion", settings.look().reducedMotion());
        put(document, "results", settings.making().results().map(Path::toString));
        put(
                document,
                "device",
                settings.making().computing().device().map(SettingsStore::lowerCase));
        OptionalInt threads = settings.making().computing().threads();
        put(
                document,
                "threads",
                threads.isPresent() ? Optional.of(threads.getAsInt()) : Optional.empty());
        put(document, "precision", settings.making().precision().map(SettingsStore::lowerCase));
        document.put("metadata", settings.making().metadata());
        document.put("calibrated", settings.making().calibrated());
        put(document, "lastFolder", settings.remembered().lastFolder().map(Path::toString));
        put(document, "window", settings.remembered().window());
        document.put("queueShown", settings.remembered().queueShown());
        document.set("calibrations", JSON.valueToTree(settings.remembered().calibrations()));
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }
}
