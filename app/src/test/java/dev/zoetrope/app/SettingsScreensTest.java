package dev.zoetrope.app;

import dev.zoetrope.app.settings.Language;
import dev.zoetrope.app.settings.Theme;
import dev.zoetrope.runtime.checkpoint.Inspection;
import dev.zoetrope.runtime.checkpoint.Inspection.Part;
import dev.zoetrope.runtime.checkpoint.Inspection.Role;
import dev.zoetrope.runtime.generation.ClipLengths;
import dev.zoetrope.runtime.generation.ModelAbilities;
import dev.zoetrope.runtime.generation.Prompting;

import javafx.scene.input.KeyCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Pictures of the settings and the models, in both themes and both languages. */
@NeedsFontLibraries
final class SettingsScreensTest {
    private static final PaperScene SCENE = new PaperScene(480, 270, 24, 72);

    @TempDir Path home;

    @Test
    void everyStateCanBeLookedAt() throws Exception {
        Files.createDirectories(Path.of("target", "screens"));
        var runtime = new FakeRuntime(SCENE);
        Path clip = home.resolve("evening balloon.mp4");
        try (var studio = Studio.open(home, runtime, clip)) {
            studio.resize(1280, 800);
            place(studio, runtime, "paper-theatre-s", 3.1e9);
            place(studio, runtime, "paper-theatre-xl", 61e9);
            Path broken = Files.createDirectories(studio.folders.models().resolve("unfinished"));
            Files.writeString(broken.resolve("weights.safetensors"), "not weights");
            for (Language language : List.of(Language.ENGLISH, Language.CHINESE)) {
                for (Theme theme : List.of(Theme.DARK, Theme.LIGHT)) {
                    String name =
                            "-%s-%s"
                                    .formatted(
                                            theme.name().toLowerCase(Locale.ROOT),
                                            language == Language.ENGLISH ? "en" : "zh");
                    studio.look(look -> look.withLanguage(language).withTheme(theme));
                    studio.press(KeyCode.CONTROL, KeyCode.COMMA);
                    StudioScreensTest.capture(studio, "settings" + name);
                    studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
                    studio.await(
                            "they are listed",
                            () -> studio.composition.models().models().size() == 7);
                    StudioScreensTest.capture(studio, "models" + name);
                    studio.press(KeyCode.CONTROL, KeyCode.DIGIT3);
                    StudioScreensTest.capture(studio, "train-empty" + name);
                    studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
                    StudioScreensTest.capture(studio, "empty" + name);
                }
            }
            studio.look(look -> look.withLanguage(Language.ENGLISH).withTextPercent(150));
            studio.press(KeyCode.CONTROL, KeyCode.COMMA);
            StudioScreensTest.capture(studio, "settings-150");
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
            studio.click("Remove paper-theatre-s");
            StudioScreensTest.capture(studio, "models-150");
            studio.drop(clip);
            studio.await("it is asked for", () -> !runtime.requests().isEmpty());
            runtime.finish();
            studio.await("it plays", () -> studio.playback().speed() == 1);
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            studio.press(KeyCode.K);
            StudioScreensTest.capture(studio, "done-150");
            studio.look(look -> look.withTextPercent(100));
            studio.press(KeyCode.CONTROL, KeyCode.DIGIT5);
            Path weights = Files.writeString(home.resolve("holiday.ckpt"), "a text file");
            Studio.fx(() -> {
                studio.composition.models().importFrom(weights);
                return true;
            });
            studio.await("it is refused", () -> studio.shows("Model cannot be used"));
            StudioScreensTest.capture(studio, "models-refused");
            studio.look(look -> look.withLanguage(Language.CHINESE));
            Thread failing =
                    new Thread(() -> {
                        throw new IllegalStateException("a defect");
                    });
            failing.start();
            failing.join();
            studio.await("it is told", () -> studio.shows("a defect"));
            StudioScreensTest.capture(studio, "problems-zh");
        }
    }

    private static void place(Studio studio, FakeRuntime runtime, String name, double memory)
            throws Exception {
        Path folder = Files.createDirectories(studio.folders.models().resolve(name));
        Files.write(folder.resolve("weights.safetensors"), new byte[48_000_000]);
        runtime.generators.put(folder, generator(folder));
        runtime.memory.put(name, memory);
    }

    /** A model that makes clips, as far as can be told by looking at it. */
    static Inspection generator(Path folder) {
        return new Inspection(
                folder,
                List.of(
                        part(Role.DENOISER, folder, "VideoDiT"),
                        part(Role.CODEC, folder, "VideoGPT VQ-VAE"),
                        part(Role.TEXT_ENCODER, folder, "BERT")),
                List.of(),
                Optional.of(
                        new ModelAbilities(
                                "VideoDiT",
                                "VideoGPT VQ-VAE",
                                192,
                                128,
                                32,
                                12,
                                8,
                                new ClipLengths(4, false),
                                new Prompting.ByText(64),
                                false,
                                "euler",
                                List.of("euler"),
                                30,
                                4,
                                Optional.of("Apache-2.0"))));
    }

    private static Part part(Role role, Path folder, String architecture) {
        return new Part(
                role,
                folder.resolve("weights.safetensors"),
                "safetensors",
                architecture,
                List.of(),
                List.of(),
                Map.of(),
                List.of());
    }
}
