package dev.zoetrope.app.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.zoetrope.ui.Resources;

import javafx.scene.paint.Color;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The colours that text and marks are drawn in can be told from what is behind them (WCAG AA). */
final class ContrastTest {
    private static final double TEXT = 4.5;
    private static final double MARK = 3;
    private static final Pattern TOKEN = Pattern.compile("(-[a-z0-9-]+):\\s*([^;]+);");

    /** What text is on. */
    private static final List<String> GROUNDS =
            List.of(
                    "-color-bg-default",
                    "-color-bg-subtle",
                    "-color-bg-overlay",
                    "-zoe-rail",
                    "-zoe-stage");

    private record Pair(String ink, List<String> grounds, double least) {}

    private static final List<Pair> PAIRS =
            List.of(
                    new Pair("-color-fg-default", GROUNDS, TEXT),
                    new Pair("-color-fg-muted", GROUNDS, TEXT),
                    new Pair(
                            "-color-fg-subtle",
                            List.of("-color-bg-default", "-color-bg-subtle", "-zoe-rail"),
                            TEXT),
                    new Pair("-color-accent-fg", GROUNDS, TEXT),
                    new Pair("-color-danger-fg", GROUNDS, TEXT),
                    new Pair("-color-success-fg", List.of("-color-bg-default"), MARK),
                    new Pair("-color-fg-emphasis", List.of("-color-accent-emphasis"), TEXT),
                    new Pair("-color-fg-emphasis", List.of("-color-danger-emphasis"), TEXT));

    /** The colours of a theme, by their tokens. */
    private record Palette(Map<String, Color> colours) {
        Color of(String token) {
            Color colour = colours.get(token);
            if (colour == null) {
                throw new AssertionError("no colour " + token);
            }
            return colour;
        }
    }

    private static Palette tokens(String theme) throws IOException {
        URL sheet = theme.equals("dark") ? Resources.dark() : Resources.light();
        Map<String, Color> colours = new HashMap<>();
        try (var in = sheet.openStream()) {
            String css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            TOKEN.matcher(css)
                    .results()
                    .forEach(token ->
                            colours.put(token.group(1), Color.web(token.group(2).strip())));
        }
        return new Palette(colours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dark", "light"})
    void textCanBeReadOnEverythingThatItIsOn(String theme) throws IOException {
        Palette tokens = tokens(theme);
        for (Pair pair : PAIRS) {
            for (String ground : pair.grounds()) {
                double contrast = contrast(tokens.of(pair.ink()), tokens.of(ground));
                assertTrue(
                        contrast >= pair.least(),
                        "%s on %s: %.2f".formatted(pair.ink(), ground, contrast));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dark", "light"})
    void textCanBeReadOnWhatIsTinted(String theme) throws IOException {
        Palette tokens = tokens(theme);
        Color ground = tokens.of("-color-bg-default");
        Color problem = over(tokens.of("-color-danger-subtle"), ground);
        Color chosen = over(tokens.of("-color-accent-subtle"), tokens.of("-zoe-rail"));
        for (String ink : List.of("-color-fg-default", "-color-fg-muted", "-color-danger-fg")) {
            assertTrue(contrast(tokens.of(ink), problem) >= TEXT, ink + " on a problem");
        }
        assertTrue(contrast(tokens.of("-color-accent-fg"), chosen) >= TEXT);
        // Over a picture, the brightest at that.
        Color scrim = over(tokens.of("-zoe-scrim"), Color.WHITE);
        assertTrue(contrast(tokens.of("-zoe-on-scrim"), scrim) >= TEXT, "on the scrim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dark", "light"})
    void theRingOfTheFocusStandsOut(String theme) throws IOException {
        Palette tokens = tokens(theme);
        for (String ground : GROUNDS) {
            assertTrue(contrast(tokens.of("-color-accent-fg"), tokens.of(ground)) >= MARK, ground);
        }
    }

    /** As in WCAG's own examples. */
    @Test
    void contrastIsComputedAsTheGuidelinesSay() {
        assertEquals(21, contrast(Color.BLACK, Color.WHITE), 0.001);
        assertEquals(4.48, contrast(Color.web("#777777"), Color.WHITE), 0.005);
        assertEquals(Color.gray(0.5), over(Color.gray(0, 0.5), Color.WHITE));
    }

    private static Color over(Color tint, Color ground) {
        return ground.interpolate(
                Color.color(tint.getRed(), tint.getGreen(), tint.getBlue()), tint.getOpacity());
    }

    private static double contrast(Color one, Color other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(Color colour) {
        return 0.2126 * linear(colour.getRed())
                + 0.7152 * linear(colour.getGreen())
                + 0.0722 * linear(colour.getBlue());
    }

    private static double linear(double channel) {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }
}
