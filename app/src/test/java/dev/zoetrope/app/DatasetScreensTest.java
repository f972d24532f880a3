package dev.zoetrope.app;

import dev.zoetrope.app.settings.Language;
import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.app.train.Contents;
import dev.zoetrope.app.train.DatasetViewModel.Selection;
import dev.zoetrope.app.train.Subject;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Pictures of what there is to learn from, in both themes and both languages. */
@NeedsFontLibraries
final class DatasetScreensTest {
    private static final List<String> CAPTIONS =
            List.of(
                    "a red balloon rises over the hills in the evening",
                    "a boat",
                    "",
                    "the camera follows a cyclist through a narrow street of an old town, past open"
                            + " windows with flower boxes, until it comes to a square with a"
                            + " fountain, where it stops and looks up into the sky");

    @TempDir Path home;

    @Test
    void everyStateCanBeLookedAt() throws Exception {
        var runtime = new FakeRuntime(new PaperScene(480, 270, 24, 72));
        Path clips = clips();
        try (var studio = Studio.open(home, runtime)) {
            studio.await(
                    "there are data sets", () -> !studio.train().choices().datasets().isEmpty());
            studio.resize(1280, 800);
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
            for (Language language : List.of(Language.ENGLISH, Language.CHINESE)) {
                for (Theme theme : List.of(Theme.DARK, Theme.LIGHT)) {
                    String name =
                            "-%s-%s"
                                    .formatted(
                                            theme.name().toLowerCase(Locale.ROOT),
                                            language == Language.ENGLISH ? "en" : "zh");
                    look(studio, language, theme, 100);
                    learnFrom(studio, Subject.CODEC, "paper-theatre");
                    StudioScreensTest.capture(studio, "train-clips-made" + name);
                    learnFrom(studio, Subject.DENOISER, clips.toString());
                    StudioScreensTest.capture(studio, "train-clips" + name);
                }
            }
            look(studio, Language.ENGLISH, Theme.DARK, 150);
            learnFrom(studio, Subject.DENOISER, clips.toString());
            StudioScreensTest.capture(studio, "train-clips-150");
            look(studio, Language.ENGLISH, Theme.DARK, 100);
            select(studio, Selection.LEFT_OUT);
            StudioScreensTest.capture(studio, "train-clips-left-out");
            studio.resize(900, 600);
            select(studio, Selection.ALL);
            StudioScreensTest.capture(studio, "train-clips-narrow");
            studio.resize(1280, 800);
            Files.createDirectory(home.resolve("empty"));
            learnFrom(studio, Subject.DENOISER, home.resolve("empty").toString());
            StudioScreensTest.capture(studio, "train-clips-unusable");
        }
    }

    private Path clips() throws IOException {
        Path folder = Files.createDirectory(home.resolve("From the attic"));
        for (int i = 0; i < 22; i++) {
            int size = 240 + 16 * (i % 5);
            var scene = new PaperScene(i % 3 == 0 ? size / 4 * 2 : size * 2, size, 24, 12 + 7 * i);
            String name = "%s %02d".formatted(i % 2 == 0 ? "evening" : "old town", i);
            Clips.silent(folder.resolve(name + (i % 7 == 3 ? ".gif" : ".mp4")), scene);
            String caption = CAPTIONS.get(i % CAPTIONS.size());
            if (!caption.isEmpty()) {
                Files.writeString(folder.resolve(name + ".txt"), caption);
            }
        }
        Files.writeString(folder.resolve("a letter.mp4"), "Dear Mira,");
        Files.createFile(folder.resolve("evening of nothing.mov"));
        return folder;
    }

    private static void look(Studio studio, Language language, Theme theme, int percent) {
        studio.look(look -> look.withLanguage(language).withTheme(theme).withTextPercent(percent));
    }

    private static void learnFrom(Studio studio, Subject subject, String place) throws Exception {
        Studio.fx(() -> {
            studio.train().choices().subjectProperty().set(subject);
            studio.train().choices().useClips(Path.of(place));
            return true;
        });
        studio.await(
                "it is looked into",
                () ->
                        switch (studio.train().dataset().contentsProperty().get()) {
                            case Contents.Files files -> files.looked() == files.examples().size();
                            case Contents.MadeUp _, Contents.Unusable _ -> true;
                            case Contents.Unknown _, Contents.Reading _ -> false;
                        });
        // Their pictures come one by one.
        Thread.sleep(1500);
    }

    private static void select(Studio studio, Selection selection) throws Exception {
        Studio.fx(() -> {
            studio.train().dataset().selectionProperty().set(selection);
            return true;
        });
        Thread.sleep(500);
    }
}
