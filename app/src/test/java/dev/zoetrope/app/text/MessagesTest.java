package dev.zoetrope.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.ui.Resources;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every language says everything, and nothing that nobody hears. */
final class MessagesTest {
    private static final ResourceBundle ENGLISH = Resources.messages(Locale.ENGLISH);
    private static final ResourceBundle CHINESE = Resources.messages(Locale.SIMPLIFIED_CHINESE);
    private static final Path BUNDLES =
            Path.of("../ui-resources/src/main/resources/dev/zoetrope/ui");
    private static final Pattern KEY = Pattern.compile("\"([a-z]+(?:\\.[a-z0-9]+)+)\"");

    /** Other texts in the sources that look like keys. */
    private static final Set<String> NO_MESSAGES =
            Set.of(
                    "os.name",
                    "user.home",
                    "settings.json",
                    "library.jsonl",
                    "stars.json",
                    "street.mp4",
                    "request.json",
                    "clip.mp4",
                    "prompts.jsonl",
                    "snippets.json");

    @Test
    void bothLanguagesHaveTheSameKeys() throws IOException {
        // Asked of the files themselves, since a bundle falls back to English.
        assertEquals(keys("messages.properties"), keys("messages_zh_CN.properties"));
    }

    @Test
    void aMessageHasTheSamePlaceholdersInBothLanguages() {
        for (String key : ENGLISH.keySet()) {
            assertEquals(
                    placeholders(ENGLISH.getString(key)),
                    placeholders(CHINESE.getString(key)),
                    key);
        }
    }

    @Test
    void everyMessageIsUsedAndEveryUsedOneExists() throws IOException {
        Set<String> used = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                KEY.matcher(Files.readString(source))
                        .results()
                        .map(result -> result.group(1))
                        .filter(key -> !NO_MESSAGES.contains(key))
                        .forEach(used::add);
            }
        }
        Set<String> there = new TreeSet<>(ENGLISH.keySet());
        // Those are found by their words.
        there.removeIf(key -> key.startsWith("phrase."));
        assertEquals(there, used);
    }

    @Test
    void mnemonicsExistInBothLanguagesOrInNeither() {
        for (String key : ENGLISH.keySet()) {
            assertEquals(
                    ENGLISH.getString(key).contains("_"),
                    CHINESE.getString(key).contains("_"),
                    key);
        }
    }

    @Test
    void placeholdersAreFilledInTheLanguagesWay() {
        assertEquals("31.42 dB", new Messages(Locale.ENGLISH).get("quality.psnr", 31.42));
        assertEquals(
                "Cancelled after 2 frames",
                new Messages(Locale.ENGLISH).get("status.cancelled", 2));
        assertEquals(
                "已取消，完成 2 帧", new Messages(Locale.SIMPLIFIED_CHINESE).get("status.cancelled", 2));
    }

    @Test
    void aLanguageWithoutTranslationGetsEnglish() {
        assertEquals("_File", new Messages(Locale.FRENCH).get("menu.file"));
    }

    private static Set<String> keys(String file) throws IOException {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(BUNDLES.resolve(file))) {
            properties.load(reader);
        }
        return new TreeSet<>(properties.stringPropertyNames());
    }

    /** Numbers of the placeholders, those inside a choice included. */
    private static Set<String> placeholders(String message) {
        assertTrue(new MessageFormat(message).toPattern().length() > 0 || message.isEmpty());
        return Pattern.compile("\\{(\\d+)")
                .matcher(message)
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
